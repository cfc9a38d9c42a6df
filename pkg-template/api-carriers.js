// How a request carries its token: in a header, in the query or in a cookie.

import { proofsOf } from './api-proofs.js';
import { remake, words } from './retelling.js';
import { TokenError } from './token-error.js';

/**
 * @param use what the provider's descriptor says: `in`, `name` and `prefix`; and `proves`, whether tokens are bound to a key
 * @param learned what is remembered of servers, for tokens that are bound to a key
 * @returns `has`, whether a URL and headers hold a token already, which is then left alone; `put`, which adds one; where the token is
 *   in a URL, `retell`, which makes of what a `fetch` threw something that may be told; and of tokens that are bound to a key,
 *   `prove` and `heed`
 */
export const carrierOf = ({ in: place, name, prefix, proves }, learned) => {
  const carrier = CARRIERS[place](name, ({ accessToken }) => prefix + accessToken, prefix);
  return { ...carrier, ...(proves && proofsOf(learned)) };
};

const CARRIERS = {
  header: (name, valueOf) => ({
    has: (_, headers) => headers.has(name),
    put: (_, headers, token) => headers.set(name, valueOf(token)),
  }),

  query: (name, valueOf, prefix) => ({
    has: ({ searchParams }) => searchParams.has(name),
    // Not through `searchParams`, which would write the whole query anew.
    put: (url, _, token) => {
      url.search += `${url.search && '&'}${[name, valueOf(token)].map(encodeURIComponent).join('=')}`;
    },
    retell: (error, { searchParams }) => {
      const told = words(error);
      const token = searchParams.get(name).slice(prefix.length);
      const secrets = [token, encodeURIComponent(token)].filter(Boolean);
      return remake([told, secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), told.message)]);
    },
  }),

  cookie: (name, valueOf) => {
    if (!new Request('http://localhost', { headers: { cookie: 'a=b' } }).headers.has('cookie')) {
      throw new TokenError({ code: 'unsupported', message: 'this runtime lets no request set a cookie, which the token goes in; call the API from a server' });
    }
    const cookies = (headers) => headers.get('cookie')?.split(/; */) ?? [];
    return {
      has: (_, headers) => cookies(headers).some((pair) => pair.split('=')[0].trim() === name),
      put: (_, headers, token) => headers.set('cookie', [...cookies(headers), `${name}=${valueOf(token)}`].join('; ')),
    };
  },
};
