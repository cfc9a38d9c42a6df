/** Every way that a request can fail, and what the caller is told. */
import { between, excludes, is, ok, refused, rejection, skip, sleep, started } from './harness.js';
import { answering, granting, oauth2, refusing, respond } from './mock.js';

export default (test, { getToken, TokenError }, { odd }) => {
  const failing = (fetch, expected, changes) => refused(() => getToken('oauth2', oauth2(fetch, changes)), expected);

  test('a TokenError is an Error, and says so', async () => {
    const error = await failing(answering(refusing()), { code: 'oauth', provider: 'oauth2' });
    ok(error instanceof TokenError, 'an instance of TokenError');
    ok(error instanceof Error, 'an instance of Error');
    is(error.name, 'TokenError', 'name');
    ok(String(error).startsWith('TokenError: '), `the name in front, got ${error}`);
    ok(error.message.length > 0, 'a message');
  });

  test('a refused connection is a network error', async () => {
    // Nothing listens on the discard port of a loopback address, and browsers refuse to try: no response either way.
    const config = { ...oauth2(), fetch: undefined, tokenEndpoint: 'http://127.0.0.1:9/token' };
    const error = await refused(() => getToken('oauth2', config), { code: 'network', retryable: true, attempts: 1 });
    is(error.status ?? null, null, 'status');
  });

  test('a body that is cut short is a network error', async () => {
    const spec = { body: { access_token: 'x'.repeat(2_000), token_type: 'Bearer' }, cut: true };
    const tokenEndpoint = `${odd.url}/answer?spec=${encodeURIComponent(JSON.stringify(spec))}`;
    await refused(() => getToken('oauth2', { ...oauth2(), fetch: undefined, tokenEndpoint }), { code: 'network', retryable: true });
  });

  const THROWING = {
    throws: (boom) => () => { throw boom; },
    rejects: (boom) => () => Promise.reject(boom),
  };
  for (const [fault, fetchOf] of Object.entries(THROWING)) {
    test(`a fetch option that ${fault} is a network error with its cause`, async () => {
      const boom = new Error('no route');
      const error = await failing(fetchOf(boom), { code: 'network', retryable: true, attempts: 1 });
      is(error.cause, boom, 'cause');
    });
  }

  test('a server that does not answer is a timeout, and the request is given up', async () => {
    const signals = [];
    const hanging = (_, init) => (signals.push(init?.signal), new Promise(() => {}));
    await failing(hanging, { code: 'timeout', retryable: true, attempts: 1 }, { timeout: 60 });
    ok(signals[0] === undefined || signals[0] === null || signals[0].aborted, 'the signal of the request to be aborted');
  });

  test('the timeout covers the body too', async () => {
    const endless = async () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"acc')) }));
    await failing(endless, { code: 'timeout', retryable: true }, { timeout: 60 });
  });

  test('the timeout holds over the wire', async () => {
    const config = { ...oauth2(), fetch: undefined, tokenEndpoint: `${odd.url}/slow?ms=3000`, timeout: 80 };
    const started = performance.now();
    await refused(() => getToken('oauth2', config), { code: 'timeout', retryable: true });
    ok(performance.now() - started < 2_000, 'an answer long before the server had one');
  });

  test('each attempt has a timeout of its own', async () => {
    let asked = 0;
    const hanging = () => ((asked += 1), new Promise(() => {}));
    await failing(hanging, { code: 'timeout', attempts: 2 }, { timeout: 60, retries: 1 });
    is(asked, 2, 'requests');
  });

  test('a gateway page is an http error with its status', async () => {
    const page = { headers: { 'content-type': 'text/html' }, text: '<html><h1>Bad Gateway</h1></html>' };
    await failing(answering({ ...page, status: 502 }), { code: 'http', status: 502, retryable: true, names: '502' });
    await failing(answering({ ...page, status: 404 }), { code: 'http', status: 404, retryable: false, names: '404' }, { clientId: 'b' });
  });

  const RETRYABLE = { 408: true, 429: true, 500: true, 503: true, 599: true, 400: false, 403: false, 405: false, 410: false };
  test('the status decides whether trying again makes sense', async () => {
    for (const [status, retryable] of Object.entries(RETRYABLE)) {
      const answer = { status: Number(status), text: '' };
      await failing(answering(answer), { code: 'http', retryable, status: Number(status) }, { clientId: status });
    }
  });

  test('so does the reason, where there is one', async () => {
    const cases = [
      ['temporarily_unavailable', 400, true], ['server_error', 400, true], ['slow_down', 400, true],
      ['invalid_client', 401, false], ['invalid_scope', 400, false], ['unauthorized_client', 403, false],
      ['invalid_client', 429, true], ['invalid_request', 500, true], ['anything', 408, true],
    ];
    for (const [error, status, retryable] of cases) {
      await failing(answering(refusing(error, status)), { code: 'oauth', error, status, retryable }, { clientId: `${error}${status}` });
    }
  });

  test('what is retryable is tried again, and what is not is not', async () => {
    const once = answering({ status: 503 }, granting());
    is((await getToken('oauth2', oauth2(once, { retries: 1 }))).accessToken, 'token-2', 'token');
    const never = answering(refusing(), granting());
    await failing(never, { code: 'oauth', attempts: 1 }, { retries: 2, clientId: 'b' });
    is(never.asked.length, 1, 'requests');
    const always = answering({ status: 503 });
    await failing(always, { code: 'http', attempts: 3 }, { retries: 2, clientId: 'c' });
    is(always.asked.length, 3, 'requests');
  });

  test('a network error is tried again by default', async () => {
    const { retries: _, ...config } = oauth2(answering(() => { throw new TypeError('reset'); }, granting()));
    is((await getToken('oauth2', config)).accessToken, 'token-2', 'token');
  });

  test('what the runtime says of a failed request is told once, and without a query', async () => {
    const { fetch } = globalThis;
    const failing = async () => {
      throw Object.assign(new TypeError('no route to https://auth.example.com/token?code=SECRET-99 now'), { name: 'N https://x.example/?SECRET-99' });
    };
    try {
      globalThis.fetch = failing;
    } catch {
      // Where it can not be replaced, it says nothing that is known.
    }
    if (globalThis.fetch !== failing) return;
    try {
      const error = await rejection(() => getToken('oauth2', oauth2(undefined, { clientId: 'unlucky' })));
      is(error.code, 'network', 'code');
      is(error.message.split('no route').length, 2, `how often ${error.message} tells it`);
      excludes(`${error.message} ${error.stack} ${error.cause.message} ${error.cause.stack} ${error.cause.name}`, 'SECRET-99', 'what is told');
    } finally {
      globalThis.fetch = fetch;
    }
  });

  test('Retry-After is told in milliseconds, in either form', async () => {
    const saying = (value) => answering({ status: 503, headers: { 'retry-after': value } });
    await failing(saying('7'), { code: 'http', retryAfter: 7_000 });
    const { retryAfter } = await failing(saying(new Date(Date.now() + 30_000).toUTCString()), { code: 'http' }, { clientId: 'b' });
    between(retryAfter, 27_000, 31_000, 'retryAfter of a date');
    const { retryAfter: none } = await failing(saying('soon'), { code: 'http' }, { clientId: 'c' });
    is(none ?? null, null, 'retryAfter of a word');
  });

  test('a Retry-After that is neither seconds nor a date says nothing', async () => {
    const saying = (value) => answering({ status: 503, headers: { 'retry-after': value } });
    // `Date.parse('-1')` is a day in 2001, and '+5' one in May.
    for (const value of ['-1', '+5', '7.5', 'soon']) {
      const { retryAfter } = await failing(saying(value), { code: 'http' }, { clientId: value });
      is(retryAfter ?? null, null, value);
    }
  });

  test('Retry-After is obeyed between attempts', async () => {
    const fetch = answering({ status: 429, headers: { 'retry-after': '1' } }, granting());
    const call = started(getToken('oauth2', oauth2(fetch, { retries: 1 })));
    await sleep(700);
    is(fetch.asked.length, 1, 'requests within the second');
    is((await call).accessToken, 'token-2', 'token');
  });

  test('a runtime without fetch is unsupported', async () => {
    const { fetch } = globalThis;
    try {
      globalThis.fetch = undefined;
    } catch {
      // Where it cannot be taken away, it is still there.
    }
    if (globalThis.fetch !== undefined) skip('fetch cannot be taken away in this runtime');
    try {
      const error = await failing(undefined, { code: 'unsupported', retryable: false, names: 'fetch' });
      ok(error.attempts <= 1, 'no further attempts');
    } finally {
      globalThis.fetch = fetch;
    }
  });

  test('an answer that is no Response is a network error', async () => {
    for (const value of [undefined, null, 42, 'text', {}, []]) {
      const error = await rejection(() => getToken('oauth2', oauth2(async () => value, { clientId: `gives ${JSON.stringify(value)}` })));
      ok(['network', 'invalid_response'].includes(error.code), `network or invalid_response, got ${error.code}`);
    }
  });

  test('a Response that was read already is a failure, not a hang', async () => {
    const consumed = async () => {
      const response = respond(granting()(1));
      await response.text();
      return response;
    };
    const error = await rejection(() => getToken('oauth2', oauth2(consumed)));
    is(error.name, 'TokenError', 'name');
  });
};
