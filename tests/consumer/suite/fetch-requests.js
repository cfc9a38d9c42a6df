/** What a request is besides its URL, headers and body: every send of it keeps that. */
import { excludes, is, ok, refused, rejection, same, sleep, started } from './harness.js';
import { answering, emporix, respond } from './mock.js';
import { everythingIn } from './told.js';

export default (test, { clear, createFetch }, { odd, runtime }) => {
  const API = 'https://api.emporix.io/product/acme/products';
  const ANSWERS = [{ status: 401 }, { status: 307, headers: { location: '/moved' } }, { json: { fine: true } }];

  /** A fetch for Emporix's API that has no token yet and is answered with a 401, a redirect and then well, and what was called. */
  function api() {
    clear();
    const seen = [];
    const fetch = async (...call) => respond(ANSWERS[seen.push(call) - 1]);
    return { call: createFetch('emporix', emporix(answering()), { fetch }), seen };
  }

  const PROPERTIES = {
    method: ['GET', 'POST', 'DELETE', 'PATCH', 'PURGE'],
    cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache'],
    credentials: ['omit', 'same-origin', 'include'],
    integrity: ['', 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    keepalive: [true, false],
    mode: ['cors', 'same-origin'],
    referrer: ['', 'about:client'],
    referrerPolicy: ['', 'no-referrer', 'origin', 'unsafe-url'],
    cf: [{ cacheTtl: 5, image: { width: 80 } }],
  };
  for (const [name, values] of Object.entries(PROPERTIES)) {
    test(`each send has the ${name} of the request`, async () => {
      for (const value of values) {
        const init = { [name]: value };
        if (!isTaken(init)) {
          await refused(() => api().call(API, init), { code: 'invalid_config' });
          continue;
        }
        const other = () => new Request(API, { method: 'PUT', body: name === 'method' ? null : 'payload' });
        for (const given of [() => [API, init], () => [new Request(API, init)], () => [other(), init]]) {
          const expected = new Request(...given());
          const { call, seen } = api();
          is((await call(...given())).status, 200, 'status');
          is(seen.length, 3, 'requests');
          // As the runtime's fetch reads its arguments.
          for (const sent of seen) same(new Request(...sent)[name] ?? null, expected[name] ?? null, `${name} of ${value}`);
        }
      }
    });
  }

  /** Whether this runtime makes requests of it. */
  function isTaken(init) {
    try {
      return new Request(API, init) !== undefined;
    } catch {
      return false;
    }
  }

  test('a page of its own as referrer is kept', async () => {
    if (runtime !== 'browser') return;
    const { call, seen } = api();
    const referrer = new URL('/of-the-caller', location.href).href;
    await call(new Request(API, { referrer }));
    same(seen.map((sent) => new Request(...sent).referrer), [referrer, referrer, referrer], 'referrers');
  });

  test('each send has the headers of the request, and the token beside them', async () => {
    const { call, seen } = api();
    await call(new Request(API, { headers: { 'x-mine': '1', accept: 'text/x-mine' } }));
    const headers = seen.map((sent) => ['x-mine', 'accept', 'authorization'].map((name) => new Request(...sent).headers.get(name)));
    same(headers, [1, 2, 2].map((number) => ['1', 'text/x-mine', `Bearer token-${number}`]), 'headers');
  });

  test('each send is aborted with the signal of the request', async () => {
    for (const given of [(signal) => [API, { signal }], (signal) => [new Request(API, { signal })]]) {
      const controller = new AbortController();
      const { call, seen } = api();
      await call(...given(controller.signal));
      same(seen.map((sent) => new Request(...sent).signal.aborted), [false, false, false], 'aborted before');
      controller.abort('stopped');
      same(seen.map((sent) => new Request(...sent).signal.aborted), [true, true, true], 'aborted after');
    }
  });

  test('nobody listens to a signal once the answer has come', async () => {
    for (const init of [{}, { method: 'POST', body: 'payload' }]) {
      const { signal } = new AbortController();
      let listeners = 0;
      for (const [name, change] of [['addEventListener', 1], ['removeEventListener', -1]]) {
        signal[name] = (...given) => {
          listeners += change;
          AbortSignal.prototype[name].apply(signal, given);
        };
      }
      const { call, seen } = api();
      await call(API, { ...init, signal });
      same([seen.length, listeners], [3, 0], 'requests and listeners');
    }
  });

  test('what a runtime refuses is not told, since it may be a secret', async () => {
    const secret = 'pass-word';
    const refusable = [
      [`https://user:${secret}@api.emporix.io/`],
      [`https://user:${secret}@`],
      [API, { headers: { authorization: `Bearer mine\n${secret}` } }],
      [API, { method: `BAD ${secret}` }],
      [API, { referrer: `https://${secret}@` }],
    ];
    for (const given of refusable) {
      // Where a runtime takes one of them, there is nothing to tell.
      const outcome = await api().call(...given).catch((error) => error);
      excludes(everythingIn(outcome), secret, 'what is told');
    }
  });

  test('a signal that is aborted already sends nothing', async () => {
    const { call, seen } = api();
    const signal = AbortSignal.abort('stopped');
    is(await started(rejection(() => call(API, { signal }))), 'stopped', 'what it rejected with');
    is(seen.length, 0, 'requests');
  });

  test('a signal is heeded until the body has come, whatever the collector of garbage does meanwhile', async () => {
    const call = createFetch('emporix', emporix(answering()), { origins: [odd.url] });
    const headers = { authorization: 'Bearer mine' };
    const calls = [
      (init) => call(`${odd.url}/hang`, init),
      (init) => call(`${odd.url}/hang`, { method: 'POST', body: 'payload', ...init }),
      (init) => call(`${odd.url}/hang`, { headers, ...init }),
      async (init) => (await call(`${odd.url}/api/endless`, init)).text(),
    ];
    const controllers = calls.map(() => new AbortController());
    const waiting = calls.map((open, at) => started(rejection(() => open({ signal: controllers[at].signal }))));
    // Node passes a signal on for as long as somebody holds the requests in between.
    let garbage;
    for (let round = 0; round < 12; round++) {
      // What lives for a while is collected with all that is old, as the requests are by now.
      garbage = Array.from({ length: 400_000 }, (_, number) => ({ number }));
      await sleep(20);
    }
    is(garbage.length, 400_000, 'the last of it');
    for (const controller of controllers) controller.abort(new Error('stopped'));
    for (const error of await Promise.all(waiting)) ok(error instanceof Error, 'an error');
  });

  test('a call without a URL is refused', async () => {
    // In a page, whatever it is is read against the page's.
    for (const url of runtime === 'browser' ? ['https://'] : [undefined, null, '', 'https://', {}]) {
      const { call, seen } = api();
      await refused(() => call(url), { code: 'invalid_config', retryable: false });
      is(seen.length, 0, 'requests');
    }
  });

  test('what only this runtime takes reaches its fetch at each send', async () => {
    const { call, seen } = api();
    const dispatcher = { dispatch() {} };
    await call(API, { method: 'POST', body: 'payload', headers: { 'x-mine': '1' }, dispatcher, proxy: 'http://127.0.0.1:1' });
    for (const [, init] of seen) same([init.dispatcher === dispatcher, init.proxy], [true, 'http://127.0.0.1:1'], 'options');
    is(seen.length, 3, 'requests');
  });

  test('a request that is the init of another is read as fetch reads it', async () => {
    const { call, seen } = api();
    await call(API, new Request('https://another.example/', { method: 'DELETE', headers: { 'x-mine': '1' } }));
    for (const sent of seen) {
      const request = new Request(...sent);
      same([request.method, request.headers.get('x-mine')], ['DELETE', '1'], 'request');
      ok(request.url.startsWith('https://api.emporix.io/'), 'the URL of the call');
    }
  });
};
