/**
 * A real authorization server, npm `oidc-provider`, for the client credentials grant: what a certified implementation
 * accepts and refuses, beside the vendors of `vendors.js`, which are written from pages.
 *
 * By hand: `node tests/servers/authorization-server.js`.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { startedByHand } from './http.js';
import { makeProvider, registration } from './provider.js';

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
  const provider = makeProvider(issuer, configuration(clients));
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
  };
}

function client({ clientId, clientSecret }, method) {
  return registration(clientId, method, { client_secret: clientSecret });
}

if (startedByHand(import.meta.url)) {
  const { tokenEndpoint, clients } = await startAuthorizationServer();
  console.log(JSON.stringify({ tokenEndpoint, clients }, null, 2));
}
