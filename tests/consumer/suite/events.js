/** What listeners hear: each step of an acquisition, in order, and nothing secret. */
import { excludes, is, ok, refused, rejection, same, started, within } from './harness.js';
import { HARD_SECRET, answering, emporix, gate, granting, oauth2, refusing } from './mock.js';
import { withClock } from './clock.js';

export default (test, { clear, configure, createClient, getToken, invalidate, onEvent }) => {
  /** What is heard while `body` runs. */
  async function heard(body) {
    const events = [];
    const stop = onEvent((event) => void events.push(event));
    try {
      await body(events);
    } finally {
      stop();
    }
    return events;
  }

  const types = (events) => events.map(({ type }) => type);
  const facts = ({ at, duration, ...rest }) => rest;

  test('a first token is a request, a response and a token', async () => {
    const before = Date.now();
    const events = await heard(() => getToken('oauth2', oauth2(answering(), { tokenEndpoint: 'https://auth.example.com/token?tenant=acme' })));
    same(events.map(facts), [
      { type: 'request', provider: 'oauth2', attempt: 1, url: 'https://auth.example.com/token' },
      { type: 'response', provider: 'oauth2', status: 200 },
      { type: 'token', provider: 'oauth2', lifetime: 3_600_000, background: false },
    ], 'events');
    ok(events.every(({ at }) => at >= before && at <= Date.now()), 'each to say when');
    ok(events[1].duration >= 0, 'the response to say how long it took');
    ok(events.every(Object.isFrozen), 'events that no listener can change for the next');
  });

  test('a hit is not told', async () => {
    const config = oauth2(answering());
    await getToken('oauth2', config);
    const client = createClient('oauth2', config);
    await client.getToken();
    same(await heard(async () => {
      await getToken('oauth2', config);
      await client.getToken();
    }), [], 'events');
  });

  test('a retry says how long it waits, and why', async () => {
    const events = await heard(() => getToken('oauth2', oauth2(answering({ status: 503 }, granting()), { retries: 1 })));
    same(types(events), ['request', 'response', 'retry', 'request', 'response', 'token'], 'events');
    const [, { status }, { code, delay }, { attempt }] = events;
    same([status, code, attempt], [503, 'http', 2], 'what they say');
    ok(delay >= 0 && delay <= 2_000, `a wait of at most 2 s, got ${delay}`);
  });

  test('a failure says its code, and once', async () => {
    const config = oauth2(answering(refusing()));
    const events = await heard(async () => {
      const calls = Array.from({ length: 5 }, () => refused(() => getToken('oauth2', config), { code: 'oauth' }));
      await Promise.all(calls);
      await refused(() => getToken('oauth2', config), { cached: true });
    });
    same(events.map(facts).slice(1), [
      { type: 'response', provider: 'oauth2', status: 401 },
      { type: 'failure', provider: 'oauth2', code: 'oauth' },
    ], 'events');
  });

  test('without an answer there is no response', async () => {
    const lost = () => Promise.reject(new TypeError('reset'));
    same(types(await heard(() => rejection(() => getToken('oauth2', oauth2(lost))))), ['request', 'failure'], 'events');
  });

  test('what is refused before a request is no event', async () => {
    same(await heard(() => rejection(() => getToken('oauth2', { clientId: 'client' }))), [], 'events');
  });

  test('a refresh behind a caller is a background one', () => withClock(async (advance) => {
    // Elsewhere there may be nothing that keeps it alive: the config's own always counts.
    const refreshes = [];
    const config = oauth2(answering(), { waitUntil: (promise) => void refreshes.push(promise) });
    await getToken('oauth2', config);
    advance(3_400_000);
    const events = await heard(async () => {
      await getToken('oauth2', config);
      await Promise.all(refreshes);
    });
    same(types(events), ['request', 'response', 'token'], 'events');
    is(events[2].background, true, 'background');
  }));

  test('invalidate and evict name their provider', async () => {
    const token = await getToken('emporix', emporix(answering()));
    same((await heard(() => invalidate('emporix', emporix(answering()), 'another'))).map(facts), [], 'nothing dropped');
    const dropped = await heard(() => invalidate('emporix', emporix(answering()), token));
    same(dropped.map(facts), [{ type: 'invalidate', provider: 'emporix' }], 'the cached token dropped');
    await getToken('emporix', emporix(answering()));
    const evicted = await heard(() => configure({ maxEntries: 1 }) ?? getToken('oauth2', oauth2(answering())));
    same(facts(evicted[0]), { type: 'evict', provider: 'emporix' }, 'the entry that had to go');
  });

  test('what never held a token goes unheard', async () => {
    configure({ maxEntries: 2 });
    const fetch = answering();
    const events = await heard(() => Promise.all(Array.from({ length: 10 }, (_, id) => getToken('oauth2', oauth2(fetch, { clientId: `client ${id}` })))));
    is(events.filter(({ type }) => type === 'evict').length, 0, 'evictions while ten requests are under way');
    is(events.filter(({ type }) => type === 'token').length, 10, 'tokens');
  });

  test('only a token that is dropped is told as invalidated', async () => {
    const config = emporix(answering());
    const drop = async () => invalidate('emporix', config, await getToken('emporix', config));
    is((await heard(drop)).filter(({ type }) => type === 'invalidate').length, 1, 'of the first new token');
    // More new tokens would not help where each is rejected: the second stays for a second.
    is((await heard(async () => { for (let i = 0; i < 20; i++) await drop(); })).filter(({ type }) => type === 'invalidate').length, 0, 'of the second');
  });

  test('a clock that is off is told', async () => {
    const skew = async (off) => {
      const headers = { date: new Date(Date.now() + off).toUTCString() };
      const fetch = answering((number) => ({ headers, ...granting()(number) }));
      const events = await heard(() => getToken('oauth2', oauth2(fetch, { partition: String(off) })));
      return events.find(({ type }) => type === 'clock_skew')?.skew;
    };
    const hour = await skew(3_600_000);
    ok(Math.abs(hour - 3_600_000) < 10_000, `an hour ahead, got ${hour}`);
    ok((await skew(-60_000)) < -30_000, 'a minute behind');
    is(await skew(10_000), undefined, 'ten seconds, which latency explains');
  });

  test('nothing secret is told', async () => {
    const descriptor = {
      id: 'acme',
      params: { apiKey: { kind: 'segment', secret: true }, account: { kind: 'segment', sensitive: false } },
      auth: { method: 'client_secret_post' },
      request: { url: 'https://auth.example.com/{account}/{apiKey}/token', query: { key: '{apiKey}' }, body: { grant_type: 'client_credentials' } },
    };
    const config = { ...oauth2(answering(refusing('invalid_client', 401, { error_description: HARD_SECRET }), granting()), { retries: 0 }), tokenEndpoint: undefined };
    const call = (changes) => getToken(descriptor, { ...config, account: 'acc0unt', apiKey: 'a key of some length', ...changes });
    const events = await heard(async () => {
      await refused(() => call(), { code: 'oauth' });
      await call({ partition: 'another' });
    });
    const told = JSON.stringify(events);
    ok(told.includes('acc0unt'), 'what is harmless to be told');
    for (const secret of [HARD_SECRET, encodeURIComponent(HARD_SECRET), 'a key of some length', 'a%20key', 'token-2']) excludes(told, secret, 'events');
  });

  test('a listener that throws, or rejects, changes nothing', async () => {
    const boom = () => { throw new Error('boom'); };
    const stops = [onEvent(boom), onEvent(async () => boom()), onEvent(() => ({ then: boom })), onEvent(() => new Promise(() => {}))];
    const events = await heard(async () => {
      is((await within(3_000, getToken('oauth2', oauth2(answering())))).accessToken, 'token-1', 'token');
    });
    same(types(events), ['request', 'response', 'token'], 'what a listener after them hears');
    stops.forEach((stop) => stop());
  });

  test('a listener may call back in', async () => {
    const held = gate();
    const config = oauth2(answering(async (number) => (await held.promise, granting()(number))));
    const inner = [];
    const stop = onEvent((event) => {
      if (event.type === 'request' || event.type === 'token') inner.push(started(getToken('oauth2', config)));
      if (event.type === 'response') invalidate('oauth2', config, 'token-1');
      configure({ maxEntries: 2_000 });
    });
    const outer = getToken('oauth2', config);
    held.open();
    const token = await within(3_000, outer);
    stop();
    is(inner.length, 2, 'calls from within');
    ok((await within(3_000, Promise.all(inner))).every((own) => own === token), 'each of them to get the token');
    clear();
  });

  test('each listener hears until it stops, once for each time it was added', async () => {
    let count = 0;
    const listener = () => void (count += 1);
    const stops = [onEvent(listener), onEvent(listener)];
    await getToken('oauth2', oauth2(answering(), { clientId: 'a' }));
    is(count, 6, 'events heard by both');
    stops[0]();
    stops[0]();
    await getToken('oauth2', oauth2(answering(), { clientId: 'b' }));
    is(count, 9, 'events heard by one');
    stops[1]();
    await getToken('oauth2', oauth2(answering(), { clientId: 'c' }));
    is(count, 9, 'events heard by none');
  });

  test('a listener is a function', () => {
    for (const listener of [undefined, null, 'log', {}]) {
      let thrown;
      try {
        onEvent(listener);
      } catch (error) {
        thrown = error;
      }
      is(thrown?.code, 'invalid_config', `code for ${String(listener)}`);
    }
  });
};
