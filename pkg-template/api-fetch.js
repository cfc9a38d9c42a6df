// A drop-in `fetch` that carries the token to the allowed origins, and nowhere else.
//
// Redirects are followed by hand: some runtimes forward Authorization across origins, and every
// runtime forwards custom headers.

import { TokenError, invalidConfig } from './token-error.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
// As many as `fetch` follows (Fetch, HTTP-redirect fetch, step 4).
const MOST_REDIRECTS = 20;

/**
 * @param client where tokens come from, and where rejected ones go
 * @param prepare resolves to the provider's `origins` and `header`, and the caller's `options`
 */
export const createApiFetch = (client, prepare) => {
  // What the config comes to. Not a promise of it: what one request to a Worker began, another can not await.
  let plan;

  return async (input, init) => {
    // Read at once, as `fetch` does: the caller may change the arguments afterwards.
    const request = readRequest(input, init);
    const repeatable = isRepeatable(init?.body);
    plan ??= planOf(await prepare());
    const { allowed, header, send } = plan;
    const { origin } = new URL(request.url);
    if (!allowed.has(origin)) throw invalidConfig(`origins: ${origin} may not get the token; allowed are ${[...allowed].join(', ')}`);
    if (request.headers.has(header)) return send(request);

    // Never sent, so that its body can be: again after a 401, and again after a redirect.
    const spare = repeatable ? request.clone() : undefined;
    const { signal } = request;
    const token = await client.getToken({ signal });
    const response = await follow(request, spare, token, plan);
    if (response.status !== 401) return response;
    client.invalidate(token);
    if (spare === undefined) return response;
    let next;
    try {
      next = await client.getToken({ signal });
    } finally {
      if (next?.accessToken !== token.accessToken) discard(response);
    }
    return next.accessToken === token.accessToken ? response : follow(spare.clone(), spare, next, plan);
  };
};

const planOf = ({ origins, header, options }) => {
  const send = options.fetch ?? ((request) => globalThis.fetch(request));
  if (typeof send !== 'function') throw invalidConfig('fetch: expected a function');
  return { allowed: allowedOrigins(options.origins ?? origins), header, send };
};

// Whether the body is known to be the same at each reading. Without one, it is that of a `Request`, which can be cloned.
const isRepeatable = (body) => body === undefined || body === null || typeof body === 'string' || ArrayBuffer.isView(body) ||
  [ArrayBuffer, Blob, FormData, URLSearchParams].some((kind) => body instanceof kind);

// An answer that nobody reads would hold its connection.
const discard = (response) => response.body?.cancel().catch(() => {});

const follow = async (first, spare, token, { allowed, send }) => {
  let request = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const sent = withToken(request, token);
    const response = await send(sent);
    const hidden = response.type === 'opaqueredirect';
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if ((!hidden && location === null) || first.redirect === 'manual') return response;
    discard(response);
    if (hidden) throw redirectError('a redirect that this runtime does not let us see');
    if (first.redirect === 'error') throw redirectError(`a redirect (status ${response.status}), which the request forbids`);
    const url = redirectTarget(location, sent.url);
    if (!allowed.has(url.origin)) throw redirectError('a redirect that leaves the allowed origins');
    request = await redirected(sent, spare, response.status, url);
  }
  throw redirectError(`more than ${MOST_REDIRECTS} redirects`);
};

const withToken = (request, token) => {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(token.headers)) headers.set(name, value);
  return new Request(request, { headers, redirect: 'manual' });
};

// Fetch, HTTP-redirect fetch, steps 12 and 13: a POST becomes a GET after 301 and 302, everything but HEAD after 303;
// what identifies the caller stays with its origin. The token is set again.
const redirected = async (sent, spare, status, url) => {
  // Every property that this runtime's requests have, and none that it would refuse.
  const init = {};
  for (const name in sent) init[name] = sent[name];
  init.body = undefined;
  init.headers = new Headers(sent.headers);
  const drop = (names) => names.forEach((name) => init.headers.delete(name));
  if (url.origin !== new URL(sent.url).origin) drop(['authorization', 'proxy-authorization', 'cookie', 'host']);
  const bodiless = sent.method === 'GET' || sent.method === 'HEAD';
  if (!bodiless && (status === 303 || (status <= 302 && sent.method === 'POST'))) {
    init.method = 'GET';
    drop(['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']);
  } else if (!bodiless) {
    if (spare === undefined) throw redirectError('a redirect, and a stream as body can not be sent twice');
    // As bytes: not every runtime has `Request.body`, nor sends a stream over HTTP/1.1.
    const bytes = await spare.clone().arrayBuffer();
    if (bytes.byteLength > 0) init.body = bytes;
  }
  return new Request(url, init);
};

const readRequest = (input, init) => {
  try {
    return new Request(input, init);
  } catch (cause) {
    throw invalidConfig('the request can not be made: its URL or options are refused by this runtime', cause);
  }
};

const redirectTarget = (location, base) => {
  let url;
  try {
    url = new URL(location, base);
  } catch {
    throw redirectError('a redirect to something that is no URL');
  }
  // Some runtimes refuse it, and name the password; others send it in the token's place.
  if (url.username !== '' || url.password !== '') throw redirectError('a redirect to a URL with user information');
  return url;
};

const allowedOrigins = (origins) => {
  if (!Array.isArray(origins) || origins.length === 0) {
    throw invalidConfig("origins: name the origins that may get the token, as in { origins: ['https://api.example.com'] }; this provider names none");
  }
  return new Set(origins.map(originOf));
};

const originOf = (url) => {
  try {
    const { origin, href } = new URL(url);
    // The origin of `data:` and the like is opaque: the word 'null', the same for all of them.
    if (href === `${origin}/` && href.startsWith('http')) return origin;
  } catch {
    // It is no URL, which is as wrong.
  }
  throw invalidConfig('origins: expected origins without a path, as in https://api.example.com');
};

const redirectError = (what) =>
  new TokenError({ code: 'redirect', message: `the API answered with ${what}; it was not followed, so that the token stays here` });
