/**
 * A second real authorization server, npm `better-auth` with its OAuth provider, for credentials beyond ASCII. RFC 6749
 * appendix A allows none, and `oidc-provider` of `authorization-server.js` refuses them; this one takes them, so that it
 * tells whether both sides mean the same bytes.
 *
 * It reads HTTP Basic as RFC 6749 section 2.3.1 has it: both halves are form-encoded, and UTF-8 underneath. Since it
 * leaves alone what is not an escape, it also understands a raw pair without `+` and `&`, and without a colon in the id.
 *
 * By hand: `node tests/servers/unicode-server.js`.
 */
import { randomUUID } from 'node:crypto';
import { oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { json, listen, openToEveryOrigin, startedByHand, text } from './http.js';

const TOKEN_PATH = '/api/auth/oauth2/token';

/**
 * Starts the server on loopback, with one client for each of the two ways to send a secret, the other way being refused
 * as `invalid_client`, and `raw` for HTTP Basic, whose credentials this server reads the same encoded and not. All may
 * have the scopes `read` and `write`. Access tokens live for an hour.
 */
export async function startUnicodeServer() {
  let auth;
  const server = await listen(openToEveryOrigin((request) => answerTokenRequest(request, auth)));
  try {
    // The server has to know its own address, and has one only now.
    const draft = {};
    auth = createAuth(server.url, draft);
    const clients = await register(auth, draft);
    return { tokenEndpoint: `${server.url}${TOKEN_PATH}`, clients, stop: server.stop };
  } catch (fault) {
    await server.stop();
    throw fault;
  }
}

/** Nothing else is served: signing up, for one, is only there to register the clients. */
async function answerTokenRequest({ method, url, path, headers, body }, auth) {
  if (path !== TOKEN_PATH) return text(404, 'no such page\n');
  if (method !== 'POST') return json(405, { error: 'invalid_request' }, { allow: 'POST' });
  const answer = await auth.handler(new Request(url, { method, headers, body }));
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

/** A server that gives the next client which registers the id and the secret in `draft`, which it would else invent. */
function createAuth(baseURL, draft) {
  return betterAuth({
    baseURL,
    secret: `${randomUUID()}${randomUUID()}`,
    database: memoryAdapter(Object.fromEntries(TABLES.map((table) => [table, []]))),
    emailAndPassword: { enabled: true },
    // The suite asks more often than a person would, and nothing may leave the loopback.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [
      oauthProvider({
        grantTypes: ['client_credentials'],
        scopes: ['read', 'write'],
        // Opaque tokens do, so the signing keys of its JWT plugin are left out.
        disableJwtPlugin: true,
        clientPrivileges: () => true,
        generateClientId: () => draft.clientId,
        generateClientSecret: () => draft.clientSecret,
        // Both are required, although no page is ever shown for this grant.
        loginPage: '/',
        consentPage: '/',
      }),
    ],
  });
}

/** Registers the clients through the server's own interface, which asks for somebody who is signed in. */
async function register(auth, draft) {
  const { headers: signedIn } = await auth.api.signUpEmail({
    body: { name: 'Tester', email: 'tester@example.com', password: randomUUID() },
    returnHeaders: true,
  });
  const cookie = signedIn.getSetCookie().map((set) => set.split(';')[0]).join('; ');
  const client = async (method, clientId, clientSecret) => {
    Object.assign(draft, { clientId, clientSecret });
    const registered = await auth.api.adminCreateOAuthClient({
      headers: new Headers({ cookie }),
      body: {
        token_endpoint_auth_method: method,
        grant_types: ['client_credentials'],
        client_credentials_scopes: ['read', 'write'],
        scope: 'read write',
      },
    });
    return { clientId: registered.client_id, clientSecret: registered.client_secret };
  };
  return {
    post: await client('client_secret_post', 'post +/=%:&é', `secret +/=%:&é ${randomUUID()}`),
    basic: await client('client_secret_basic', 'basic +/=%:&é', `secret +/=%:&é ${randomUUID()}`),
    raw: await client('client_secret_basic', 'raw /=%é', `secret /=%:é ${randomUUID()}`),
  };
}

/** What the server keeps, in memory only. */
const TABLES = ['user', 'session', 'account', 'verification', 'oauthClient', 'oauthClientResource', 'oauthAccessToken'];

if (startedByHand(import.meta.url)) {
  const { tokenEndpoint, clients } = await startUnicodeServer();
  console.log(JSON.stringify({ tokenEndpoint, clients }, null, 2));
}
