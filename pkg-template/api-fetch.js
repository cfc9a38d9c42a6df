// A drop-in `fetch` that carries the token to the allowed origins, and nowhere else.

import { carrierOf } from './api-carriers.js';
import { answerOf, discard, follow } from './api-redirects.js';
import { isStream, readRequest } from './api-request.js';
import { readable } from './reading.js';
import { TokenError, invalidConfig } from './token-error.js';

/**
 * @param client where tokens come from, and where rejected ones go
 * @param prepare resolves to the provider's `origins`, to how its tokens are used (`in`, `name`, `prefix` and `proves`), and to the
 *   caller's `options`
 * @param learned what is remembered of servers, by origin
 */
export const createApiFetch = (client, prepare, learned) => {
  // What the config comes to. Not a promise of it: what one request to a Worker began, another can not await.
  let plan;

  return async (...call) => {
    const { url, init, readBody } = readable(() => readRequest(...call));
    plan ??= planOf(await prepare(), learned);
    const { allowed, carrier, retryOn } = plan;
    if (!allowed.has(url.origin)) throw invalidConfig(`origins: ${url.origin} may not get the token; allowed are ${[...allowed].join(', ')}`);
    init.body = await readBody();
    if (carrier.has(url, init.headers)) return answerOf(url, init, plan);

    const getToken = async () => {
      const token = await client.getToken({ signal: init.signal });
      if (token.tokenType !== 'N_A') return token;
      // RFC 8693, section 2.2.1.
      const message = 'what the server issued is no access token (its type is N_A); get it by getToken, and pass it on yourself';
      throw new TokenError({ code: 'invalid_response', message });
    };
    const token = await getToken();
    // What was taken on the way to where the token was rejected is not sent again: an order would be placed twice.
    const [response, isSpared, at, rest] = await follow(url, init, token, plan);
    if (isSpared || !retryOn.includes(response.status)) return response;
    client.invalidate(token);
    if (isStream(rest.body)) return response;
    let next;
    try {
      next = await getToken();
    } finally {
      if (next?.accessToken !== token.accessToken) discard(response);
    }
    // The same one comes again where the server grants no other, and where new ones were rejected as well.
    return next.accessToken === token.accessToken ? response : (await follow(at, rest, next, plan))[0];
  };
};

const planOf = ({ origins, options, ...use }, learned) => {
  const { fetch: send = (url, init) => globalThis.fetch(url, init), retryOn = [401] } = options;
  if (typeof send !== 'function') throw invalidConfig('fetch: expected a function');
  if (!Array.isArray(retryOn) || !retryOn.every((status) => status === 401 || status === 403)) {
    // RFC 6750, section 3.1.
    throw invalidConfig('retryOn: expected a list of 401 and 403');
  }
  return { allowed: allowedOrigins(options.origins ?? origins), carrier: carrierOf(use, learned), retryOn, send };
};

const allowedOrigins = (origins) => {
  if (!Array.isArray(origins) || origins.length === 0) {
    throw invalidConfig("origins: say who may get the token, as in { origins: ['https://api.example.com'] }; this provider does not");
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
