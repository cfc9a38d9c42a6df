// The JavaScript face: it instantiates the core at the first call, answers hits without entering
// asynchronous code, and shapes errors. It decides nothing about tokens; the core does.

import { createApiFetch } from './api-fetch.js';
import { Hits } from './hits.js';
import { snapshot } from './snapshot.js';
import { TokenError, invalidConfig } from './token-error.js';

/**
 * Everything the package exports, for one runtime.
 *
 * @param runtime `load` instantiates the wasm and gives its glue, at once or as a promise; `waitUntil`,
 *   where there is one, keeps a request alive after its answer was sent.
 */
export const tokenlet = (runtime) => {
  const hits = new Hits();
  let core;
  let loading;
  let maxEntries;

  const adopt = (glue) => {
    glue.connect(runtime.waitUntil);
    if (maxEntries !== undefined) glue.configure(maxEntries);
    core = glue;
    return core;
  };

  // A load that failed is not remembered: the next call tries again.
  const ready = () => {
    if (core !== undefined) return core;
    if (loading !== undefined) return loading;
    try {
      const glue = runtime.load();
      if (typeof glue.then !== 'function') return adopt(glue);
      loading = glue.then(adopt, (cause) => {
        throw notLoaded(cause);
      }).finally(() => {
        loading = undefined;
      });
      return loading;
    } catch (cause) {
      throw notLoaded(cause);
    }
  };

  const isFresh = (found) =>
    core.hit(found.slot, found.serial, Date.now(), typeof performance === 'object' ? performance.now() : Date.now(), found.maxAge);

  const hit = (provider, config) => {
    if (core === undefined || typeof config !== 'object' || config === null || (typeof provider !== 'string' && typeof provider !== 'object')) return undefined;
    const found = hits.find(provider, config);
    return found !== undefined && isFresh(found) ? found.token : undefined;
  };

  // Takes snapshots. Resolves to what `hits` remembers of the token.
  const acquire = async (provider, config, options) => {
    const { acquire } = await ready();
    const [token, slot, serial] = await shaped(() => acquire(provider, config, options));
    return hits.remember(provider, config, { token, slot, serial });
  };

  const getToken = (provider, config, options) => {
    try {
      const token = options === undefined ? hit(provider, config) : undefined;
      return token === undefined ? getTokenSlowly(provider, config, options) : Promise.resolve(token);
    } catch (error) {
      return Promise.reject(readable(error));
    }
  };

  const getTokenSlowly = async (provider, config, options) => {
    const call = snapshot({ provider, config });
    const { token } = await heeding(options?.signal, () => {
      const known = wantsMore(options) ? undefined : hit(provider, config);
      return known === undefined ? acquire(call.provider, call.config, options) : { token: known };
    });
    return token;
  };

  const createClient = (provider, config, options) => {
    const copy = attempt(() => snapshot({ provider, config, options }));
    let found;
    const client = {
      getToken(callOptions) {
        if (callOptions === undefined && found !== undefined && isFresh(found)) return Promise.resolve(found.token);
        return clientToken(callOptions);
      },
      invalidate: (token) => invalidate(copy().provider, copy().config, token),
      fetch: createApiFetch(() => usage(copy().provider, copy().config), { getToken: (options) => client.getToken(options), invalidate: (token) => client.invalidate(token) }, options && { ...options }),
    };
    const clientToken = async (callOptions) => {
      const { provider, config } = copy();
      const got = await heeding(callOptions?.signal, () =>
        !wantsMore(callOptions) && found !== undefined && isFresh(found) ? found : acquire(provider, config, callOptions));
      found = got;
      return got.token;
    };
    return Object.freeze(client);
  };

  const usage = async (provider, config) => {
    const { usage } = await ready();
    return shaped(() => usage(provider, config));
  };

  const previewRequest = async (provider, config) => {
    const call = attempt(() => snapshot({ provider, config }))();
    const { preview } = await ready();
    return shaped(() => preview(call.provider, call.config));
  };

  const invalidate = (provider, config, token) => {
    const text = typeof token === 'string' ? token : token?.accessToken;
    if (typeof text !== 'string') throw invalidConfig('token: expected a Token or its accessToken');
    // Nothing was fetched yet, so nothing is cached.
    if (core === undefined) return false;
    const call = attempt(() => snapshot({ provider, config }))();
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
    for (const name of Object.keys(options ?? {})) {
      if (name !== 'maxEntries') throw invalidConfig(`${name}: unknown field; known is 'maxEntries'`);
    }
    const most = options?.maxEntries;
    if (most === undefined) return;
    if (!Number.isInteger(most) || most < 1 || most > 0xffffffff) throw invalidConfig('maxEntries: expected a whole number from 1 to 4294967295');
    maxEntries = most;
    core?.configure(most);
  };

  const providers = async () => (await ready()).providers();

  return {
    getToken, createClient, previewRequest, invalidate, clear, configure, providers, TokenError,
    createFetch: (provider, config, options) => createClient(provider, config, options).fetch,
  };
};

const wantsMore = (options) => options != null && (options.forceRefresh !== undefined || options.minTtl !== undefined || Object.keys(options).some((name) => name !== 'signal'));

// What `work` gives, unless the caller's own signal is aborted first: that detaches this caller and
// nobody else. Rejects with the signal's reason, as `fetch` does.
const heeding = async (signal, work) => {
  if (signal === undefined || signal === null) return work();
  if (typeof signal.addEventListener !== 'function') throw invalidConfig('options.signal: expected an AbortSignal');
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

// Runs what may throw now, and throws it at each use instead.
const attempt = (task) => {
  try {
    const value = task();
    return () => value;
  } catch (error) {
    const fault = readable(error);
    return () => {
      throw fault;
    };
  }
};

const readable = (error) => (error instanceof TokenError ? error : invalidConfig('config: its fields can not be read: a getter or a proxy threw', error));

const shaped = async (task) => {
  try {
    return await task();
  } catch (error) {
    throw shape(error);
  }
};

// The core rejects with the fields of an error; an exception of the runtime's passes as it is.
const shape = (error) => (error instanceof Error || typeof error?.code !== 'string' ? error : new TokenError(error));

const notLoaded = (cause) => new TokenError({
  code: 'unsupported',
  message: "the WebAssembly module could not be instantiated; a page with a content security policy needs 'wasm-unsafe-eval' in script-src",
  cause,
});
