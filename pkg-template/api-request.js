// What a caller wants sent, read at once, as `fetch` reads it: the arguments may be changed afterwards.

import { heeding } from './heeding.js';
import { invalidConfig } from './token-error.js';

/**
 * The arguments of a `fetch` as a URL and an init from which it can be sent as often as is needed, and `readBody`, which resolves
 * to the body in a form that can be sent again, unless it is a stream.
 */
export const readRequest = (input, given) => {
  const body = given?.body ?? undefined;
  if (isStream(body) && isWrittenOut(body)) throw invalidConfig('body: this runtime sends no such stream; pass text, bytes or a Blob');
  const init = {};
  // What this runtime's `fetch` takes and its requests do not keep, such as Node's `dispatcher` or Bun's `proxy`; then every
  // property that its requests have, so that there is none that it would refuse.
  for (const name in given) init[name] = given[name];
  // Without the signal, to which Node's requests listen until they are collected: `fetch` makes one that does anyway.
  const request = made(input, given?.signal ? { ...init, signal: null } : given);
  for (const name in request) if (typeof request[name] !== 'function') init[name] = request[name];
  // Not the request's own signal, which Node forgets as soon as nobody holds the request.
  init.signal = (given?.signal === undefined ? input?.signal : given.signal) ?? undefined;
  return { url: new URL(request.url), init, readBody: () => bodyOf(request, body, init.signal) };
};

/** Whether `body` can be read once only. */
export const isStream = (body) => typeof body === 'object' && ('getReader' in body || Symbol.asyncIterator in body);

// Whether this runtime takes such a stream for a text, as it does with whatever it does not know: "[object ReadableStream]".
const isWrittenOut = (body) => {
  const stream = 'getReader' in body ? new ReadableStream() : (async function* () {})();
  return made('http://localhost', { method: 'POST', body: stream, duplex: 'half' }).headers.has('content-type');
};

const made = (input, init) => {
  // Bun and workerd make a request all the same.
  if (isSpent(init?.body ?? input ?? {})) throw spent();
  try {
    return new Request(input, init);
  } catch {
    // Not handed on: runtimes quote what they refuse, which may be a password or a header that holds a token. The body is looked at
    // last: where anybody has, WebKit takes a request's body for a stream, which it does not send.
    throw isSpent(input?.body ?? {}) ? spent()
      : invalidConfig("this runtime refuses the request's URL, which must be absolute, or its options; a stream may want duplex: 'half'");
  }
};

const bodyOf = async (request, given, signal) => {
  if (['GET', 'HEAD'].includes(request.method)) return undefined;
  if (isStream(given)) return request.body;
  // Neither can change, and a file need not come into memory.
  if (typeof given === 'string' || given instanceof Blob) return given;
  // As bytes: not every runtime has `Request.body`, nor sends a stream over HTTP/1.1.
  const bytes = await heeding(signal, () => request.arrayBuffer());
  return bytes.byteLength > 0 ? bytes : undefined;
};

// Whether a request, or a stream, was read or is being read.
const isSpent = ({ bodyUsed, locked }) => bodyUsed || locked;

const spent = () => invalidConfig('body: was read, or is being read; pass a clone() of the request, or a new stream');
