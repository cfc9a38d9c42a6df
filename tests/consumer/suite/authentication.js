/** How a client says who it is, to a server that Tokenlet's authors did not write and that checks every word of it. */
import { is, ok, refused, same } from './harness.js';
import { assertionOf, formOf, hasEd25519, recording, strongServer } from './strong.js';

const METHODS = ['basic', 'post', 'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'none'];
const SIGNED = METHODS.slice(2, -1);

export default (test, { createFetch, getToken, invalidate, clear }, env) => {
  const server = strongServer(env);

  /** A config of a client of the server, that sends through a `fetch` which keeps what it was asked. */
  async function configOf(name, changes = {}) {
    const { clients, tokenEndpoint, resources } = await server();
    return { tokenEndpoint, resource: resources.jwt, scope: 'read', retries: 0, fetch: recording(), ...clients[name], ...changes };
  }

  const refusedClient = { code: 'oauth', error: 'invalid_client', status: 401, retryable: false };

  for (const name of METHODS) {
    test(`${name}: tokens of both types, in both formats, that an API takes`, async () => {
      const { apis: [api], issuers, resources } = await server();
      for (const [format, resource] of Object.entries(resources)) {
        for (const [type, dpop] of [['Bearer', undefined], ['DPoP', true]]) {
          const config = await configOf(name, { resource, dpop });
          if (name === 'EdDSA' && !(await hasEd25519())) {
            await refused(() => getToken('oauth2', config), { code: 'unsupported', names: 'privateKey' });
            continue;
          }
          const token = await getToken('oauth2', config);
          same({ ...token.headers }, { Authorization: `${type} ${token.accessToken}` }, 'headers');
          same([token.tokenType, token.scope], [type, 'read'], 'type and scope');
          const call = createFetch('oauth2', config, { origins: [api] });
          const { claims, proof } = await (await call(`${api}/things?of=${format}`)).json();
          const expected = { client_id: config.clientId, aud: resource, iss: issuers.all, scope: 'read', format };
          for (const [claim, value] of Object.entries(expected)) is(claims[claim], value, claim);
          same([typeof claims.cnf?.jkt, typeof proof?.ath], dpop ? ['string', 'string'] : ['undefined', 'undefined'], 'binding');
          is(await getToken('oauth2', config), token, 'the token of a later call');
        }
      }
    });
  }

  test('an assertion says no more than RFC 7523 asks for, and stands for the secret', async () => {
    for (const name of SIGNED.filter((algorithm) => algorithm !== 'EdDSA')) {
      const config = await configOf(name);
      const before = Math.floor(Date.now() / 1_000);
      await getToken('oauth2', config);
      const { header, claims } = assertionOf(config.fetch.asked[0]);
      const { iat, exp, jti, ...rest } = claims;
      same(rest, { iss: config.clientId, sub: config.clientId, aud: config.tokenEndpoint }, 'claims');
      ok(iat >= before && iat <= Date.now() / 1_000, `iat to be now, got ${iat}`);
      same([exp - iat, typeof jti], [300, 'string'], 'lifetime, and the type of jti');
      same([header.alg, header.typ], [name, 'JWT'], 'header');
      const form = formOf(config.fetch.asked[0]);
      same([...form.keys()].sort(), ['client_assertion', 'client_assertion_type', 'client_id', 'grant_type', 'resource', 'scope'], 'form');
      is(form.get('client_assertion_type'), 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', 'client_assertion_type');
      is(config.fetch.asked[0].headers.authorization, undefined, 'Authorization');
    }
  });

  test('the header names the key that a config or a JWK names', async () => {
    const { clients } = await server();
    const kidOf = async (name, changes) => {
      const config = await configOf(name, changes);
      await getToken('oauth2', config);
      return assertionOf(config.fetch.asked[0]).header.kid;
    };
    is(await kidOf('ES256'), clients.ES256.keyId, 'the kid of keyId');
    is(await kidOf('ES384'), clients.ES384.privateKey.kid, 'the kid of a JWK');
    is(await kidOf('RS256'), undefined, 'the kid where nobody gave one');
    // This server looks for a key of that name among the registered ones.
    await refused(async () => getToken('oauth2', await configOf('ES256', { keyId: 'another' })), refusedClient);
  });

  test('what the client is not registered for is refused, in one request', async () => {
    const { clients } = await server();
    const wrong = {
      'another secret': ['HS256', { clientSecret: 'another secret, and one that is long enough' }],
      'another algorithm': ['HS256', { algorithm: 'HS384' }],
      'another algorithm of the same key': ['RS256', { algorithm: 'RS384' }],
      'another key': ['ES256', { privateKey: { ...clients.ES384.privateKey, kid: clients.ES256.keyId } }],
      'another audience': ['ES256', { assertionAudience: 'https://elsewhere.example/token' }],
      'another method': ['HS256', { clientAuth: 'client_secret_post' }],
      'no method': ['ES256', { clientAuth: 'none', privateKey: undefined, keyId: undefined }],
    };
    for (const [what, [name, changes]] of Object.entries(wrong)) {
      const config = await configOf(name, { ...changes, retries: 2 });
      const error = await refused(() => getToken('oauth2', config), refusedClient);
      is(config.fetch.asked.length, 1, `requests with ${what}`);
      const sent = formOf(config.fetch.asked[0]).get('client_assertion');
      if (sent) ok(!JSON.stringify([error.message, error.stack, error.details]).includes(sent), 'no assertion in the error');
    }
  });

  test('the audience is the token endpoint, or what the config says', async () => {
    const { issuers } = await server();
    const config = await configOf('ES256', { assertionAudience: issuers.all });
    await getToken('oauth2', config);
    is(assertionOf(config.fetch.asked[0]).claims.aud, issuers.all, 'aud');
    const unknown = await configOf('ES256', { assertionAudience: 'issuer' });
    await refused(() => getToken('oauth2', unknown), { code: 'invalid_config', names: 'assertionAudience' });
    is(unknown.fetch.asked.length, 0, 'requests where no issuer is known');
  });

  test('an assertion is good once, and every request has its own', async () => {
    const used = [];
    for (const name of ['HS256', 'RS256', 'ES256']) {
      let failures = 1;
      // The first attempt never arrives.
      const busy = () => new Response('busy', { status: 503, headers: { 'retry-after': '0' } });
      const send = async (url, init) => (failures-- > 0 ? busy() : fetch(url, init));
      const config = await configOf(name, { retries: 1, fetch: recording(send) });
      const token = await getToken('oauth2', config);
      invalidate('oauth2', config, token);
      ok((await getToken('oauth2', config)).accessToken !== token.accessToken, 'another token');
      clear();
      await getToken('oauth2', config);
      is(config.fetch.asked.length, 4, 'requests');
      used.push(...config.fetch.asked.map((request) => assertionOf(request).claims.jti));

      const { url, headers, body } = config.fetch.asked.at(-1);
      const again = await fetch(url, { method: 'POST', headers, body });
      same([again.status, (await again.json()).error], [401, 'invalid_client'], 'the same request once more');
    }
    is(new Set(used).size, 12, 'ids that are not repeated');
  });
};
