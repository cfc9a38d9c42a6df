/** Bodies of requests that carry a token: what can be sent again is, a stream goes once, and what can not go at all is refused first. */
import { includes, is, ok, refused, rejection, same, started } from './harness.js';
import { answering, emporix } from './mock.js';

export default (test, { clear, createFetch }, { odd, runtime }) => {
  const API = 'https://api.emporix.io/product/acme/products';
  const OK = { json: { fine: true } };
  const UNAUTHORIZED = { status: 401, json: { error: 'invalid_token' } };
  const MOVED = { status: 307, headers: { location: '/moved' } };

  /** A fetch for Emporix's API that gives these answers, and what it and the token endpoint were asked. */
  function api(...answers) {
    const [tokens, asked] = [answering(), answering(...answers)];
    return { call: createFetch('emporix', emporix(tokens), { fetch: asked }), tokens, asked: asked.asked };
  }

  const bytes = () => new TextEncoder().encode('payload=1');
  const BODIES = {
    'a string': () => 'payload=1',
    bytes,
    'an ArrayBuffer': () => bytes().buffer,
    'URL parameters': () => new URLSearchParams({ payload: '1' }),
    'a blob': () => new Blob(['payload=1'], { type: 'text/x-mine' }),
  };
  for (const [what, body] of Object.entries(BODIES)) {
    test(`a body that is ${what} is sent again after a 401 and after a redirect`, async () => {
      for (const first of [UNAUTHORIZED, MOVED]) {
        const { call, asked } = api(first, OK);
        is((await call(API, { method: 'POST', body: body() })).status, 200, 'status');
        same(asked.map((request) => [request.method, request.body]), [['POST', 'payload=1'], ['POST', 'payload=1']], 'requests');
        const { headers } = new Request(API, { method: 'POST', body: body() });
        for (const request of asked) is(request.headers['content-type'] ?? null, headers.get('content-type'), 'content type');
      }
    });
  }

  test('a text and a blob, which can not change, are handed on as they are', async () => {
    for (const body of ['payload', new Blob(['payload'])]) {
      const seen = [];
      const fetch = async (_, init) => (seen.push(init.body), new Response(null, { status: seen.length === 1 ? 401 : 200 }));
      const call = createFetch('emporix', emporix(answering()), { fetch });
      is((await call(API, { method: 'POST', body })).status, 200, 'status');
      ok(seen.length === 2 && seen.every((sent) => sent === body), 'the same body, twice');
      clear();
    }
  });

  test('a FormData is sent again after a 401, in the same words', async () => {
    const { call, asked } = api(UNAUTHORIZED, OK);
    const body = new FormData();
    body.set('payload', '1');
    is((await call(API, { method: 'POST', body })).status, 200, 'status');
    ok(asked[0].body.includes('payload'), 'the field to be sent');
    same([asked[1].body, asked[1].headers['content-type']], [asked[0].body, asked[0].headers['content-type']], 'what was sent again');
  });

  test('a body that is changed after the call is sent as a Request has it', async () => {
    const { call, asked } = api(UNAUTHORIZED, OK);
    const [parameters, form] = [new URLSearchParams({ payload: 'early' }), new FormData()];
    form.set('payload', 'early');
    const calls = [call(API, { method: 'POST', body: parameters }), call(API, { method: 'PUT', body: form })];
    const request = new Request(API, { method: 'POST', body: parameters });
    parameters.set('payload', 'late');
    form.set('payload', 'late');
    await Promise.all(calls);
    // WebKit's requests have the later parameters, too.
    const expected = { POST: await request.text(), PUT: 'early' };
    for (const { method, body } of asked) includes(body, expected[method], `what was sent with ${method}`);
    is(asked.length, 3, 'requests');
  });

  test('the body of a Request is sent again after a 401 and after a redirect', async () => {
    for (const first of [UNAUTHORIZED, MOVED]) {
      const { call, asked } = api(first, OK);
      is((await call(new Request(API, { method: 'POST', body: 'payload=1' }))).status, 200, 'status');
      same(asked.map(({ body }) => body), ['payload=1', 'payload=1'], 'bodies');
    }
  });

  test('a Request and an init are merged as fetch merges them', async () => {
    const { call, asked } = api(OK);
    const request = new Request(API, { method: 'PUT', headers: { 'x-mine': 'request' }, body: 'of the request' });
    await call(request.clone(), { headers: { 'x-other': 'init' } });
    await call(request.clone(), { method: 'PATCH', body: 'of the init' });
    await call(request);
    same(asked.map(({ method, body, headers }) => [method, body, headers['x-mine'], headers['x-other'], headers.authorization]), [
      ['PUT', 'of the request', undefined, 'init', 'Bearer token-1'],
      ['PATCH', 'of the init', 'request', undefined, 'Bearer token-1'],
      ['PUT', 'of the request', 'request', undefined, 'Bearer token-1'],
    ], 'requests');
  });

  const STREAMS = {
    'a stream': () => new ReadableStream({
      start(controller) {
        controller.enqueue(bytes());
        controller.close();
      },
    }),
    'an async iterable': async function* () {
      yield bytes();
    },
  };
  const sending = (body) => ({ method: 'POST', body, duplex: 'half' });
  /** Whether this runtime has such bodies. Where it has not, `fetch` would send their names as text, or throws. */
  const streams = (body) => {
    try {
      return !new Request(API, sending(body)).headers.has('content-type');
    } catch {
      return false;
    }
  };
  for (const [what, body] of Object.entries(STREAMS)) {
    test(`a body that is ${what} is sent once, and where it can not be sent, it is refused`, async () => {
      const { call, asked, tokens } = api(UNAUTHORIZED, OK);
      if (!streams(body())) {
        await refused(() => call(API, sending(body())), { code: 'invalid_config', names: ['body', 'Blob'] });
        same([asked.length, tokens.asked.length], [0, 0], 'requests');
        return;
      }
      const response = await call(API, sending(body()));
      same([response.status, await response.json()], [401, UNAUTHORIZED.json], 'answer');
      same(asked.map((request) => request.body), ['payload=1'], 'requests');
      is((await call(API)).status, 200, 'status of the next call');
      is(tokens.asked.length, 2, 'token requests: the refused token was dropped');
    });

    test(`after a redirect, a body that is ${what} is not sent again, but left out where a GET follows`, async () => {
      if (!streams(body())) return;
      for (const status of [307, 308]) {
        const { call, asked } = api({ ...MOVED, status }, OK);
        await refused(() => call(API, sending(body())), { code: 'redirect', names: 'stream' });
        is(asked.length, 1, 'requests');
      }
      const { call, asked } = api({ ...MOVED, status: 303 }, OK);
      is((await call(API, sending(body()))).status, 200, 'status');
      same(asked.map((request) => [request.method, request.body]), [['POST', 'payload=1'], ['GET', '']], 'requests');
      clear();
      const other = api({ ...MOVED, status: 303 }, UNAUTHORIZED, OK);
      is((await other.call(API, sending(body()))).status, 200, 'status after the GET was rejected');
      same(other.asked.map(({ method }) => method), ['POST', 'GET', 'GET'], 'requests where the GET was rejected');
    });
  }

  test('over the wire, a stream arrives where the runtime sends streams', async () => {
    const call = createFetch('emporix', emporix(answering()), { origins: [odd.url] });
    const sent = call(`${odd.url}/api/echo`, sending(STREAMS['a stream']()));
    // Chromium sends none over HTTP/1.1, and the others none at all.
    if (runtime === 'browser') ok((await rejection(() => sent)) instanceof Error, 'an error');
    else is((await (await sent).json()).body, 'payload=1', 'what arrived');
  });

  test('a body that was read already is refused before anything is sent', async () => {
    const { call, asked, tokens } = api(OK);
    const request = new Request(API, { method: 'POST', body: 'payload=1' });
    await request.text();
    for (const init of [undefined, {}, { headers: { 'x-mine': '1' } }, { body: null }]) {
      await refused(() => call(request, init), { code: 'invalid_config', retryable: false, names: ['body', 'clone()'] });
    }
    same([asked.length, tokens.asked.length], [0, 0], 'requests');
    is((await call(request, { body: 'another' })).status, 200, 'status with another body');
    is(asked[0].body, 'another', 'what was sent');
  });

  test('a body that is being read is refused before anything is sent', async () => {
    const { call, asked, tokens } = api(OK);
    const stream = STREAMS['a stream']();
    stream.getReader();
    await refused(() => call(API, sending(stream)), { code: 'invalid_config', retryable: false, names: ['body', 'stream'] });
    const request = new Request(API, { method: 'POST', body: 'payload=1' });
    // Firefox shows no body of a request, so that nobody can begin to read it there.
    if (request.body) {
      request.body.getReader();
      await refused(() => call(request), { code: 'invalid_config', retryable: false, names: ['body', 'clone()'] });
    }
    same([asked.length, tokens.asked.length], [0, 0], 'requests');
  });

  test('a call takes the body of its Request, as fetch does', async () => {
    const { call, asked } = api(OK);
    const [request, other] = ['1', '2'].map((payload) => new Request(API, { method: 'POST', body: payload }));
    await call(request);
    new Request(other);
    is(request.bodyUsed, other.bodyUsed, 'whether the body was used');
    // Bun takes a copy, of which there can be many.
    if (!other.bodyUsed) return;
    await refused(() => call(request), { code: 'invalid_config' });
    is(asked.length, 1, 'requests');
  });

  test('a body that breaks off is told, and nothing is sent', async () => {
    const broken = () => new ReadableStream({ pull: (controller) => controller.error(new Error('the disk is gone')) });
    const { call, asked } = api(OK);
    if (!streams(broken())) return refused(() => call(API, sending(broken())), { code: 'invalid_config', names: 'body' });
    ok((await rejection(() => call(new Request(API, sending(broken()))))) instanceof Error, 'an error');
    is(asked.length, 0, 'requests');
  });

  test('a signal ends the wait for the body of a Request', async () => {
    const silent = () => new ReadableStream({});
    const { call, asked } = api(OK);
    if (!streams(silent())) return refused(() => call(API, sending(silent())), { code: 'invalid_config', names: 'body' });
    const controller = new AbortController();
    const waiting = started(rejection(() => call(new Request(API, sending(silent())), { signal: controller.signal })));
    setTimeout(() => controller.abort('stopped'), 20);
    is(await waiting, 'stopped', 'what it rejected with');
    is(asked.length, 0, 'requests');
  });
};
