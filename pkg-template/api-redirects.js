// Redirects are followed by hand: some runtimes forward Authorization across origins, and every runtime forwards custom
// headers and cookies that were set by hand.

import { isStream } from './api-request.js';
import { TokenError, invalidConfig } from './token-error.js';

const REDIRECTS = [301, 302, 303, 307, 308];
// As many as `fetch` follows (Fetch, HTTP-redirect fetch, step 4).
const MOST_REDIRECTS = 20;

/** What `send` answers, or throws, made anew where it might tell a token. */
export const answerOf = async (url, init, { carrier, send }) => {
  let response;
  try {
    response = await send(url.href, init);
  } catch (error) {
    throw init.signal?.aborted ? init.signal.reason : carrier.retell?.(error, url) ?? error;
  }
  if (typeof response?.status !== 'number') throw invalidConfig('fetch: expected a function that gives a Response');
  return response;
};

/**
 * Sends a request with `token`, and follows the answer as far as the token may go. Resolves to the answer, whether it leaves the
 * token without blame, and the URL and init that the token was put into last, from which another token can go on.
 */
export const follow = async (url, init, token, plan) => {
  const { carrier, allowed } = plan;
  const { redirect } = init;
  let last;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // A redirect may repeat the token in its query, where it is left alone.
    const own = carrier.has(url, init.headers) ? undefined : token;
    if (own) last = [url, init];
    const [response, isSpared] = await sent(url, init, own, plan);
    const { status } = response;
    const hidden = response.type === 'opaqueredirect';
    const location = REDIRECTS.includes(status) ? response.headers.get('location') : null;
    if ((!hidden && location === null) || redirect === 'manual') return [response, isSpared, ...last];
    discard(response);
    if (hidden) throw redirectError('a redirect that this runtime does not let us see', null);
    if (redirect === 'error') throw redirectError('a redirect, which the request forbids', status);
    const target = redirectTarget(location, url, status);
    if (!allowed.has(target.origin)) throw redirectError('a redirect that leaves the allowed origins', status);
    init = adapted(init, status, target.origin !== url.origin);
    url = target;
  }
  throw redirectError(`more than ${MOST_REDIRECTS} redirects`, null);
};

// Sends once more for each lesson, but no stream. What is left to be learned then, and a nonce that is refused again, is no fault of
// the token's. Where another time is told again, it may be: the machines behind one origin need not agree.
const sent = async (url, init, token, plan) => {
  const { carrier } = plan;
  for (const lessons = [];;) {
    const [carrying, headers] = [new URL(url), new Headers(init.headers)];
    if (token) carrier.put(carrying, headers, token);
    const proven = token && await carrier.prove?.(carrying, headers, token, init.method);
    const response = await answerOf(carrying, { ...init, headers, redirect: 'manual' }, plan);
    const lesson = token && carrier.heed?.(url, response, proven);
    const isNew = lesson && !lessons.includes(lesson);
    if (!isNew || isStream(init.body)) return [response, isNew || lesson === 'nonce'];
    lessons.push(lesson);
    discard(response);
  }
};

/** An answer that nobody reads would hold its connection. A body of some library's may have no such method. */
export const discard = async ({ body }) => {
  try {
    await body?.cancel();
  } catch {
    // It is nobody's business.
  }
};

// Fetch, HTTP-redirect fetch, steps 12 and 13: a POST becomes a GET after 301 and 302, everything but HEAD after 303;
// what identifies the caller stays with its origin.
const adapted = (init, status, leaves) => {
  const headers = new Headers(init.headers);
  const drop = (names) => names.forEach((name) => headers.delete(name));
  if (leaves) drop(['authorization', 'proxy-authorization', 'cookie', 'host']);
  const bodiless = ['GET', 'HEAD'].includes(init.method);
  if (!bodiless && (status === 303 || (status <= 302 && init.method === 'POST'))) {
    drop(['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']);
    return { ...init, headers, method: 'GET', body: undefined };
  }
  if (isStream(init.body)) throw redirectError('a redirect, and a stream as body can not be sent twice', status);
  return { ...init, headers };
};

const redirectTarget = (location, base, status) => {
  let url;
  try {
    url = new URL(location, base);
  } catch {
    throw redirectError('a redirect to something that is no URL', status);
  }
  // Some runtimes refuse it, and name the password; others send it in the token's place.
  if (url.username !== '' || url.password !== '') throw redirectError('a redirect to a URL with user information', status);
  return url;
};

const redirectError = (what, status) =>
  new TokenError({ code: 'redirect', status, message: `the API answered with ${what}; it was not followed: the token stays here` });
