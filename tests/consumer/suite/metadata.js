/** Authorization servers that say where their endpoints are, as a few pages for a `fetch`. */
import { HARD_SECRET, answering, granting, respond } from './mock.js';

export const ISSUER = 'https://auth.example.com';

/** Where OpenID Connect Discovery puts metadata, under the issuer, and where RFC 8414 does, under its host. */
export const OPENID = '/.well-known/openid-configuration';
export const RFC8414 = '/.well-known/oauth-authorization-server';

export const metadata = (changes = {}, issuer = ISSUER) => ({ json: { issuer, token_endpoint: `${issuer}/token`, ...changes } });

/**
 * A `fetch` that gives each address its answers in turn, the last one for ever; everywhere else there is nothing. It keeps
 * what it was asked, and in `visits(url)` how often for one.
 */
export function site(pages) {
  const played = Object.fromEntries(Object.entries(pages).map(([url, answers]) => [url, answering(...[answers].flat())]));
  const send = answering((_, { url, method, headers, body }) =>
    played[url]?.(url, { method, headers, body: method === 'GET' ? undefined : body }) ?? respond({ status: 404, text: 'not here' }));
  send.visits = (url) => played[url].asked.length;
  return send;
}

/** A server with this metadata that grants whatever is asked for. */
export const granter = (...answers) => site({ [ISSUER + OPENID]: answers, [`${ISSUER}/token`]: granting() });

/** A config of `oidc` that speaks to `fetch`, once. */
export const oidc = (fetch, changes = {}) => ({
  issuer: ISSUER,
  clientId: 'client',
  clientSecret: HARD_SECRET,
  retries: 0,
  fetch,
  ...changes,
});
