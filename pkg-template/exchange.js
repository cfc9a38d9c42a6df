// One exchange with a token endpoint: sends the request, and reads the answer while it arrives. It
// judges nothing; what an answer means, the core says.

import { words } from './retelling.js';

// Token answers are a few kilobytes, and a server must not be able to fill the isolate's memory.
const LONGEST_BODY = 2 ** 20;

// Their bodies say nothing, and may hang. A redirect that the runtime hides has the status 0.
const REDIRECTS = [0, 301, 302, 303, 307, 308];

/**
 * @param own the caller's `fetch`, where there is one
 * @param request the makings of a request, and in `read` the names of the headers that are wanted
 * @param controller aborts it
 * @returns `[status, headers, text]`, the text `null` where the body is too long; `undefined` of what is no Response, and
 *   `null` without any `fetch`. Rejects with whatever the caller's `fetch` threw, or with the runtime's words.
 */
export const exchange = async ([own, { url, read, ...init }, controller]) => {
  // Called as a plain function: `fetch` refuses other receivers.
  const send = own ?? globalThis.fetch;
  if (typeof send !== 'function') return null;
  try {
    // A redirect would carry the credentials elsewhere; 'error' throws on Workers.
    const response = await send(url, { ...init, redirect: 'manual', signal: controller.signal, ...uncached() });
    if (typeof response?.status !== 'number') return undefined;
    const status = response.redirected ? 0 : response.status;
    const headers = Object.fromEntries(read.map((name) => [name, header(response, name)]));
    if (!REDIRECTS.includes(status)) return [status, headers, await text(response)];
    controller.abort();
    return [status, headers, ''];
  } catch (thrown) {
    throw own === undefined ? words(thrown) : thrown;
  }
};

// Next.js caches answers to POST without it; Workers before 2024-11-11 throw at it.
const uncached = () => {
  try {
    const init = { cache: 'no-store' };
    return new Request('https://localhost/', init) && init;
  } catch {
    return {};
  }
};

const header = (response, name) => {
  try {
    const value = response.headers.get(name);
    return typeof value === 'string' ? value : null;
  } catch {
    // No header can have such a name, or the response was made up.
    return null;
  }
};

const text = async (response) => {
  const reader = response.body?.getReader?.();
  // A 204, or a response that a mock made up.
  if (reader === undefined) {
    const whole = await response.text?.();
    if (typeof whole !== 'string') return '';
    return whole.length > LONGEST_BODY ? null : whole;
  }
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    length += value.byteLength;
    if (length <= LONGEST_BODY) continue;
    // Nobody waits for the rest, nor for the news that it was dropped.
    (async () => reader.cancel())().catch(() => {});
    return null;
  }
};
