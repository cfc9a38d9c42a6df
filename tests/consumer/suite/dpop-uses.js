/** Tokens that are bound to a key (RFC 9449), as APIs get them: by `createFetch`, and an API that believes nothing. */
import { is, ok, refused, same } from './harness.js';
import { proofOf, recording, strongServer, withWrongClock } from './strong.js';

export default (test, { createFetch, getToken }, env) => {
  const server = strongServer(env);

  /** A `fetch` with tokens of a client of the server, for its two APIs, and what went to them and to the token endpoint. */
  async function calling(name = 'basic', changes = {}) {
    const { apis, clients, resources, tokenEndpoint } = await server();
    const [tokens, sent] = [recording(), recording()];
    const config = { ...clients[name], tokenEndpoint, resource: resources.jwt, dpop: true, retries: 0, fetch: tokens, ...changes };
    const call = createFetch('oauth2', config, { origins: apis, fetch: sent });
    // The APIs replace their nonces every few calls; a case that counts wants to know when.
    await Promise.all(apis.map((api) => fetch(`${api}/renew`, { method: 'POST' })));
    return { call, api: apis[0], twin: apis[1], config, tokens: tokens.asked, sent: sent.asked };
  }

  /** Whether this runtime's `fetch` shows where a redirect leads. */
  async function seesRedirects() {
    const plain = await fetch(`${env.odd.url}/api/redirect/307?to=within`, { redirect: 'manual' });
    await plain.body?.cancel();
    return plain.type !== 'opaqueredirect';
  }

  test('an API takes the token with a proof, and nothing without one', async () => {
    const { call, api, config } = await calling();
    const url = `${api}/things/%C3%A9?q=a%20b#part`;
    const { claims, headers, method, proof } = await (await call(url)).json();
    const token = await getToken('oauth2', config);
    is(headers.authorization, `DPoP ${token.accessToken}`, 'Authorization');
    same([method, proof.htm, proof.htu], ['GET', 'GET', `${api}/things/%C3%A9`], 'htm and htu');
    same(Object.keys(proof).sort(), ['ath', 'htm', 'htu', 'iat', 'jti', 'nonce'], 'claims of the proof');
    is(claims.client_id, config.clientId, 'client_id');
    for (const authorization of [`DPoP ${token.accessToken}`, `Bearer ${token.accessToken}`]) {
      is((await fetch(url, { headers: { authorization } })).status, 401, 'the status without a proof');
    }
    const { authorization, dpop } = headers;
    is((await fetch(url, { headers: { authorization, dpop } })).status, 401, 'the status of a proof once more');
  });

  test('a nonce costs one request more, once, and once more when it was replaced', async () => {
    const { call, api, tokens, sent } = await calling();
    const counted = async () => {
      const before = sent.length;
      is((await call(`${api}/things`)).status, 200, 'status');
      return sent.length - before;
    };
    same([await counted(), await counted(), await counted()], [2, 1, 1], 'requests');
    await fetch(`${api}/renew`, { method: 'POST' });
    same([await counted(), await counted()], [2, 1], 'requests after it was replaced');
    is(tokens.length, 2, 'requests to the token endpoint: one for its nonce, one for the token');
    is(new Set(sent.map((request) => proofOf(request).claims.jti)).size, sent.length, 'ids that are not repeated');
  });

  test('no more than one request is made for a nonce, and the token is not blamed', async () => {
    const { call, api, tokens, sent } = await calling();
    const answer = await call(`${api}/nonce-never-right`);
    same([answer.status, (await answer.json()).error], [401, 'use_dpop_nonce'], 'answer');
    same([sent.length, tokens.length], [2, 2], 'requests to the API and to the token endpoint');
  });

  test('a body is sent again with the nonce', async () => {
    const form = new FormData();
    form.set('field', 'the payload');
    const bodies = {
      text: 'the payload',
      bytes: new TextEncoder().encode('the payload'),
      blob: new Blob(['the payload']),
      parameters: new URLSearchParams({ field: 'the payload' }),
      form,
    };
    for (const [kind, body] of Object.entries(bodies)) {
      const { call, api, sent } = await calling();
      const { body: arrived, method, proof } = await (await call(`${api}/things`, { method: 'POST', body })).json();
      ok(/the.payload/.test(arrived), `the ${kind} to arrive, got ${arrived}`);
      same([method, proof.htm, sent.length], ['POST', 'POST', 2], `what became of the ${kind}`);
    }
    const { call, api } = await calling();
    const request = new Request(`${api}/things`, { method: 'PUT', body: 'the payload', headers: { 'x-mine': 'kept' } });
    const { body, headers, method } = await (await call(request)).json();
    same([body, headers['x-mine'], method], ['the payload', 'kept', 'PUT'], 'what arrived of a Request');
  });

  test('a token that is rejected is replaced, and the new one has a proof of its own', async () => {
    const { call, api, tokens, sent } = await calling();
    const { headers, proof } = await (await call(`${api}/rejected-once`)).json();
    same([sent.length, tokens.length], [3, 3], 'requests: for a nonce, with the old token, with the new one');
    const [, old, fresh] = sent;
    ok(old.headers.authorization !== fresh.headers.authorization, 'another token');
    is(headers.authorization, fresh.headers.authorization, 'the token that the API took');
    ok(proofOf(old).claims.ath !== proof.ath, 'the hash of the new token');
  });

  test('twenty calls at once all arrive, in forty requests at most', async () => {
    const { call, api, tokens, sent } = await calling();
    const numbers = Array.from({ length: 20 }, (_, number) => `?number=${number}`);
    const answers = await Promise.all(numbers.map(async (query) => (await call(`${api}/things${query}`)).json()));
    same(answers.map(({ url }) => new URL(url).search), numbers, 'what arrived');
    ok(sent.length <= 40, `at most one request more for each, got ${sent.length}`);
    is(tokens.length, 2, 'requests to the token endpoint');
    is(new Set(answers.map(({ proof }) => proof.jti)).size, 20, 'proofs');
  });

  test('a clock that is wrong keeps nobody from an API', () => withWrongClock(-3_600_000, async () => {
    const { call, api, sent } = await calling();
    is((await call(`${api}/things`)).status, 200, 'status');
    const before = sent.length;
    is((await call(`${api}/things`)).status, 200, 'status of the next call');
    is(sent.length - before, 1, 'requests once the time is known');
  }));

  test('a redirect has a proof for where it leads, and leads nowhere where it can not be seen', async () => {
    const { call, api, twin, sent } = await calling();
    const target = `${twin}/landing?a=b`;
    const redirecting = `${api}/redirect/307?to=${encodeURIComponent(target)}`;
    if (!(await seesRedirects())) {
      await refused(() => call(redirecting, { method: 'POST', body: 'the payload' }), { code: 'redirect' });
      return;
    }
    const { body, method, proof, url } = await (await call(redirecting, { method: 'POST', body: 'the payload' })).json();
    same([body, method, url], ['the payload', 'POST', target], 'what arrived');
    same([proof.htm, proof.htu], ['POST', `${twin}/landing`], 'what the proof is for');
    // Each API has its own nonces, and each wants the first proof to be made again.
    const [from, to] = [`${api}/redirect/307`, `${twin}/landing`];
    same(sent.map((request) => proofOf(request).claims.htu), [from, from, to, to], 'what each proof was for');

    const answer = await (await call(redirecting.replace('307', '303'), { method: 'POST', body: 'the payload' })).json();
    same([answer.body, answer.method, answer.proof.htm], ['', 'GET', 'GET'], 'what arrived after a 303');
  });

  test('neither token nor proof goes to an origin that is not allowed', async () => {
    const { call, api, sent } = await calling();
    await refused(() => call(`${env.odd.other}/sink`), { code: 'invalid_config', names: 'origins' });
    is(sent.length, 0, 'requests');
    for (const status of [301, 302, 303, 307, 308]) {
      await refused(() => call(`${api}/redirect/${status}?to=${env.odd.other}/sink`), { code: 'redirect', retryable: false });
    }
    same(await (await fetch(`${env.odd.other}/seen`)).json(), [], 'what the other origin saw');
  });

  test('a token that is bound to nothing has no proof', async () => {
    const { call, api, sent } = await calling('basic', { dpop: undefined });
    const { claims, headers } = await (await call(`${api}/things`)).json();
    same([claims.cnf, headers.dpop, sent.length], [undefined, undefined, 1], 'binding, proof and requests');
  });
};
