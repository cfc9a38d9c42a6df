/** What clients learn from answers to tokens that are bound to a key (RFC 9449): of APIs that are made up. */
import { is, refused, same } from './harness.js';
import { answering, granting, oauth2 } from './mock.js';
import { proofOf } from './strong.js';

const HOUR = 3_600_000;

export default (test, { createFetch }) => {
  /** A `fetch` with tokens that are bound to a key, for an API that gives these answers, and what both servers were asked. */
  let clients = 0;
  function made(...answers) {
    clients += 1;
    const send = answering(...answers);
    const tokenEndpoint = `https://auth-${clients}.example.com/token`;
    const grants = answering(granting({ token_type: 'DPoP' }));
    const config = oauth2(grants, { dpop: true, clientId: `caller-${clients}`, tokenEndpoint });
    const api = `https://api-${clients}.example.com`;
    return { call: createFetch('oauth2', config, { origins: [api], fetch: send }), api, sent: send.asked, tokens: grants.asked };
  }

  const challenge = (value, headers = {}) => ({ status: 401, text: 'no', headers: { 'www-authenticate': value, ...headers } });

  /** How many hours ahead each proof is. */
  const aheadOf = (sent) => sent.map((request) => Math.round((proofOf(request).claims.iat * 1_000 - Date.now()) / HOUR));
  const dated = (ahead) => ({ date: new Date(Date.now() + ahead).toUTCString() });

  /** Refuses a proof, by a clock that is so far ahead; or for want of a nonce. */
  const refusal = (ahead) => challenge('DPoP error="invalid_dpop_proof"', dated(ahead));
  const wantsNonce = (nonce, headers) => challenge('DPoP error="use_dpop_nonce"', { 'dpop-nonce': nonce, ...headers });

  test('nonces are learned from answers of every kind, before they are missed', async () => {
    const { call, api, sent } = made(
      challenge('DPoP error="use_dpop_nonce"', { 'dpop-nonce': 'zero' }),
      { json: {}, headers: { 'dpop-nonce': 'one' } },
      { status: 404, text: 'no', headers: { 'dpop-nonce': 'two' } },
      { json: {} },
      // No header could carry this one.
      { json: {}, headers: { 'dpop-nonce': 'n'.repeat(2_048) } },
      { json: {} },
    );
    for (let calls = 0; calls < 5; calls++) await call(`${api}/things`);
    same(sent.map((request) => proofOf(request).claims.nonce), [undefined, 'zero', 'one', 'two', 'two', 'two'], 'nonces');
  });

  test('a challenge is read as HTTP has it, among others', async () => {
    const nonce = { 'dpop-nonce': 'n' };
    for (const value of [
      'DPoP error="use_dpop_nonce", error_description="a \\"nonce\\", please"',
      'DPoP realm="a", algs="ES256 PS256", error="use_dpop_nonce"',
      'dpop error=use_dpop_nonce',
      'Bearer realm="api", DPoP algs="ES256", error="use_dpop_nonce"',
      'DPoP error="use_dpop_nonce", Bearer error="invalid_token"',
    ]) {
      const { call, api, sent, tokens } = made(challenge(value, nonce), { json: {} });
      is((await call(`${api}/things`)).status, 200, `status after ${value}`);
      same(sent.map((request) => proofOf(request).claims.nonce), [undefined, 'n'], `nonces after ${value}`);
      is(tokens.length, 1, `tokens after ${value}`);
    }
  });

  test('the time of an answer that may come from a cache is not learned', async () => {
    const old = { ...dated(-2 * HOUR), age: '7200' };
    const { call, api, sent, tokens } = made(...[200, 304, 404].map((status) => ({ status, headers: old })), { json: {} });
    for (let calls = 0; calls < 4; calls++) await call(`${api}/things`);
    same([aheadOf(sent), tokens.length], [[0, 0, 0, 0], 1], 'hours that proofs were ahead, and token requests');
  });

  test('the time of a refusal is learned, and the request made once more with the same token', async () => {
    // The clock is an hour slow, and is then set right.
    const { call, api, sent, tokens } = made({ json: {} }, refusal(HOUR), { json: {} }, { json: {} }, refusal(0), { json: {} });
    const statuses = [];
    for (let calls = 0; calls < 5; calls++) statuses.push((await call(`${api}/things`, { method: 'POST', body: 'the payload' })).status);
    same(statuses, [200, 200, 200, 200, 200], 'statuses');
    same(aheadOf(sent), [0, 0, 1, 1, 1, 0, 0], 'hours that proofs were ahead');
    same(sent.map(({ body }) => body), sent.map(() => 'the payload'), 'bodies');
    same([new Set(sent.map(({ headers }) => headers.authorization)).size, tokens.length], [1, 1], 'tokens, and requests for them');
  });

  test('a stream goes once, and the next request has the right time', async () => {
    const { call, api, sent, tokens } = made(refusal(HOUR), { json: {} });
    const streaming = { method: 'POST', body: new Blob(['the payload']).stream(), duplex: 'half' };
    const first = await call(`${api}/things`, streaming).then(({ status }) => status, ({ code }) => code);
    // A runtime that sends no streams has it refused before, and the next request is the first to be told the time.
    same([first, sent.length], first === 'invalid_config' ? [first, 0] : [401, 1], 'what became of the stream, and requests');
    is((await call(`${api}/things`)).status, 200, 'status of the next call');
    same(aheadOf(sent), [0, 1], 'hours that proofs were ahead');
    is(tokens.length, 1, 'requests for tokens: it was not the token that was refused');
  });

  test('a token is to blame where a stream is refused although its proof had the right time', async () => {
    const { call, api, sent, tokens } = made(refusal(HOUR), refusal(HOUR), { json: {} });
    const streaming = () => ({ method: 'POST', body: new Blob(['the payload']).stream(), duplex: 'half' });
    for (let calls = 0; calls < 2; calls++) await call(`${api}/things`, streaming()).catch(() => {});
    is((await call(`${api}/things`)).status, 200, 'status of the next call');
    same([sent.length, tokens.length], [3, 2], 'requests to the API and for tokens');
  });

  test('the time and a nonce are each learned once, whichever is missed first', async () => {
    const orders = [
      [[refusal(HOUR), wantsNonce('n', dated(HOUR))], [0, 1, 1, 1], [undefined, undefined, 'n', 'n']],
      [[wantsNonce('n', dated(HOUR)), refusal(HOUR)], [0, 0, 1, 1], [undefined, 'n', 'n', 'n']],
    ];
    for (const [refusals, hours, nonces] of orders) {
      const { call, api, sent, tokens } = made(...refusals, { json: {} });
      const init = { method: 'POST', body: 'the payload' };
      for (let calls = 0; calls < 2; calls++) is((await call(`${api}/things`, init)).status, 200, 'status');
      same(aheadOf(sent), hours, 'hours that proofs were ahead');
      same(sent.map((request) => proofOf(request).claims.nonce), nonces, 'nonces');
      same(sent.map(({ body }) => body), sent.map(() => 'the payload'), 'bodies');
      is(tokens.length, 1, 'requests for tokens');
    }
  });

  test('an API that is never content with time and nonce gets few requests', async () => {
    const { call, api, sent, tokens } = made((number) => (number % 2 ? refusal(number * HOUR) : wantsNonce(`nonce-${number}`)));
    is((await call(`${api}/things`)).status, 401, 'status');
    same([sent.length, tokens.length], [6, 2], 'requests to the API, three with each token, and for tokens');
  });

  /** An API that has the right time, behind a machine that dates the answers and is an hour ahead. `wants` refuses more. */
  const behind = (wants) => made((_, request) => {
    const isWrong = Math.abs(proofOf(request).claims.iat * 1_000 - Date.now()) > HOUR / 2;
    return (isWrong && refusal(HOUR)) || wants(request) || { json: {}, headers: dated(HOUR) };
  });

  test('a time for which proofs are refused as well is forgotten', async () => {
    let revoked = '';
    const { call, api, sent, tokens } = behind(({ headers }) => headers.authorization === revoked && refusal(HOUR));
    const statuses = [];
    for (let calls = 0; calls < 4; calls++) {
      if (calls === 2) revoked = sent.at(-1).headers.authorization;
      statuses.push((await call(`${api}/things`)).status);
    }
    same(statuses, [200, 200, 200, 200], 'statuses');
    same([aheadOf(sent), tokens.length], [[0, 0, 0, 1, 0, 0], 2], 'hours that proofs were ahead, and requests for tokens');
  });

  test('the time of an answer that wants a nonce is not learned', async () => {
    const { call, api, sent, tokens } = behind((request) => proofOf(request).claims.nonce !== 'n' && wantsNonce('n', dated(HOUR)));
    for (let calls = 0; calls < 2; calls++) is((await call(`${api}/things`)).status, 200, 'status');
    same([aheadOf(sent), tokens.length], [[0, 0, 0], 1], 'hours that proofs were ahead, and requests for tokens');
  });

  test('a runtime that lacks what a proof takes is told by a TokenError', async () => {
    const { call, api, sent } = made({ json: {} });
    await call(`${api}/things`);
    const { randomUUID } = crypto;
    try {
      crypto.randomUUID = undefined;
      await refused(() => call(`${api}/things`), { code: 'unsupported', retryable: false, names: 'dpop' });
    } finally {
      delete crypto.randomUUID;
      if (crypto.randomUUID !== randomUUID) crypto.randomUUID = randomUUID;
    }
    is((await call(`${api}/things`)).status, 200, 'status with it');
    is(sent.length, 2, 'requests');
  });

  test('a failure of the runtime to sign a proof is no fault of a key', async () => {
    const { call, api, sent } = made({ json: {} });
    await call(`${api}/things`);
    const { subtle } = crypto;
    try {
      subtle.sign = () => Promise.reject(new DOMException('it failed', 'OperationError'));
      await refused(() => call(`${api}/things`), { code: 'unsupported', names: ['dpop', 'WebCrypto failed'] });
    } finally {
      delete subtle.sign;
    }
    is((await call(`${api}/things`)).status, 200, 'status once it signs again');
    is(sent.length, 2, 'requests');
  });

  test('a request with an Authorization of its own keeps it, and gets no proof', async () => {
    const { call, api, sent, tokens } = made({ json: {} });
    for (const authorization of ['Bearer mine', 'DPoP mine']) {
      await call(`${api}/things`, { headers: { authorization } });
      same([sent.at(-1).headers.authorization, sent.at(-1).headers.dpop], [authorization, undefined], 'headers');
    }
    is(tokens.length, 0, 'requests to the token endpoint');
  });
};
