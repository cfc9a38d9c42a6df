/**
 * A real authorization server with what machines may need beyond a secret: assertions, proofs of possession whose nonces are
 * required, resource indicators, discovery, and certificates over TLS. Beside it stands the API of `resource-server.js`, twice.
 *
 * `about` is the address of what the suite has to know of it, as JSON: too much for a command line, with keys in it.
 *
 * By hand: `node tests/servers/strong-server.js`.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { makeCertificates } from './certificates.js';
import { json, startedByHand } from './http.js';
import { SECRET_METHODS, errors, makeProvider, registration } from './provider.js';
import { startResourceServer } from './resource-server.js';
import { SUBJECT, makeClients } from './strong-clients.js';

/**
 * Starts everything on loopback. The server holds clients to the methods they are registered for, and takes an assertion for
 * a few minutes and once. Tenants live under paths of its own: `post`, whose issuer ends with a slash, takes nothing but
 * `client_secret_post`; `key`, whose metadata is only where RFC 8414 puts it, nothing but `private_key_jwt`. A third one,
 * `moved`, redirects whoever looks for its metadata.
 */
export async function startStrongServer() {
  const [clients, certificates] = await Promise.all([makeClients(), makeCertificates(SUBJECTS)]);
  const [plain, secure] = [createServer(), createTlsServer(tlsOptions(certificates))];
  const [url, secureUrl] = await Promise.all([open(plain, 'http'), open(secure, 'https')]);

  const issuers = { all: url, post: `${url}/tenants/post/`, key: `${url}/tenants/key`, moved: `${url}/tenants/moved` };
  const registered = Object.values(clients).map((client) => client.registered);
  const all = strongProvider(issuers.all, METHODS, [...registered, INTROSPECTING], `${secureUrl}/token`);
  const post = strongProvider(issuers.post, ['client_secret_post'], [clients.post.registered]);
  const key = strongProvider(issuers.key, ['private_key_jwt'], [clients.ES256.registered]);
  const tenants = {
    [`/tenants/post${OPENID}`]: [post, OPENID],
    '/tenants/post/token': [post, '/token'],
    [`${RFC8414}/tenants/key`]: [key, RFC8414],
    '/tenants/key/token': [key, '/token'],
  };
  plain.on('request', (incoming, outgoing) => {
    if (incoming.url === '/about') return tell(outgoing, about);
    if (incoming.url === `/tenants/moved${OPENID}`) return outgoing.writeHead(302, { location: OPENID, ...OPEN }).end();
    const [{ issuer, callback }, target] = tenants[incoming.url] ?? [all, incoming.url];
    // As Express has it, whose `baseUrl` the provider puts before the paths that it tells.
    Object.assign(incoming, { baseUrl: new URL(issuer).pathname.replace(/\/$/, ''), url: target });
    return callback(incoming, outgoing);
  });
  secure.on('request', all.callback);

  const apis = await Promise.all([0, 1].map(() => startResourceServer({
    issuer: url,
    jwks: `${url}/jwks`,
    introspection: `${url}/token/introspection`,
    ...API,
    audiences: Object.values(RESOURCES),
  })));
  const about = {
    issuers,
    tokenEndpoint: `${url}/token`,
    secureTokenEndpoint: `${secureUrl}/token`,
    clients: Object.fromEntries(Object.entries(clients).map(([name, { config }]) => [name, config])),
    certificates,
    resources: RESOURCES,
    apis: apis.map((api) => api.url),
  };
  return {
    about: `${url}/about`,
    stop: () => Promise.all([stop(plain), stop(secure), ...apis.map((api) => api.stop())]),
  };
}

function strongProvider(issuer, methods, clients, secureEndpoint) {
  const provider = makeProvider(issuer, {
    clients,
    scopes: ['read', 'write'],
    clientAuthMethods: methods,
    discovery: { mtls_endpoint_aliases: secureEndpoint && { token_endpoint: secureEndpoint } },
    enabledJWA: { clientAuthSigningAlgValues: ALGORITHMS },
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => {
      const fault = faultOf(claims);
      if (fault) throw new errors.InvalidClientAuth(fault);
    },
    features: {
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId === API.id },
      resourceIndicators: { enabled: true, getResourceServerInfo: (_ctx, resource) => describe(resource) },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: ({ socket }) => socket.getPeerX509Certificate?.(),
        certificateAuthorized: ({ socket }) => socket.authorized,
        certificateSubjectMatches: ({ socket }, _property, expected) => socket.getPeerX509Certificate().subject === expected,
      },
    },
  });
  provider.use(openToPages);
  return { issuer, callback: provider.callback() };
}

function describe(resource) {
  const [format] = Object.entries(RESOURCES).find(([, audience]) => audience === resource) ?? [];
  if (format === undefined) throw new errors.InvalidTarget();
  return { scope: 'read write', audience: resource, accessTokenFormat: format, jwt: { sign: { alg: 'RS256' } } };
}

/** What a strict server may find wrong with an assertion, beyond what the provider looks at (RFC 7523, section 3). */
function faultOf({ iss, sub, aud, iat, exp, nbf, jti, ...others }) {
  if (iss !== sub) return 'iss is not sub';
  if (iat > Date.now() / 1_000 + TOLERANCE_SECONDS) return 'iat is in the future';
  if (!(exp - iat <= LONGEST_ASSERTION_SECONDS)) return 'exp is too far from iat';
  if (jti.length < SHORTEST_JTI) return 'jti is too short to be unique';
  return Object.keys(others).length > 0 ? `nobody asked for ${Object.keys(others)}` : undefined;
}

/** The provider lets pages see few headers, of which the time is none, and nothing where there is no page of its own. */
async function openToPages(ctx, next) {
  await next();
  ctx.set({ 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' });
}

function tlsOptions({ ca, server }) {
  // Whoever comes with another certificate, or with none, is refused by the provider, in words.
  return { ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: false };
}

async function open(server, scheme) {
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `${scheme}://127.0.0.1:${server.address().port}`;
}

function stop(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function tell(outgoing, value) {
  const { status, headers, body } = json(200, value, OPEN);
  outgoing.writeHead(status, headers).end(body);
}

const METHODS = [...SECRET_METHODS, 'client_secret_jwt', 'private_key_jwt', 'tls_client_auth', 'none'];
const ALGORITHMS = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];

/** What a token is for decides its format. */
const RESOURCES = { jwt: 'https://jwt.api.example/', opaque: 'https://opaque.api.example/' };

const SUBJECTS = { client: `/${SUBJECT}`, stranger: '/CN=stranger.example' };

/** The API is a client as well: it asks what tokens are worth. */
const API = { id: 'the API', secret: randomBytes(24).toString('base64') };
const INTROSPECTING = registration(API.id, 'client_secret_basic', { client_secret: API.secret });

const TOLERANCE_SECONDS = 5;
const LONGEST_ASSERTION_SECONDS = 300;

/** Of Base64url characters: 96 bits. */
const SHORTEST_JTI = 16;

/** For pages of every origin. */
const OPEN = { 'access-control-allow-origin': '*' };

const OPENID = '/.well-known/openid-configuration';
const RFC8414 = '/.well-known/oauth-authorization-server';

if (startedByHand(import.meta.url)) {
  const { about } = await startStrongServer();
  console.log(about);
}
