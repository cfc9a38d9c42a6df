// The core as the face uses it: instantiated at the first call, asked by every call that is not answered at once. It decides
// everything about tokens; here nothing is decided.

import { heeding } from './heeding.js';
import { Hits } from './hits.js';
import { hostOf } from './host.js';
import { Recent } from './recent.js';
import { TokenError } from './token-error.js';

/**
 * The one core of a process or isolate.
 *
 * @param runtime `load` instantiates the wasm and gives its glue, at once or as a promise; `waitUntil`, where there is one, keeps a
 *   request alive after its answer was sent; `isWorker` tells Workers
 */
export const coreOf = (runtime) => {
  const hits = new Hits();
  const learned = new Recent();
  const users = [];
  let glue;
  let loading;

  const adopt = (loaded) => {
    loaded.connect(hostOf(runtime), isWorker(runtime), runtime.waitUntil !== undefined);
    users.splice(0).forEach((use) => use(loaded));
    glue = loaded;
    return glue;
  };

  // A load that failed is not remembered: the next call tries again.
  const ready = async () => {
    try {
      const loaded = glue ?? await (loading ??= runtime.load());
      return glue ?? adopt(loaded);
    } catch (cause) {
      throw notLoaded(cause);
    } finally {
      loading = undefined;
    }
  };

  const isFresh = ({ slot, serial, maxAge }) =>
    glue.hit(slot, serial, Date.now(), performance.now(), maxAge);

  // What the core answers, or rejects with, as the caller gets it.
  const ask = async (question) => {
    const glue = await ready();
    try {
      return await question(glue);
    } catch (error) {
      throw shape(error);
    }
  };

  return {
    hits,
    learned,
    ask,

    // The same at once, of a core that is there.
    tell: (question) => {
      try {
        return glue && question(glue);
      } catch (error) {
        throw shape(error);
      }
    },

    // Has `use` do something with the core as soon as there is one.
    use: (use) => (glue === undefined ? users.push(use) : use(glue)),

    // A promise of the token that `find` finds, if it is fresh and the options ask for no more.
    atOnce: (find, options) => {
      try {
        const found = isModest(options) ? find() : undefined;
        return found !== undefined && isFresh(found) ? Promise.resolve(found.token) : undefined;
      } catch {
        // Whatever can not be read is reported on the slow path, which reads it too.
        return undefined;
      }
    },

    // Takes snapshots. Resolves to what `hits` remembers of the token.
    acquire: (provider, config, options) => heeding(options.signal, async () => {
      const [token, slot, serial, isOwn] = await ask((glue) => glue.acquire(provider, config, options));
      freeze(token);
      return hits.remember(provider, config, { token, slot, serial, isOwn });
    }),
  };
};

// Whether this is Cloudflare's runtime. Old compatibility dates have no `navigator`, and a Worker may be bundled with another
// entry: either says so.
const isWorker = ({ isWorker }) => isWorker === true || globalThis.navigator?.userAgent === 'Cloudflare-Workers';

// Whether the options, as they came, leave a hit to be handed out at once.
const isModest = (options) => options === undefined || options === null ||
  (typeof options === 'object' && Object.keys(options).every((name) => name === 'signal' && isQuiet(options.signal)));

const isQuiet = (signal) => signal === undefined || signal === null || (signal instanceof AbortSignal && !signal.aborted);

// Callers share a token, so nobody may change it. What is frozen was frozen whole.
const freeze = (value) => {
  if (typeof value === 'object' && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(freeze);
};

// The core rejects with the fields of an error. Anything else was thrown by the runtime, as when its stack or memory ends.
const shape = (thrown) => {
  if (thrown instanceof TokenError) return thrown;
  return new TokenError(typeof thrown?.code === 'string' && !(thrown instanceof Error)
    ? thrown
    : { code: 'unsupported', message: 'the WebAssembly module failed; please report this, with its cause', cause: thrown });
};

const notLoaded = (cause) => new TokenError({
  code: 'unsupported',
  message: "the WebAssembly module could not be instantiated; Workers need the 'workerd' condition, and pages 'wasm-unsafe-eval' in their content security policy",
  cause,
});
