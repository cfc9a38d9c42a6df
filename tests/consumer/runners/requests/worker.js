/**
 * A Worker that gets one token a request, or visits an API with one, and answers the token or, when it comes too late, that it
 * waits no longer.
 */
import { clear, createFetch, getToken } from 'tokenlet';

let memory;
let settled = 0;

/** The package makes its one instance when it is called first, and so after this. */
const { Instance } = WebAssembly;
WebAssembly.Instance = function (...given) {
  const instance = new Instance(...given);
  memory = Object.values(instance.exports).find((part) => part instanceof WebAssembly.Memory);
  return instance;
};

/** What makes keys takes as long as the last request said, in a timer of the request that makes one. */
let cryptoMs = 0;
const subtle = SubtleCrypto.prototype;
for (const name of ['importKey', 'generateKey']) {
  const make = subtle[name];
  subtle[name] = async function (...given) {
    const made = await make.apply(this, given);
    if (cryptoMs > 0) await new Promise((wake) => setTimeout(wake, cryptoMs));
    return made;
  };
}

/** Those that outlive their first requests. */
const fetches = new Map();

export default {
  async fetch(request, _bindings, context) {
    const { config, patienceMs, computesMs, forgets, measures, ...order } = await request.json();
    if (measures) return Response.json({ bytes: memory.buffer.byteLength, settled });
    if (computesMs !== undefined) return new Response(compute(Date.now() + computesMs));
    if (forgets) clear();
    cryptoMs = order.cryptoMs ?? cryptoMs;
    const answers = [tell(() => (order.visits ? visit : obtain)(order, { ...config, ...functions(order, context) }))];
    if (patienceMs !== undefined) answers.push(new Promise((wake) => setTimeout(wake, patienceMs, 'too late')));
    return new Response(await Promise.race(answers));
  },
};

/** A failure is told as well, because workerd would only close the connection. */
async function tell(action) {
  try {
    return await action();
  } catch (fault) {
    return `${fault.name}: ${fault.message}`;
  } finally {
    settled += 1;
  }
}

async function obtain({ provider = 'oauth2' }, config) {
  return (await getToken(provider, config)).accessToken;
}

async function visit({ provider, api, shares }, config) {
  const known = shares ? fetches.get(api) : undefined;
  const call = known ?? createFetch(provider, config, { origins: [new URL(api).origin] });
  if (shares) fetches.set(api, call);
  return (await call(api)).text();
}

function compute(end) {
  while (Date.now() < end);
  return 'computed';
}

/** The functions of a config, which no request can carry. */
function functions({ waitUntil, caller, failsAfterMs }, context) {
  const own = {};
  if (waitUntil === 'bound') own.waitUntil = (promise) => context.waitUntil(promise);
  // As of a request that is over: it takes the promise, and keeps nothing.
  if (waitUntil === 'idle') own.waitUntil = () => {};
  if (caller !== undefined) own.fetch = (url, init) => fetch(url, { ...init, headers: { ...init.headers, caller } });
  if (failsAfterMs !== undefined) own.fetch = () => new Promise((_, reject) => setTimeout(reject, failsAfterMs, new Error('it fails')));
  return own;
}
