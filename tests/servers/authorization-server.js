/**
 * A real authorization server, npm `oidc-provider`, for the client credentials grant: what a certified implementation
 * accepts and refuses, beside the vendors of `vendors.js`, which are written from pages.
 *
 * By hand: `node tests/servers/authorization-server.js`.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { startedByHand } from './http.js';

/**
 * Starts the server on loopback, with one client for each of the two ways to send a secret. Both may have the scopes
 * `read` and `write`; `admin` is refused as `invalid_scope`, and a scope that the server has never heard of is dropped
 * without a word. Access tokens live for an hour.
 */
export async function startAuthorizationServer() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const clients = { post: credentials('post'), basic: credentials('basic') };
  const provider = await quietly(async () => {
    const { Provider } = await import('oidc-provider');
    return new Provider(issuer, configuration(clients));
  });
  provider.use(holdClientsToTheirMethod);
  server.on('request', provider.callback());
  return {
    issuer,
    tokenEndpoint: `${issuer}/token`,
    clients,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Credentials with every kind of character that encodings treat differently. RFC 6749 appendix A allows only visible
 * ASCII and the space in both, and this server holds to it, so that nothing beyond ASCII can be tried here.
 */
function credentials(name) {
  return { clientId: `${name} client+/=%:&`, clientSecret: `${name} secret+/=%:& ${randomUUID()}` };
}

function configuration({ post, basic }) {
  return {
    clients: [client(post, 'client_secret_post'), client(basic, 'client_secret_basic')],
    scopes: ['read', 'write', 'admin'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 3600 },
    clientBasedCORS: () => true,
  };
}

function client({ clientId, clientSecret }, method) {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    token_endpoint_auth_method: method,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: 'read write',
  };
}

/** The provider takes a secret in either place whatever the client registered; here, the other one is refused. */
async function holdClientsToTheirMethod(ctx, next) {
  await next();
  const registered = ctx.oidc?.client?.clientAuthMethod;
  const used = ctx.get('authorization') ? 'client_secret_basic' : 'client_secret_post';
  if (registered !== undefined && registered !== used) {
    ctx.status = 401;
    ctx.body = { error: 'invalid_client', error_description: `this client is registered for ${registered}` };
  }
}

/** Runs `task` without the provider's remarks that its keys and its storage are for development, which they are. */
async function quietly(task) {
  const { warn } = console;
  console.warn = (...words) => {
    if (!String(words[0]).includes('oidc-provider WARNING')) warn(...words);
  };
  try {
    return await task();
  } finally {
    console.warn = warn;
  }
}

if (startedByHand(import.meta.url)) {
  const { tokenEndpoint, clients } = await startAuthorizationServer();
  console.log(JSON.stringify({ tokenEndpoint, clients }, null, 2));
}
