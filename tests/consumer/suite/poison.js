/** Callers who break the rules hurt nobody but themselves: after each of them, the next call works. */
import { is, ok, refused, rejection, same, within } from './harness.js';
import { withClock } from './clock.js';
import { HARD_SECRET, answering, emporix, gate, granting, oauth2 } from './mock.js';

export default (test, { clear, createClient, getToken, invalidate, previewRequest }) => {
  let sequence = 0;

  /** A case after which a normal call still works, for the same key and for another. */
  function poisoned(name, body) {
    test(name, async () => {
      await body();
      for (const clientId of ['client', `another client ${(sequence += 1)}`]) {
        const token = await within(3_000, getToken('oauth2', oauth2(answering(), { clientId, partition: 'after the poison' })));
        is(token.accessToken, 'token-1', 'the token of a normal call afterwards');
      }
    });
  }

  /** Whatever comes of it, it comes as a promise that settles. */
  async function settles(call) {
    let promise;
    try {
      promise = call();
    } catch (thrown) {
      throw new Error(`expected a promise, got the synchronous throw of ${thrown?.message}`);
    }
    is(typeof promise?.then, 'function', 'then of the promise');
    return (await within(3_000, Promise.allSettled([promise])))[0];
  }

  const boom = new Error('boom');
  const thrower = () => { throw boom; };

  poisoned('a getter that throws', async () => {
    for (const field of ['clientSecret', 'scope', 'params', 'fetch', 'timeout', 'tokenEndpoint']) {
      const config = Object.defineProperty(oauth2(answering()), field, { get: thrower, enumerable: true });
      is((await settles(() => getToken('oauth2', config))).status, 'rejected', field);
      is((await settles(() => previewRequest('oauth2', config))).status, 'rejected', `${field}, preview`);
      is((await settles(() => createClient('oauth2', config).getToken())).status, 'rejected', `${field}, client`);
    }
    const params = Object.defineProperty({}, 'a', { get: thrower, enumerable: true });
    is((await settles(() => getToken('oauth2', oauth2(answering(), { params })))).status, 'rejected', 'a member of params');
    const options = Object.defineProperty({}, 'signal', { get: thrower, enumerable: true });
    await settles(() => getToken('oauth2', oauth2(answering()), options));
  });

  poisoned('a getter that calls back in', async () => {
    const config = Object.defineProperty(oauth2(answering()), 'audience', {
      enumerable: true,
      get() {
        getToken('oauth2', oauth2(answering())).catch(() => {});
        invalidate('oauth2', oauth2(answering()), 'token-1');
        clear();
        return 'https://api.example.com';
      },
    });
    await settles(() => getToken('oauth2', config));
  });

  poisoned('a proxy that does as it is told, and proxies that do not', async () => {
    const token = await within(3_000, getToken('oauth2', new Proxy(oauth2(answering()), {})));
    is(token.accessToken, 'token-1', 'the token of a transparent proxy');
    for (const trap of ['get', 'ownKeys', 'getOwnPropertyDescriptor', 'has', 'getPrototypeOf']) {
      await settles(() => getToken('oauth2', new Proxy(oauth2(answering()), { [trap]: thrower })));
      await settles(() => getToken('oauth2', oauth2(answering(), { params: new Proxy({ a: 'b' }, { [trap]: thrower }) })));
      await settles(() => getToken(new Proxy({ id: 'acme' }, { [trap]: thrower }), oauth2(answering())));
    }
    const { proxy, revoke } = Proxy.revocable(oauth2(answering()), {});
    revoke();
    is((await settles(() => getToken('oauth2', proxy))).status, 'rejected', 'a revoked proxy');
  });

  poisoned('a config or descriptor that contains itself', async () => {
    const config = oauth2(answering());
    config.params = { a: config };
    await refused(() => getToken('oauth2', config), { code: 'invalid_config' });
    const descriptor = { id: 'acme', request: { url: 'https://auth.example.com/', body: {} } };
    descriptor.request.body.again = descriptor;
    await refused(() => getToken(descriptor, {}), { code: 'invalid_config' });
  });

  poisoned('a descriptor as deep as the stack', async () => {
    let body = {};
    for (let depth = 0; depth < 20_000; depth += 1) body = { body };
    await settles(() => getToken({ id: 'acme', request: { url: 'https://auth.example.com/', encoding: 'json', body } }, oauth2(answering())));
  });

  const lying = (body) => ({ status: 200, headers: new Headers(), body });
  const once = (...values) => async () => values.shift();
  const STRANGE = {
    undefined: () => undefined, 'a number': () => 42, null: () => null, 'a symbol': () => Symbol('strange'),
    'an object that lies': () => ({ ok: true, status: 'fine', headers: null, text: thrower, json: thrower, body: null, arrayBuffer: thrower }),
    'a body whose reader throws': () => lying({ getReader: thrower }),
    'a body whose reader reads no promise': () => lying({ getReader: () => ({ read: () => 42, cancel: thrower }) }),
    'a body whose reader throws at reading': () => lying({ getReader: () => ({ read: thrower }) }),
    'a body of text chunks': () => lying({ getReader: () => ({ read: once({ done: false, value: 'text' }, { done: true }) }) }),
    'a body of symbols': () => lying({ getReader: () => ({ read: once({ done: false, value: Symbol('chunk') }, { done: true }) }) }),
    'headers that throw': () => ({ status: 200, headers: { [Symbol.iterator]: thrower, get: thrower }, body: null, text: async () => '{}' }),
    'an object with throwing getters': () => Object.defineProperty({}, 'status', { get: thrower }),
    'a thenable that throws': () => ({ then: thrower }),
  };
  for (const [what, value] of Object.entries(STRANGE)) {
    poisoned(`a fetch that gives ${what}`, async () => {
      const error = await refused(() => within(3_000, getToken('oauth2', oauth2(value))), {});
      ok(['network', 'invalid_response'].includes(error.code), `network or invalid_response, got ${error.code}`);
      await refused(() => within(3_000, getToken('oauth2', oauth2(async () => value(), { clientId: 'b' }))), {});
    });
  }

  poisoned('a fetch that throws what is no error', async () => {
    const thrown = [undefined, null, 'text', 42, Symbol('strange'), Object.create(null), { toString: thrower }, new Proxy({}, { get: thrower })];
    for (const [index, value] of thrown.entries()) {
      const config = oauth2(() => { throw value; }, { clientId: `client ${index}` });
      const error = await refused(() => within(3_000, getToken('oauth2', config)), { code: 'network' });
      ok(Object.is(error.cause, value), 'the very thing as the cause');
    }
  });

  poisoned('a fetch that never settles', async () => {
    await refused(() => getToken('oauth2', oauth2(() => new Promise(() => {}), { timeout: 60 })), { code: 'timeout' });
  });

  poisoned('a fetch that calls back in', async () => {
    const calling = answering(async (number) => {
      await getToken('emporix', emporix(answering()));
      await previewRequest('oauth2', oauth2(calling));
      invalidate('oauth2', oauth2(calling), 'token-1');
      return granting()(number);
    });
    is((await within(3_000, getToken('oauth2', oauth2(calling)))).accessToken, 'token-1', 'token');
  });

  poisoned('a fetch that clears the cache', async () => {
    const clearing = answering((number) => (clear(), granting()(number)));
    is((await within(3_000, getToken('oauth2', oauth2(clearing)))).accessToken, 'token-1', 'token');
  });

  poisoned('a fetch that waits for its own token', async () => {
    // It waits for itself, so that nothing but the timeout can end it.
    const config = oauth2(undefined, { timeout: 60 });
    config.fetch = () => getToken('oauth2', config);
    await refused(() => within(5_000, getToken('oauth2', config)), {});
  });

  poisoned('a clientSecret that calls back in', async () => {
    const fetch = answering();
    const clientSecret = async () => {
      await getToken('emporix', emporix(answering()));
      clear();
      return HARD_SECRET;
    };
    is((await within(3_000, getToken('oauth2', oauth2(fetch, { clientSecret })))).accessToken, 'token-1', 'token');
  });

  poisoned('a clientSecret that waits for its own token', async () => {
    const config = oauth2(answering(), { timeout: 60 });
    config.clientSecret = async () => (await getToken('oauth2', config)).accessToken;
    await refused(() => within(5_000, getToken('oauth2', config)), {});
  });

  poisoned('a waitUntil that throws', async () => {
    const token = await getToken('oauth2', oauth2(answering(), { waitUntil: thrower }));
    is(token.accessToken, 'token-1', 'token');
  });

  poisoned('a waitUntil that gives strange things', async () => {
    const given = { rejection: () => Promise.reject(boom), thenable: () => ({ then: thrower }), nothing: () => new Promise(() => {}), symbol: () => Symbol('strange') };
    for (const [what, waitUntil] of Object.entries(given)) {
      const token = await within(3_000, getToken('oauth2', oauth2(answering(), { waitUntil, partition: what })));
      is(token.accessToken, 'token-1', what);
    }
  });

  poisoned('a waitUntil that calls back in', async () => {
    const inner = [];
    const config = oauth2(answering(), {
      waitUntil() {
        inner.push(getToken('oauth2', config));
        invalidate('oauth2', config, 'token-1');
      },
    });
    const token = await within(3_000, getToken('oauth2', config));
    is(await within(3_000, inner[0]), token, 'the token of the call from within');
    is(inner.length, 1, 'calls from within');
    clear();
  });

  poisoned('a Promise whose then calls back in', () => withClock(async (advance) => {
    // With a usable token in hand, a request waits in every way that it knows.
    const config = oauth2(answering());
    await getToken('oauth2', config);
    advance(5_000);
    const { then } = Promise.prototype;
    let calls = 0;
    let inside = false;
    Promise.prototype.then = function (...handlers) {
      if (!inside) {
        inside = true;
        calls += 1;
        invalidate('oauth2', config, 'no such token');
        inside = false;
      }
      return then.apply(this, handlers);
    };
    try {
      const refreshed = getToken('oauth2', config, { forceRefresh: true });
      is((await within(3_000, refreshed)).accessToken, 'token-2', 'token');
    } finally {
      Promise.prototype.then = then;
    }
    ok(calls > 0, 'then to be called');
  }));

  poisoned('a signal that is none', async () => {
    for (const signal of [{ aborted: true }, { aborted: false, addEventListener: thrower }, 'stop', 42]) {
      await settles(() => getToken('oauth2', oauth2(answering(), { clientId: JSON.stringify(signal) }), { signal }));
    }
  });

  poisoned('invalidate with what is no token', () => {
    for (const token of [undefined, null, 42, {}, [], Symbol('token'), { accessToken: 42 }, Object.defineProperty({}, 'accessToken', { get: thrower })]) {
      let result = false;
      try {
        result = invalidate('oauth2', oauth2(answering()), token);
      } catch {
        // Not a token and not a string: a throw is as good an answer as false.
      }
      is(result, false, 'result');
    }
  });

  poisoned('a thousand callers of a fetch that fails', async () => {
    const held = gate();
    const fetch = answering(async () => { await held.promise; throw boom; });
    const calls = Promise.allSettled(Array.from({ length: 1_000 }, () => getToken('oauth2', oauth2(fetch))));
    held.open();
    const outcomes = await calls;
    ok(outcomes.every(({ status }) => status === 'rejected'), 'every caller to be told');
    same([fetch.asked.length, new Set(outcomes.map(({ reason }) => reason)).size], [1, 1_000], 'requests and errors');
  });

  poisoned('an abort from within the fetch', async () => {
    const controller = new AbortController();
    const aborting = answering((number) => (controller.abort('stopped'), granting()(number)));
    is(await rejection(() => getToken('oauth2', oauth2(aborting), { signal: controller.signal })), 'stopped', 'what it rejected with');
  });
};
