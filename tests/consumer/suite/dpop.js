/** Tokens that are bound to a key (RFC 9449), as far as the token endpoint: proofs, nonces, keys. */
import { is, ok, refused, same } from './harness.js';
import { answering, emporix, granting, oauth2, refusing } from './mock.js';
import { assertionOf, digest, proofOf, recording, strongServer, withWrongClock } from './strong.js';

export default (test, { clear, createFetch, getToken, invalidate }, env) => {
  const server = strongServer(env);

  /** A config of a client of the server, that sends through a `fetch` which keeps what it was asked. */
  async function configOf(name, changes = {}) {
    const { clients, tokenEndpoint, resources } = await server();
    return { tokenEndpoint, resource: resources.jwt, dpop: true, retries: 0, fetch: recording(), ...clients[name], ...changes };
  }

  /** What the server has put down for a token, as an API reads it. */
  async function inspect({ accessToken }) {
    const { apis: [api] } = await server();
    return (await fetch(`${api}/inspect`, { method: 'POST', body: accessToken })).json();
  }

  /** A client that asks `fetch`, under a name that no other case has: keys and nonces are remembered by it. */
  let clients = 0;
  const bound = (fetch, changes = {}) => {
    clients += 1;
    const tokenEndpoint = `https://auth-${clients}.example.com/token`;
    return oauth2(fetch, { dpop: true, clientId: `client-${clients}`, tokenEndpoint, ...changes });
  };

  const grants = granting({ token_type: 'DPoP' });
  const wantsNonce = (nonce, status = 400) => {
    return { ...refusing('use_dpop_nonce', status), headers: nonce ? { 'dpop-nonce': nonce } : {} };
  };
  const noncesOf = ({ asked }) => asked.map((request) => proofOf(request).claims.nonce);

  test('a proof is a public key, the request, and nothing else', async () => {
    const config = await configOf('basic');
    const before = Math.floor(Date.now() / 1_000);
    const token = await getToken('oauth2', config);
    const [first, second] = config.fetch.asked.map(proofOf);
    same(Object.keys(first.header).sort(), ['alg', 'jwk', 'typ'], 'header');
    same([first.header.alg, first.header.typ], ['ES256', 'dpop+jwt'], 'alg and typ');
    same(Object.keys(first.header.jwk).sort(), ['crv', 'kty', 'x', 'y'], 'jwk');
    same(Object.keys(first.claims).sort(), ['htm', 'htu', 'iat', 'jti'], 'claims');
    same(Object.keys(second.claims).sort(), ['htm', 'htu', 'iat', 'jti', 'nonce'], 'claims with a nonce');
    same([first.claims.htm, first.claims.htu], ['POST', config.tokenEndpoint], 'htm and htu');
    ok(first.claims.iat >= before && first.claims.iat <= Date.now() / 1_000, `iat to be now, got ${first.claims.iat}`);
    ok(first.claims.jti !== second.claims.jti, 'an id of its own for each');
    is((await inspect(token)).cnf.jkt, await thumbprint(first.header.jwk), 'the key that the token is bound to');
  });

  test('htu has no query', async () => {
    const send = answering(grants);
    await getToken('oauth2', bound(send, { tokenEndpoint: 'https://auth.example.com/token?tenant=acme' }));
    is(proofOf(send.asked[0]).claims.htu, 'https://auth.example.com/token', 'htu');
  });

  test('a nonce costs one request more, once', async () => {
    const config = await configOf('ES256');
    const counted = async (partition) => {
      const before = config.fetch.asked.length;
      await getToken('oauth2', { ...config, partition });
      return config.fetch.asked.length - before;
    };
    same([await counted('one'), await counted('two'), await counted('three')], [2, 1, 1], 'requests of three tokens');
    // The server takes no assertion twice: the second request has another.
    is(new Set(config.fetch.asked.map((request) => assertionOf(request).claims.jti)).size, 4, 'assertions');
    const other = await configOf('HS256');
    await getToken('oauth2', other);
    is(other.fetch.asked.length, 1, 'requests of another client at the same origin');
    clear();
    is(await counted('one'), 2, 'requests after clear');
  });

  test('a nonce that was replaced costs one request more, in each way to say so', async () => {
    for (const status of [400, 401, 403]) {
      const send = answering(grants, wantsNonce('second', status), grants, grants);
      const config = bound(send);
      for (const expected of ['token-1', 'token-3', 'token-4']) {
        const { accessToken } = await getToken('oauth2', { ...config, partition: expected });
        is(accessToken, expected, `token after a ${status}`);
      }
      same(noncesOf(send), [undefined, undefined, 'second', 'second'], 'nonces');
      is(new Set(send.asked.map((request) => proofOf(request).claims.jti)).size, 4, 'ids that are not repeated');
    }
  });

  test('a nonce is learned from every answer, and is for its origin', async () => {
    const giving = (nonce, answer) => (number) => ({ ...answer(number), headers: { 'dpop-nonce': nonce } });
    const failing = () => ({ status: 503, text: 'busy' });
    const send = answering(giving('one', grants), giving('two', failing), giving('three', grants), grants, grants);
    const config = bound(send, { retries: 1 });
    invalidate('oauth2', config, await getToken('oauth2', config));
    await getToken('oauth2', config);
    await getToken('oauth2', { ...config, scope: 'other' });
    await getToken('oauth2', { ...config, tokenEndpoint: 'https://another.example.com/token' });
    same(noncesOf(send), [undefined, 'one', 'two', 'three', undefined], 'nonces');
  });

  test('a nonce that no header could carry is not kept', async () => {
    const giving = (nonce) => (number) => ({ ...grants(number), headers: { 'dpop-nonce': nonce } });
    const send = answering(giving('n'.repeat(2 ** 20)), giving('short'), giving('n'.repeat(2_048)), grants);
    const config = bound(send);
    for (const scope of ['a', 'b', 'c', 'd']) await getToken('oauth2', { ...config, scope });
    same(noncesOf(send).map((nonce) => nonce?.length), [undefined, undefined, 5, 5], 'lengths of the nonces');
  });

  test('no more than one request is made for a nonce', async () => {
    for (const [what, answer, requests] of [
      ['a server that is never content', (number) => wantsNonce(`nonce-${number}`), 2],
      ['a server that gives no nonce', wantsNonce(), 1],
    ]) {
      const send = answering(answer);
      const config = bound(send, { retries: 2 });
      await refused(() => getToken('oauth2', config), { code: 'oauth', error: 'use_dpop_nonce', status: 400, retryable: false });
      is(send.asked.length, requests, `requests to ${what}`);
    }
  });

  test('the clock and the nonce are each learned once', () => withWrongClock(-3_600_000, async () => {
    const config = await configOf('ES384');
    await getToken('oauth2', config);
    is(config.fetch.asked.length, 3, 'requests: the assertion was too old, and then there was no nonce');
    await getToken('oauth2', { ...config, scope: 'write' });
    is(config.fetch.asked.length, 4, 'requests after another');
  }));

  test('a token of the wrong type is refused, and not asked for again', async () => {
    for (const [dpop, type] of [[true, 'Bearer'], [true, 'bearer'], [undefined, 'DPoP'], [false, 'dpop']]) {
      const send = answering(granting({ token_type: type }));
      const names = dpop ? "as 'dpop' wants it" : "set 'dpop'";
      await refused(() => getToken('oauth2', bound(send, { dpop, retries: 2 })), { code: 'invalid_response', retryable: false, names });
      is(send.asked.length, 1, `requests for a ${type} token`);
      is(proofOf(send.asked[0]) !== undefined, dpop === true, 'a proof');
    }
    const token = await getToken('oauth2', bound(answering(granting({ token_type: 'dpop' }))));
    same([token.tokenType, { ...token.headers }], ['DPoP', { Authorization: `DPoP ${token.accessToken}` }], 'another spelling');
  });

  test('every provider takes dpop, and it is true or false', async () => {
    const send = answering(grants);
    is((await getToken('emporix', emporix(send, { dpop: true }))).tokenType, 'DPoP', 'tokenType');
    is(proofOf(send.asked[0]).claims.htu, send.asked[0].url, 'htu');
    for (const dpop of ['true', 1, {}]) {
      await refused(() => getToken('oauth2', bound(send, { dpop })), { code: 'invalid_config', names: 'dpop' });
    }
    is(send.asked.length, 1, 'requests');
  });

  test('tokens of both types of one client are kept apart', async () => {
    const send = answering(grants, granting());
    const config = bound(send);
    const tokens = [await getToken('oauth2', config), await getToken('oauth2', { ...config, dpop: false })];
    same(tokens.map(({ tokenType }) => tokenType), ['DPoP', 'Bearer'], 'types');
    is(await getToken('oauth2', config), tokens[0], 'the token of the next call');
    is(await getToken('oauth2', { ...config, dpop: undefined }), tokens[1], 'the token of the next call without a proof');
  });

  test('a client has one key, over refreshes and for all of its tokens', async () => {
    const { resources } = await server();
    const jkts = {};
    const tokens = new Set();
    for (const name of ['basic', 'post', 'RS256']) {
      jkts[name] = [];
      const config = await configOf(name);
      for (const changes of [{}, {}, { resource: resources.opaque }, { scope: 'write' }]) {
        const token = await getToken('oauth2', { ...config, ...changes });
        jkts[name].push((await inspect(token)).cnf.jkt);
        tokens.add(token.accessToken);
        invalidate('oauth2', config, token);
      }
      is(new Set(jkts[name]).size, 1, `keys of ${name}`);
    }
    same([tokens.size, new Set(Object.values(jkts).flat()).size], [12, 3], 'tokens, and keys, of three clients');
  });

  test('the key can not be taken out, and is made once', async () => {
    const { subtle } = crypto;
    const { generateKey } = subtle;
    const made = [];
    const send = answering(grants);
    const config = bound(send);
    try {
      subtle.generateKey = (...args) => {
        made.push(args);
        return generateKey.apply(subtle, args);
      };
      for (const scope of ['a', 'b', 'c']) await getToken('oauth2', { ...config, scope });
      const api = { origins: ['https://api.example.com'], fetch: answering({ json: {} }) };
      const call = createFetch('oauth2', { ...config, scope: 'c' }, api);
      for (let calls = 0; calls < 3; calls++) await call('https://api.example.com/things');
    } finally {
      delete subtle.generateKey;
      if (subtle.generateKey !== generateKey) subtle.generateKey = generateKey;
    }
    is(made.length, 1, 'keys that were made');
    const [[{ name, namedCurve }, extractable]] = made;
    same([name, namedCurve, extractable], ['ECDSA', 'P-256', false], 'how');
  });

  test('callers at once have one key as well, and each its token', async () => {
    const { apis: [api], resources } = await server();
    const { fetch: send, ...config } = await configOf('RS512');
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, number) => {
      const resource = Object.values(resources)[number % 2];
      const scope = ['read', 'write', 'read write', undefined][(number >> 1) % 4];
      const call = createFetch('oauth2', { ...config, resource, scope, fetch: send }, { origins: [api] });
      return (await call(`${api}/things?number=${number}`)).json();
    }));
    same(answers.map(({ proof }) => typeof proof?.ath), answers.map(() => 'string'), 'what the API took');
    is(new Set(answers.map(({ headers }) => headers.authorization)).size, 8, 'tokens');
    is(new Set(answers.map(({ claims }) => claims.cnf.jkt)).size, 1, 'keys');
  });
};

/** RFC 7638: what a token says of the key that it is bound to. */
const thumbprint = ({ crv, kty, x, y }) => digest(new TextEncoder().encode(JSON.stringify({ crv, kty, x, y })));
