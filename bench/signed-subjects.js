// What is measured of signatures: clients that prove themselves with a key (RFC 7523), and API requests that prove the
// key of their token (DPoP, RFC 9449). Each is beside the same without a signature and one bare `sign`, so that what is
// told is what comes on top of the signature itself, and beside `openid-client`, for the same requests.

import { createRequire } from 'node:module';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const { subtle } = globalThis.crypto;
const pair = await subtle.generateKey(ECDSA, true, ['sign', 'verify']);

const CLIENT_ID = 'bench-client';
const CLIENT_SECRET = '3q2-7wAf0Uo9Jx1mZrT8sYbKcVnE5hLd';
const SCOPE = 'catalog.read';
const ISSUER = 'https://auth.example.com';
const ENDPOINT = `${ISSUER}/token`;
const API = 'https://api.example.com/orders';

/** One key in the forms in which users have keys. */
export const KEYS = {
  PEM: pem(await subtle.exportKey('pkcs8', pair.privateKey)),
  JWK: await subtle.exportKey('jwk', pair.privateKey),
  CryptoKey: pair.privateKey,
};

/** Configs as users write them, new at every call. */
export const withSecret = () => ({
  tokenEndpoint: ENDPOINT,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  clientAuth: 'client_secret_post',
  scope: SCOPE,
});
export const withKey = (privateKey) => ({ tokenEndpoint: ENDPOINT, clientId: CLIENT_ID, privateKey, scope: SCOPE });

/** About as long as what is signed of an assertion or a proof. */
const SIGNED = new Uint8Array(400);

/** A signature and nothing else. */
export const sign = () => subtle.sign(ECDSA, pair.privateKey, SIGNED);

/** The package as installed in `project`. */
export function tokenlet(project) {
  const { createFetch, getToken } = createRequire(`${project}/`)('tokenlet');
  let asked = 0;
  return {
    fill: (config) => getToken('oauth2', { ...config, fetch: endpoint }),
    hit: (config) => getToken('oauth2', config),
    miss: (config) => getToken('oauth2', { ...config, fetch: endpoint, partition: `cold${(asked += 1)}` }),
    api(dpop) {
      const carry = createFetch('oauth2', { ...withSecret(), dpop, fetch: endpoint }, { origins: [new URL(API).origin], fetch: resource });
      return () => carry(API);
    },
  };
}

/** `openid-client`: no cache, and one `Configuration` for all calls. */
export async function openidClient() {
  const oidc = await import('openid-client');
  const server = { issuer: ISSUER, token_endpoint: ENDPOINT };
  const open = (fetch) => {
    const config = new oidc.Configuration(server, CLIENT_ID, undefined, oidc.PrivateKeyJwt(pair.privateKey));
    config[oidc.customFetch] = fetch;
    return config;
  };
  const asking = open(endpoint);
  const calling = open(resource);
  const DPoP = oidc.getDPoPHandle(calling, await oidc.randomDPoPKeyPair('ES256'));
  const { access_token: token } = await (await endpoint()).json();
  return {
    miss: () => oidc.clientCredentialsGrant(asking, { scope: SCOPE }),
    api: () => () => oidc.fetchProtectedResource(calling, token, new URL(API), 'GET', undefined, undefined, { DPoP }),
  };
}

/** What was asked for and how it was proved; a subject that proves nothing would be fast. */
export const seen = { tokens: 0, assertions: 0, requests: 0, proofs: 0 };

/** A token endpoint without a network, which grants what it is asked for: with a proof, a token that is bound to its key. */
async function endpoint(url, init) {
  const isBound = new Headers(init?.headers).has('dpop');
  seen.tokens += 1;
  if (String(init?.body).includes('client_assertion=')) seen.assertions += 1;
  const token_type = isBound ? 'DPoP' : 'Bearer';
  return Response.json({ access_token: `eyJhbGciOiJSUzI1NiJ9.${seen.tokens}.c2lnbmF0dXJl`, token_type, expires_in: 14_399 });
}

/** An API without a network. */
async function resource(url, init) {
  seen.requests += 1;
  if (new Headers(init.headers).has('dpop')) seen.proofs += 1;
  return new Response('');
}

function pem(der) {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g);
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}
