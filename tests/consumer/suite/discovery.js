/** `oidc`: where the token endpoint is, and how to authenticate there, as the server itself says. */
import { includes, is, ok, refused, same } from './harness.js';
import { ISSUER, OPENID, RFC8414, granter, metadata, oidc, site } from './metadata.js';
import { granting } from './mock.js';
import { assertionOf, recording, strongServer } from './strong.js';

export default (test, { clear, getToken, previewRequest }, env) => {
  const server = strongServer(env);

  const requestsOf = ({ asked }) => asked.map(({ method, url }) => `${method} ${url}`);

  /** The error of a config that gets no further than the metadata. */
  async function refusedEarly(fetch, changes, expected) {
    const error = await refused(() => getToken('oidc', oidc(fetch, changes)), expected);
    same(fetch.asked.filter(({ method }) => method === 'POST'), [], `token requests after "${error.message}"`);
    return error;
  }

  test('a server is found by its issuer, and says how it wants clients to authenticate', async () => {
    const { clients, issuers, tokenEndpoint } = await server();
    const cases = [
      ['basic', issuers.all, [`GET ${issuers.all}${OPENID}`, `POST ${tokenEndpoint}`]],
      ['ES256', issuers.all, [`GET ${issuers.all}${OPENID}`, `POST ${tokenEndpoint}`]],
      // Its issuer ends with a slash, and it takes secrets in the body alone.
      ['post', issuers.post, [`GET ${issuers.post.slice(0, -1)}${OPENID}`, `POST ${issuers.post}token`]],
      // Its metadata is where RFC 8414 has it, and it takes keys alone.
      ['ES256', issuers.key, [
        `GET ${issuers.key}${OPENID}`,
        `GET ${issuers.all}${RFC8414}${issuers.key.slice(issuers.all.length)}`,
        `POST ${issuers.key}/token`,
      ]],
    ];
    for (const [name, issuer, expected] of cases) {
      clear();
      const { clientAuth, ...config } = { ...clients[name], issuer, retries: 0, fetch: recording() };
      const token = await getToken('oidc', config);
      is(token.tokenType, 'Bearer', `tokenType for ${clientAuth}`);
      same(requestsOf(config.fetch), expected, 'requests');
      is(await getToken('oidc', config), token, 'the token of a later call');
      is(config.fetch.asked.length, expected.length, 'requests after a hit');
    }
  });

  test('the audience of an assertion is the endpoint that was found, or the issuer', async () => {
    const { clients, issuers, tokenEndpoint } = await server();
    const audiences = [[undefined, tokenEndpoint], ['endpoint', tokenEndpoint], ['issuer', issuers.all], [issuers.all, issuers.all]];
    for (const [assertionAudience, aud] of audiences) {
      clear();
      const config = { ...clients.ES256, issuer: issuers.all, assertionAudience, retries: 0, fetch: recording() };
      await getToken('oidc', config);
      is(assertionOf(config.fetch.asked.at(-1)).claims.aud, aud, `aud of ${assertionAudience}`);
    }
  });

  test('metadata is asked for without credentials', async () => {
    const send = granter(metadata());
    await getToken('oidc', oidc(send, { scope: 'read', params: { tenant: 'acme' }, dpop: false }));
    const [{ method, url, headers, body }] = send.asked;
    same([method, url, body], ['GET', ISSUER + OPENID, ''], 'request');
    same([headers.authorization, headers.dpop], [undefined, undefined], 'headers that tell who asks');
  });

  test('metadata of another issuer is refused, and both are named', async () => {
    const nearly = [`${ISSUER}/`, `${ISSUER}:443`, `${ISSUER}/tenant`, 'http://auth.example.com', 'https://AUTH.example.com'];
    for (const issuer of ['https://evil.example', ...nearly]) {
      clear();
      const send = granter(metadata({ issuer }));
      await refusedEarly(send, {}, { names: [ISSUER, issuer] });
      is(send.asked.length, 1, 'requests');
    }
    for (const issuer of [undefined, null, 7, [ISSUER], '']) {
      clear();
      await refusedEarly(granter(metadata({ issuer })), {}, { names: ['issuer', ISSUER] });
    }
  });

  test('an issuer with a path has its metadata under it, or under its host', async () => {
    for (const issuer of [`${ISSUER}/tenants/one`, `${ISSUER}/tenants/one/`]) {
      clear();
      const send = site({
        [`${ISSUER}${RFC8414}/tenants/one`]: metadata({ token_endpoint: `${ISSUER}/token` }, issuer),
        [`${ISSUER}/token`]: granting(),
      });
      await getToken('oidc', oidc(send, { issuer }));
      same(requestsOf(send), [
        `GET ${ISSUER}/tenants/one${OPENID}`,
        `GET ${ISSUER}${RFC8414}/tenants/one`,
        `POST ${ISSUER}/token`,
      ], `requests for ${issuer}`);
    }
  });

  test('the other place is for what is refused, redirected or a page, not for what fails', async () => {
    const pages = { [ISSUER + RFC8414]: metadata(), [`${ISSUER}/token`]: granting() };
    const beside = (answer) => site({ [ISSUER + OPENID]: answer, ...pages });
    const twoPlaces = (status) => beside({ status, text: 'no' });
    // Sites that send whoever is lost to a log-in, or answer everything with the page of their application.
    for (const answer of [{ status: 302, headers: { location: `${ISSUER}/login` } }, { text: '<!doctype html><title>Log in</title>' }]) {
      clear();
      const send = beside(answer);
      is((await getToken('oidc', oidc(send, { retries: 0 }))).accessToken, 'token-1', `token after ${Object.values(answer)}`);
      is(send.visits(ISSUER + OPENID), 1, 'requests to the first place');
    }
    for (const status of [400, 401, 403, 404, 410]) {
      clear();
      is((await getToken('oidc', oidc(twoPlaces(status)))).accessToken, 'token-1', `token after a ${status}`);
    }
    for (const status of [408, 429, 500, 503]) {
      clear();
      const send = twoPlaces(status);
      await refusedEarly(send, {}, { status, retryable: true });
      is(send.visits(ISSUER + RFC8414), 0, `requests to the other place after a ${status}`);
    }
    clear();
    await refusedEarly(site({}), {}, { status: 404, retryable: false });
  });

  test('secrets go to a token endpoint over https alone, unless http is allowed', async () => {
    const elsewhere = 'http://plain.example.com/token';
    const here = 'http://127.0.0.1:8080/token';
    // Whoever the issuer is, what listens on this machine is none of its business.
    for (const token_endpoint of [elsewhere, here]) {
      clear();
      await refusedEarly(granter(metadata({ token_endpoint })), {}, { code: 'invalid_response', names: 'token_endpoint' });
    }
    const grants = async (token_endpoint, changes) => {
      clear();
      const send = site({ [ISSUER + OPENID]: metadata({ token_endpoint }), [token_endpoint]: granting() });
      is((await getToken('oidc', oidc(send, changes))).accessToken, 'token-1', `token of ${token_endpoint}`);
    };
    await grants(elsewhere, { allowHttp: true });
    await grants(here, { allowHttp: true });
    await grants('https://login.example.net/token?tenant=acme');
  });

  test('metadata that makes no sense is refused, and what is missing named', async () => {
    const faults = {
      'no JSON': { text: '<html>' },
      'nothing': { text: '' },
      'a list': { json: [metadata().json] },
      'a text': { json: 'https://auth.example.com/token' },
      'null': { text: 'null' },
      'no end': { text: JSON.stringify({ ...metadata().json, filler: 'x'.repeat(2 ** 20) }) },
    };
    for (const [fault, answer] of Object.entries(faults)) {
      clear();
      const error = await refusedEarly(granter(answer), {}, { code: 'invalid_response' });
      includes(error.message, fault === 'no JSON' ? 'not JSON; check the URL' : ISSUER, `the message for ${fault}`);
    }
    const host = 'auth.example.com';
    const odd = ['/token', `ftp://${host}/token`, `https://user:password@${host}/token`, `https://${host}/token#part`];
    for (const token_endpoint of [undefined, null, 7, '', ...odd]) {
      clear();
      const error = await refusedEarly(granter(metadata({ token_endpoint })), {}, { names: 'token_endpoint' });
      ok(!error.message.includes('password'), 'no password in the message');
    }
  });

  test('a redirect of the metadata is not followed', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      clear();
      const send = granter({ status, headers: { location: `${ISSUER}/elsewhere` } });
      await refusedEarly(send, {}, { code: 'redirect', retryable: false });
      same(requestsOf(send), [`GET ${ISSUER}${OPENID}`, `GET ${ISSUER}${RFC8414}`], `requests after a ${status}`);
    }
    const { issuers } = await server();
    await refused(() => getToken('oidc', oidc(undefined, { issuer: issuers.moved })), { code: 'redirect', retryable: false });
  });

  test('a certificate goes to the alias for certificates, where there is one', async () => {
    const alias = 'https://mtls.example.com/token';
    const aliases = { mtls_endpoint_aliases: { token_endpoint: alias } };
    const pages = { [alias]: granting(), [`${ISSUER}/token`]: granting() };
    for (const [changes, answer, expected] of [
      [{ clientAuth: 'tls_client_auth', clientSecret: undefined }, metadata(aliases), alias],
      [{ clientAuth: 'tls_client_auth', clientSecret: undefined }, metadata(), `${ISSUER}/token`],
      [{}, metadata(aliases), `${ISSUER}/token`],
    ]) {
      clear();
      const send = site({ [ISSUER + OPENID]: answer, ...pages });
      await getToken('oidc', oidc(send, changes));
      is(send.asked.at(-1).url, expected, `endpoint for ${changes.clientAuth}`);
    }
    clear();
    const plain = granter(metadata({ mtls_endpoint_aliases: { token_endpoint: 'http://plain.example.com/token' } }));
    await refusedEarly(plain, { clientAuth: 'tls_client_auth', clientSecret: undefined }, { names: 'token_endpoint' });
  });

  test('an issuer is a URL that metadata can be under', async () => {
    const send = granter(metadata());
    const host = 'auth.example.com';
    const odd = [host, `http://${host}`, `ftp://${host}`, `https://user@${host}`, `${ISSUER}?tenant=a`, `${ISSUER}#part`];
    for (const issuer of ['', 7, ...odd]) {
      await refused(() => getToken('oidc', oidc(send, { issuer })), { code: 'invalid_config', names: 'issuer' });
    }
    await refused(() => getToken('oidc', { ...oidc(send), issuer: undefined }), { code: 'invalid_config', names: 'issuer' });
    is(send.asked.length, 0, 'requests');
  });

  test('a preview discovers nothing', async () => {
    const send = granter(metadata());
    const { method, url } = await previewRequest('oidc', oidc(send));
    same([method, url], ['POST', `{token_endpoint of ${ISSUER}}`], 'preview');
    is(send.asked.length, 0, 'requests');
  });
};
