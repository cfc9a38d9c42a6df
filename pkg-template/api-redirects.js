// Redirects are followed by hand: some runtimes forward Authorization across origins, and every runtime forwards custom
// headers and cookies that were set by hand.

import { isStream } from './api-request.js';
import { TokenError } from './token-error.js';

const REDIRECTS = [301, 302, 303, 307, 308];
// As many as `fetch` follows (Fetch, HTTP-redirect fetch, step 4).
const MOST_REDIRECTS = 20;

/** Sends a request with `token`, and follows the answer as far as the token may go. */
export const follow = async (url, init, token, { allowed, carrier, send }) => {
  const { redirect, signal } = init;
  const sendWithToken = async () => {
    const [carrying, headers] = [new URL(url), new Headers(init.headers)];
    if (!carrier.has(carrying, headers)) carrier.put(carrying, headers, token);
    try {
      return await send(carrying.href, { ...init, headers, redirect: 'manual' });
    } catch (error) {
      throw signal?.aborted ? signal.reason : carrier.retell(error, token);
    }
  };

  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await sendWithToken();
    const hidden = response.type === 'opaqueredirect';
    const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null;
    if ((!hidden && location === null) || redirect === 'manual') return response;
    discard(response);
    if (hidden) throw redirectError('a redirect that this runtime does not let us see');
    if (redirect === 'error') throw redirectError(`a redirect (status ${response.status}), which the request forbids`);
    const target = redirectTarget(location, url);
    if (!allowed.has(target.origin)) throw redirectError('a redirect that leaves the allowed origins');
    init = adapted(init, response.status, target.origin !== url.origin);
    url = target;
  }
  throw redirectError(`more than ${MOST_REDIRECTS} redirects`);
};

/** An answer that nobody reads would hold its connection. */
export const discard = (response) => response.body?.cancel().catch(() => {});

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
  if (isStream(init.body)) throw redirectError('a redirect, and a stream as body can not be sent twice');
  return { ...init, headers };
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

const redirectError = (what) =>
  new TokenError({ code: 'redirect', message: `the API answered with ${what}; it was not followed, so that the token stays here` });
