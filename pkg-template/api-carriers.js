// How a request carries its token: in a header, in the query or in a cookie.

import { TokenError } from './token-error.js';

/**
 * @param use what the provider's descriptor says: `in`, `name` and `prefix`
 * @returns `has`, whether a URL and headers hold a token already, which is then left alone; `put`, which adds one; and
 *   `retell`, which makes of what a `fetch` threw something that may be told
 */
export const carrierOf = ({ in: place, name, prefix }) => CARRIERS[place](name, ({ accessToken }) => prefix + accessToken);

const CARRIERS = {
  header: (name) => ({
    has: (_, headers) => headers.has(name),
    put: (_, headers, token) => Object.entries(token.headers).forEach(([name, value]) => headers.set(name, value)),
    retell: (error) => error,
  }),

  query: (name, valueOf) => ({
    has: ({ searchParams }) => searchParams.has(name),
    // Not through `searchParams`, which would write the whole query anew.
    put: (url, _, token) => {
      url.search += `${url.search === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(valueOf(token))}`;
    },
    retell: (error, { accessToken }) => retold(error, (text) => [accessToken, encodeURIComponent(accessToken), /\?\S+/g]
      .reduce((text, secret) => text.replaceAll(secret, REDACTED), text)),
  }),

  cookie: (name, valueOf) => {
    if (!new Request('http://localhost', { headers: { cookie: 'a=b' } }).headers.has('cookie')) {
      const message = 'the token goes in a cookie, which this runtime lets no request set; call the API from a server';
      throw new TokenError({ code: 'unsupported', message });
    }
    const cookies = (headers) => headers.get('cookie') ?? '';
    return {
      has: (_, headers) => cookies(headers).split(';').some((pair) => pair.split('=')[0].trim() === name),
      put: (_, headers, token) => headers.set('cookie', `${cookies(headers)}; ${name}=${valueOf(token)}`.replace(/^; /, '')),
      retell: (error) => error,
    };
  },
};

// Deno and Bun tell the URL of a request that failed, in messages, fields and causes: made anew, an error has only what was
// looked through.
const retold = (error, hide) => {
  const { name, message = error, code, cause } = Object(error);
  const copy = new TypeError(hide([message, cause?.message].filter(Boolean).join(': ')));
  for (const [field, value] of Object.entries({ name, code: cause?.code ?? code })) {
    if (typeof value === 'string') copy[field] = hide(value);
  }
  return copy;
};

const REDACTED = '[redacted]';
