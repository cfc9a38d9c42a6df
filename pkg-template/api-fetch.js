// A drop-in `fetch` that carries the token to the allowed origins, and nowhere else.
//
// Redirects are followed by hand: some runtimes forward Authorization across origins, and every
// runtime forwards custom headers.

import { TokenError, invalidConfig } from './token-error.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
// As many as `fetch` follows (Fetch, HTTP-redirect fetch, step 4).
const MOST_REDIRECTS = 20;

/**
 * @param usage resolves to the provider's `{ origins, header }`
 * @param client where tokens come from, and where rejected ones go
 */
export const createApiFetch = (usage, client, options) => async (input, init) => {
  const { origins, header } = await usage();
  const allowed = allowedOrigins(options?.origins ?? origins);
  const send = options?.fetch ?? ((...args) => globalThis.fetch(...args));
  const request = readRequest(input, init);
  refuseOthers(request.url, allowed);
  if (request.headers.has(header)) return send(input, init);

  const replayable = !(init?.body instanceof ReadableStream);
  const spare = replayable ? request.clone() : undefined;
  const token = await client.getToken({ signal: request.signal });
  const response = await follow(request, token, allowed, send, replayable);
  if (response.status !== 401) return response;
  client.invalidate(token);
  if (spare === undefined) return response;
  const next = await client.getToken({ signal: request.signal });
  if (next.accessToken === token.accessToken) return response;
  // Nobody reads the first answer; an unread body would hold its connection.
  response.body?.cancel().catch(() => {});
  return follow(spare, next, allowed, send, replayable);
};

const follow = async (first, token, allowed, send, replayable) => {
  let request = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const spare = replayable ? request.clone() : undefined;
    const response = await send(withToken(request, token));
    const hidden = response.type === 'opaqueredirect';
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if ((!hidden && location === null) || first.redirect === 'manual') return response;
    if (hidden) throw redirectError('a redirect that this runtime does not let us see');
    if (first.redirect === 'error') throw redirectError(`a redirect (status ${response.status}), which the request forbids`);
    const url = redirectTarget(location, request.url);
    if (!allowed.has(url.origin)) throw redirectError('a redirect that leaves the allowed origins');
    response.body?.cancel().catch(() => {});
    request = redirected(spare, response.status, url);
  }
  throw redirectError(`more than ${MOST_REDIRECTS} redirects`);
};

const withToken = (request, token) => {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(token.headers)) headers.set(name, value);
  return new Request(request, { headers, redirect: 'manual' });
};

// Fetch, HTTP-redirect fetch, step 12: a POST becomes a GET after 301 and 302, everything but HEAD after 303.
const redirected = (request, status, url) => {
  if (request === undefined) throw redirectError('a redirect, and a stream as body can not be sent twice');
  const becomesGet = (status <= 302 && request.method === 'POST') || (status === 303 && request.method !== 'HEAD' && request.method !== 'GET');
  if (!becomesGet) return new Request(url, request);
  const headers = new Headers(request.headers);
  for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) headers.delete(name);
  return new Request(url, { method: 'GET', headers, signal: request.signal });
};

const readRequest = (input, init) => {
  try {
    return new Request(input, init);
  } catch (cause) {
    throw invalidConfig('the request can not be made: its URL or options are refused by this runtime', cause);
  }
};

const redirectTarget = (location, base) => {
  try {
    return new URL(location, base);
  } catch {
    throw redirectError('a redirect to something that is no URL');
  }
};

const allowedOrigins = (origins) => {
  if (!Array.isArray(origins) || origins.length === 0) {
    throw invalidConfig("origins: name the origins that may get the token, as in { origins: ['https://api.example.com'] }; this provider names none");
  }
  return new Set(origins.map((origin) => {
    try {
      return new URL(origin).origin;
    } catch {
      throw invalidConfig('origins: expected absolute URLs, as in https://api.example.com');
    }
  }));
};

const refuseOthers = (url, allowed) => {
  const { origin } = new URL(url);
  if (!allowed.has(origin)) throw invalidConfig(`origins: ${origin} may not get the token; allowed are ${[...allowed].join(', ')}`);
};

const redirectError = (what) =>
  new TokenError({ code: 'redirect', message: `the API answered with ${what}; it was not followed, so that the token stays here` });
