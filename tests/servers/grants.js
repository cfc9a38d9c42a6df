/**
 * Two authorization servers that grant to assertions and tokens, or say that they do not: npm `oidc-provider`, which is taught
 * the JWT bearer grant (RFC 7523) and token exchange (RFC 8693) by its own interface for that, and npm `oauth2-mock-server`,
 * which people test against and which knows neither.
 *
 * By hand: `node tests/servers/grants.js`.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createLocalJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { startedByHand } from './http.js';
import { errors, makeProvider, registration } from './provider.js';

/**
 * Starts both. The `clients` are configs: `bearer` is known by its assertion alone, `signing` signs two, `secret` and `bearerSecret`
 * have a secret besides. The `tokens` are those of two users and an actor, to be exchanged. An answer tells, beside the
 * token, whose it is (`sub`) and who acts (`act`).
 */
export async function startGrants() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const { registered, clients } = await makeClients();
  const provider = makeProvider(issuer, { clients: registered, scopes: ['read', 'write'] });
  const { jwtBearer, tokenExchange, issue } = grantsOf(provider);
  provider.registerGrantType(JWT_BEARER, jwtBearer, ['assertion', 'scope']);
  provider.registerGrantType(TOKEN_EXCHANGE, tokenExchange, EXCHANGED, ['audience', 'resource']);
  server.on('request', provider.callback());

  const mock = new OAuth2Server();
  await mock.issuer.keys.generate('RS256');
  await mock.start(0, '127.0.0.1');
  return {
    issuer,
    tokenEndpoint: `${issuer}/token`,
    clients,
    tokens: { alice: await issue('alice'), bob: await issue('bob'), robot: await issue('robot') },
    mock: { tokenEndpoint: `http://127.0.0.1:${mock.address().port}/token` },
    stop: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), mock.stop()]);
    },
  };
}

function grantsOf(provider) {
  const { InvalidGrant, InvalidRequest, InvalidTarget } = errors;
  /** Whose each token is, which the provider has no place for. */
  const holders = new Map();

  async function jwtBearer(ctx) {
    const { client, params } = ctx.oidc;
    const { iss, sub, jti, exp } = await assertionOf(params.assertion, client);
    if (!await provider.ReplayDetection.unique(iss, jti, exp)) throw new InvalidGrant('the assertion was used before');
    await grant(ctx, { sub });
  }

  /** RFC 7523, section 3: what is wrong with an assertion is an `invalid_grant`. */
  async function assertionOf(assertion, { clientId, jwks }) {
    const demands = { issuer: clientId, audience: provider.urlFor('token'), requiredClaims: ['sub', 'jti', 'exp'] };
    try {
      return (await jwtVerify(assertion, createLocalJWKSet(jwks), demands)).payload;
    } catch (fault) {
      throw new InvalidGrant(fault.message);
    }
  }

  async function tokenExchange(ctx) {
    const { subject_token: subject, actor_token: actor, requested_token_type: type = ACCESS_TOKEN, ...params } = ctx.oidc.params;
    // RFC 8693, section 2.1: the type of the actor token is required with it, and forbidden without it.
    const acts = actor !== undefined;
    if (acts !== (params.actor_token_type !== undefined)) throw new InvalidRequest('one of actor_token and its type is missing');
    const sub = await holderOf(subject, params.subject_token_type);
    const act = acts ? { sub: await holderOf(actor, params.actor_token_type) } : undefined;
    for (const target of [params.audience, params.resource].flat()) {
      if (target !== undefined && target !== TARGET) throw new InvalidTarget(`no tokens are issued for ${target}`);
    }
    await grant(ctx, { sub, act }, type);
  }

  /** RFC 8693, section 2.2.2: what is wrong with either token is an `invalid_request`. */
  async function holderOf(token, type) {
    const found = type === ACCESS_TOKEN ? await provider.ClientCredentials.find(token) : undefined;
    if (!found) throw new InvalidRequest(`no such ${type}: ${token}`);
    return holders.get(token);
  }

  async function grant(ctx, { sub, act }, issued_token_type = ACCESS_TOKEN) {
    const { client, params: { scope } } = ctx.oidc;
    const token = new provider.ClientCredentials({ client, scope });
    ctx.body = {
      access_token: await kept(token, sub),
      issued_token_type,
      // RFC 8693, section 2.2.1: what is no access token is no Bearer either.
      token_type: issued_token_type === ACCESS_TOKEN ? token.tokenType : 'N_A',
      expires_in: token.expiration,
      scope,
      sub,
      act,
    };
  }

  /** A token of that user or service for a client of no matter. */
  async function issue(sub) {
    return kept(new provider.ClientCredentials({ clientId: 'somebody else' }), sub);
  }

  async function kept(token, sub) {
    const value = await token.save();
    holders.set(value, sub);
    return value;
  }

  return { jwtBearer, tokenExchange, issue };
}

async function makeClients() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] };
  const pem = await exportPKCS8(privateKey);
  const secret = randomUUID();
  const clients = {
    bearer: { clientId: 'bearer client', privateKey: pem },
    signing: { clientId: 'signing client', privateKey: pem, clientAuth: 'private_key_jwt' },
    bearerSecret: { clientId: 'bearer client with a secret', privateKey: pem, clientSecret: secret },
    secret: { clientId: 'client with a secret', clientSecret: secret },
  };
  const registered = Object.values(clients).map(({ clientId, clientSecret, clientAuth = clientSecret ? 'client_secret_basic' : 'none' }) => ({
    ...registration(clientId, clientAuth, { jwks, client_secret: clientSecret }),
    grant_types: [JWT_BEARER, TOKEN_EXCHANGE],
  }));
  return { registered, clients };
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

const EXCHANGED = [
  'subject_token', 'subject_token_type', 'actor_token', 'actor_token_type', 'requested_token_type', 'audience', 'resource', 'scope',
];

/** The one API for which tokens may be had in exchange. */
const TARGET = 'https://api.example.com';

if (startedByHand(import.meta.url)) {
  const { stop, ...started } = await startGrants();
  console.log(JSON.stringify(started, null, 2));
}
