// Everything that is measured, behind one face: `open(fetch)` gives `{ hit, miss }`, two functions
// that promise a token. Packages are loaded inside `open`, so that a fresh process can time it.

import { createRequire } from 'node:module';
import { mapCache } from './map-cache.js';

const CLIENT = { clientId: 'bench-client', clientSecret: '3q2-7wAf0Uo9Jx1mZrT8sYbKcVnE5hLd' };
const SCOPE = 'catalog.read';

/** A config as users write it: a new object at every call. */
export const literal = (tenant) => ({
  tenant,
  clientId: CLIENT.clientId,
  clientSecret: CLIENT.clientSecret,
  scope: SCOPE,
});

/** The package as installed in `project`, with its token requests going to `fetch`. */
export function tokenlet(project) {
  return async (fetch) => {
    const api = createRequire(`${project}/`)('tokenlet');
    const ask = (tenant) => api.getToken('emporix', { ...literal(tenant), fetch });
    const hit = (tenant) => api.getToken('emporix', literal(tenant));
    let asked = 0;
    await ask('acme');
    return {
      ...api,
      // The first hit of a config that is written another way, here without `fetch`, is slower.
      fill: async (tenant) => (await ask(tenant), hit(tenant)),
      hit: () => hit('acme'),
      miss: () => ask(`cold${(asked += 1)}`),
    };
  };
}

export async function map(fetch) {
  const getToken = mapCache(fetch);
  let asked = 0;
  await getToken('emporix', literal('acme'));
  return {
    getToken,
    fill: (tenant) => getToken('emporix', literal(tenant)),
    hit: () => getToken('emporix', literal('acme')),
    miss: () => getToken('emporix', literal(`cold${(asked += 1)}`)),
  };
}

/** `@azure/msal-node`. It is given its metadata, or it would ask the network for it. */
export async function msal(fetch) {
  const { ConfidentialClientApplication } = await import('@azure/msal-node');
  const authority = 'https://login.microsoftonline.com/6d1c1a2e-7d0a-4c1c-9a54-3d8f2f6a7b10';
  const app = new ConfidentialClientApplication({
    auth: {
      ...CLIENT,
      authority,
      authorityMetadata: JSON.stringify({
        issuer: `${authority}/v2.0`,
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
      }),
    },
    system: {
      networkClient: {
        async sendPostRequestAsync(url, options) {
          const response = await fetch(url, { method: 'POST', ...options });
          const body = await response.json();
          return { status: response.status, headers: Object.fromEntries(response.headers), body };
        },
      },
    },
  });
  const scopes = ['https://api.example.com/.default'];
  const hit = () => app.acquireTokenByClientCredential({ scopes });
  await hit();
  return { hit, miss: () => app.acquireTokenByClientCredential({ scopes, skipCache: true }) };
}

/** `@badgateway/oauth2-client`. Its cache holds the one token of one `OAuth2Fetch`. */
export async function badgateway(fetch) {
  const { OAuth2Client, OAuth2Fetch } = await import('@badgateway/oauth2-client');
  const client = new OAuth2Client({
    ...CLIENT,
    server: 'https://api.example.com/',
    tokenEndpoint: '/oauth/token',
    authenticationMethod: 'client_secret_post',
    fetch,
  });
  const wrapper = new OAuth2Fetch({
    client,
    getNewToken: () => client.clientCredentials({ scope: [SCOPE] }),
    scheduleRefresh: false,
  });
  await wrapper.getToken();
  return { hit: () => wrapper.getToken(), miss: () => wrapper.refreshToken() };
}

let issued = 0;

/** A token endpoint without a network. It names no scope, which says: the one asked for. */
export async function endpoint() {
  return Response.json({
    access_token: `eyJhbGciOiJSUzI1NiJ9.${(issued += 1)}.c2lnbmF0dXJl`,
    token_type: 'Bearer',
    expires_in: 14399,
  });
}

/** Refuses a subject whose hits ask the endpoint, or whose misses do not ask it exactly once. */
export async function verified(subject) {
  const before = issued;
  await subject.hit();
  if (issued !== before) throw new Error('a hit asked the token endpoint');
  await subject.miss();
  if (issued !== before + 1) throw new Error('a miss did not ask the token endpoint once');
  return subject;
}
