// The JavaScript face: it instantiates the core at the first call, answers hits without entering
// asynchronous code, and shapes errors. It decides nothing about tokens; the core does.

import { createApiFetch } from './api-fetch.js';
import { host } from './host.js';
import { Listeners } from './listeners.js';
import { Hits } from './hits.js';
import { snapshot } from './snapshot.js';
import { TokenError, invalidConfig } from './token-error.js';

/**
 * Everything the package exports, for one runtime.
 *
 * @param runtime `load` instantiates the wasm and gives its glue, at once or as a promise; `waitUntil`,
 *   where there is one, keeps a request alive after its answer was sent; `isWorker` tells Workers.
 */
export const tokenlet = (runtime) => {
  const hits = new Hits();
  const listeners = new Listeners();
  let core;
  let loading;
  let maxEntries;

  const adopt = (glue) => {
    glue.connect(host, isWorker(runtime), runtime.waitUntil);
    if (maxEntries !== undefined) glue.configure(maxEntries);
    listeners.connect(glue);
    core = glue;
    return core;
  };

  // A load that failed is not remembered: the next call tries again.
  const ready = async () => {
    try {
      const glue = core ?? await (loading ??= runtime.load());
      return core ?? adopt(glue);
    } catch (cause) {
      throw notLoaded(cause);
    } finally {
      loading = undefined;
    }
  };

  const isFresh = (found) =>
    core.hit(found.slot, found.serial, Date.now(), typeof performance === 'object' ? performance.now() : Date.now(), found.maxAge);

  // What the core answers, or rejects with, as the caller gets it.
  const ask = async (question) => {
    const core = await ready();
    try {
      return await question(core);
    } catch (error) {
      throw shape(error);
    }
  };

  // Takes snapshots. Resolves to what `hits` remembers of the token.
  const acquire = (provider, config, options) => heeding(options.signal, async () => {
    const [token, slot, serial, isOwn] = await ask((core) => core.acquire(provider, config, options));
    freeze(token);
    return hits.remember(provider, config, { token, slot, serial, isOwn });
  });

  // A promise of the token that `find` finds, if it is fresh and the options ask for no more.
  const atOnce = (find, options) => {
    try {
      const found = isModest(options) ? find() : undefined;
      return found !== undefined && isFresh(found) ? Promise.resolve(found.token) : undefined;
    } catch {
      // Whatever can not be read is reported on the slow path, which reads it too.
      return undefined;
    }
  };

  const getToken = (provider, config, options) => atOnce(() => hits.find(provider, config), options) ?? getTokenSlowly(provider, config, options);

  const getTokenSlowly = async (provider, config, options) => {
    const call = copied({ provider, config });
    return (await acquire(call.provider, call.config, own(options))).token;
  };

  const createClient = (provider, config, options) => {
    const copy = attempt(() => snapshot({ provider, config, options: own(options, ['origins', 'fetch']) }));
    let found;
    const client = {
      getToken: (options) => atOnce(() => found, options) ?? clientToken(options),
      invalidate: (token) => invalidate(copy().provider, copy().config, token),
    };
    const clientToken = async (options) => {
      const { provider, config } = copy();
      found = await acquire(provider, config, own(options));
      return found.token;
    };
    client.fetch = createApiFetch(client, async () => {
      const { provider, config, options } = copy();
      return { ...await ask((core) => core.usage(provider, config)), options };
    });
    return Object.freeze(client);
  };

  const previewRequest = async (provider, config) => {
    const call = copied({ provider, config });
    return ask((core) => core.preview(call.provider, call.config));
  };

  const invalidate = (provider, config, token) => {
    const text = typeof token === 'string' ? token : token?.accessToken;
    if (typeof text !== 'string') throw invalidConfig('token: expected a Token or its accessToken');
    // Nothing was fetched yet, so nothing is cached.
    if (core === undefined) return false;
    const call = copied({ provider, config });
    try {
      return core.invalidate(call.provider, call.config, text);
    } catch (error) {
      throw shape(error);
    }
  };

  const clear = () => {
    hits.clear();
    core?.clear();
  };

  const configure = (options) => {
    const { maxEntries: most } = own(options, ['maxEntries']);
    if (most === undefined) return;
    if (!Number.isInteger(most) || most < 1 || most > 0xffffffff) throw invalidConfig('maxEntries: expected a whole number from 1 to 4294967295');
    maxEntries = most;
    core?.configure(most);
  };

  return {
    getToken, createClient, previewRequest, invalidate, clear, configure, TokenError,
    onEvent: (listener) => listeners.add(listener),
    createFetch: (provider, config, options) => createClient(provider, config, options).fetch,
  };
};

// Whether this is Cloudflare's runtime. Old compatibility dates have no `navigator`, and a Worker may be bundled with another
// entry: either says so.
const isWorker = ({ isWorker }) => isWorker === true || globalThis.navigator?.userAgent === 'Cloudflare-Workers';

// Whether the options, as they came, leave a hit to be handed out at once.
const isModest = (options) => options === undefined || options === null ||
  (typeof options === 'object' && Object.keys(options).every((name) => name === 'signal' && isQuiet(options.signal)));

const isQuiet = (signal) => signal === undefined || signal === null || (signal instanceof AbortSignal && !signal.aborted);

// A copy of options, without what objects inherit. A signal stays what it is. Without `names`, the core checks the fields.
const own = (options, names) => readable(() => {
  if (typeof options !== 'object' && options !== undefined) throw invalidConfig('options: expected an object');
  const copy = { __proto__: null, ...options };
  for (const name in copy) {
    if (copy[name] === undefined || names === undefined || names.includes(name)) continue;
    throw invalidConfig(`options.${name}: unknown field; known: ${names.join(', ')}`);
  }
  return copy;
});

// What `work` gives, unless the caller's own signal is aborted first: that detaches this caller and
// nobody else. Rejects with the signal's reason, as `fetch` does.
const heeding = async (signal, work) => {
  if (signal === undefined || signal === null) return work();
  for (const name of ['addEventListener', 'removeEventListener']) {
    if (typeof signal[name] !== 'function') throw invalidConfig('options.signal: expected an AbortSignal');
  }
  if (signal.aborted) throw signal.reason;
  let abort;
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

// Callers share a token, so nobody may change it. What is frozen was frozen whole.
const freeze = (value) => {
  if (typeof value === 'object' && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(freeze);
};

// What reading a caller's data gives.
const readable = (read) => {
  try {
    return read();
  } catch (error) {
    throw error instanceof TokenError ? error : invalidConfig('the config or the options can not be read: a getter or a proxy threw', error);
  }
};

// A snapshot, or an error that says why there is none.
const copied = (call) => readable(() => snapshot(call));

// The same as `readable`, but what it throws now is thrown at each use instead.
const attempt = (read) => {
  try {
    const value = readable(read);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

// The core rejects with the fields of an error. Anything else was thrown by the runtime, as when its stack or memory ends.
const shape = (thrown) => new TokenError(typeof thrown?.code === 'string' && !(thrown instanceof Error)
  ? thrown
  : { code: 'unsupported', message: 'the WebAssembly module failed; please report this, with its cause', cause: thrown });

const notLoaded = (cause) => new TokenError({
  code: 'unsupported',
  message: "the WebAssembly module could not be instantiated; bundle Workers with the 'workerd' condition, and allow 'wasm-unsafe-eval' in a page's content security policy",
  cause,
});
