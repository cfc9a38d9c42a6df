/** APIs that take their tokens in different places. */

export const IN_HEADER = { name: 'X-Shopify-Access-Token', prefix: '' };
export const IN_QUERY = { in: 'query', name: 'access_token', prefix: '' };
export const IN_COOKIE = { in: 'cookie', name: 'session', prefix: '' };

/** A descriptor whose tokens are used as `use` says. */
export const carrying = (use) => ({
  id: 'carrying',
  request: { url: 'https://auth.example.com/token' },
  auth: { method: 'client_secret_post' },
  use,
});

/** What it takes. */
export const CREDENTIALS = { clientId: 'client', clientSecret: 'hard enough' };
