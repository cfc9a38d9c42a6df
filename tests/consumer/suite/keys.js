/** What decides which token is cached, what does not, and what a token may be used for. */
import { excludes, is, ok, refused, same, skip } from './harness.js';
import { HARD_SECRET, answering, emporix, granting, oauth2, refusing } from './mock.js';

export default (test, { getToken }) => {
  test('a wrong secret never gets the token of the right one', async () => {
    const fetch = answering((number, { body }) =>
      new URLSearchParams(body).get('client_secret') === HARD_SECRET ? granting()(number) : refusing());
    const [right, wrong] = [emporix(fetch), emporix(fetch, { clientSecret: `${HARD_SECRET}!` })];
    const cold = await Promise.allSettled([getToken('emporix', right), getToken('emporix', wrong)]);
    same(cold.map(({ status }) => status), ['fulfilled', 'rejected'], 'outcomes side by side');
    await refused(() => getToken('emporix', wrong), { code: 'oauth', error: 'invalid_client' });
    is(await getToken('emporix', right), cold[0].value, 'the token of the right secret');
  });

  test('the order and repeats of scopes do not matter', async () => {
    const fetch = answering();
    const spellings = ['read write', 'write read', ' write  read\twrite ', ['read', 'write'], ['write', 'read', 'read']];
    const tokens = [];
    for (const scope of spellings) tokens.push(await getToken('oauth2', oauth2(fetch, { scope })));
    ok(tokens.every((token) => token === tokens[0]), 'one token for every spelling');
    is(fetch.asked.length, 1, 'requests');
    await getToken('oauth2', oauth2(fetch, { scope: 'read' }));
    is(fetch.asked.length, 2, 'requests after a smaller scope');
  });

  const APART = {
    tokenEndpoint: 'https://auth.example.com/other',
    clientId: 'another client',
    clientSecret: 'another secret',
    scope: 'read',
    audience: 'https://api.example.com',
    resource: 'https://api.example.com',
    params: { acting: 'as' },
    headers: { 'x-tenant': 'acme' },
    partition: 'blue',
    clientAuth: 'client_secret_post',
    bodyFormat: 'json',
  };
  for (const [field, value] of Object.entries(APART)) {
    test(`another ${field} is another token`, async () => {
      const fetch = answering();
      const plain = await getToken('oauth2', oauth2(fetch));
      const other = await getToken('oauth2', oauth2(fetch, { [field]: value }));
      same([plain.accessToken, other.accessToken], ['token-1', 'token-2'], 'tokens');
      is(await getToken('oauth2', oauth2(fetch)), plain, 'the plain token afterwards');
      is(await getToken('oauth2', oauth2(fetch, { [field]: value })), other, 'the other token afterwards');
      is(fetch.asked.length, 2, 'requests');
    });
  }

  test('fields that run into each other are kept apart', async () => {
    const fetch = answering();
    await getToken('oauth2', oauth2(fetch, { clientId: 'a', clientSecret: 'b:secret' }));
    await getToken('oauth2', oauth2(fetch, { clientId: 'a:b', clientSecret: 'secret' }));
    await getToken('oauth2', oauth2(fetch, { params: { a: 'b', c: 'd' } }));
    await getToken('oauth2', oauth2(fetch, { params: { a: 'b&c=d' } }));
    is(fetch.asked.length, 4, 'requests');
  });

  test('policy is no part of the key', async () => {
    const fetch = answering();
    const token = await getToken('oauth2', oauth2(fetch));
    const policies = [{ timeout: 1_000 }, { retries: 5 }, { refreshAhead: 1_000 }, { maxAge: 1e9 }, { waitUntil() {} }, { fetch: answering(refusing()) }];
    for (const policy of policies) is(await getToken('oauth2', oauth2(fetch, policy)), token, Object.keys(policy)[0]);
    is(fetch.asked.length, 1, 'requests');
  });

  test('fields set to undefined are fields left out', async () => {
    const fetch = answering();
    const token = await getToken('oauth2', oauth2(fetch));
    const sparse = oauth2(fetch, { scope: undefined, audience: undefined, params: undefined, partition: undefined, timeout: undefined });
    is(await getToken('oauth2', sparse), token, 'token');
  });

  test('partition is never sent', async () => {
    const fetch = answering();
    await getToken('oauth2', oauth2(fetch, { partition: 'blue-partition' }));
    const [{ url, headers, body }] = fetch.asked;
    excludes(JSON.stringify({ url, headers, body }), 'blue-partition', 'request');
  });

  test('a token is frozen, can be cloned and written down, and holds no refresh token', async () => {
    const answer = { refresh_token: 'a-refresh-token', session_idle_time: 120, nested: { list: [1, 'two'] } };
    const token = await getToken('oauth2', oauth2(answering(granting(answer)), { scope: 'read' }));
    for (const part of [token, token.headers, token.extra]) ok(Object.isFrozen(part), 'the token and its parts to be frozen');
    excludes(JSON.stringify(token), 'a-refresh-token', 'token');
    ok(!('refresh_token' in token.extra), 'no refresh_token in extra');
    same(token.extra, { session_idle_time: 120, nested: { list: [1, 'two'] } }, 'extra');
    const written = JSON.parse(JSON.stringify(token));
    same(written, { ...token }, 'what JSON keeps');
    same(Object.keys(written).sort(), ['accessToken', 'expiresAt', 'extra', 'headers', 'scope', 'tokenType'], 'fields');
    if (typeof structuredClone !== 'function') skip('no structuredClone in this runtime');
    same(structuredClone(token), written, 'the structured clone');
  });

  test('the headers of a token spread into fetch', async () => {
    const token = await getToken('oauth2', oauth2(answering(granting({ token_type: 'bEaReR' }))));
    same({ ...token.headers }, { Authorization: 'Bearer token-1' }, 'headers');
    is(token.tokenType, 'Bearer', 'tokenType');
  });
};
