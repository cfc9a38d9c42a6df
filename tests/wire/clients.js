/**
 * The same request by three libraries: Tokenlet, and two whose authors wrote much of what servers expect. Each function asks
 * for a token as `shape` says, and uses it at the resource.
 *
 * A shape is `{ method, grant, dpop, parameters }`; the world, `{ issuer, tokenEndpoint, resource, clientId, clientSecret, key, assert }`:
 * where to, who asks, the private key as JWK, and a function that makes the assertion of the JWT bearer grant, which these two
 * leave to their callers.
 */
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';

export function withTokenlet({ getToken, createFetch, clear }) {
  return async ({ method, grant, dpop, parameters }, { tokenEndpoint, resource, clientId, clientSecret, key }) => {
    clear();
    const { scope, resource: target, audience, subject_token: subjectToken, subject_token_type: subjectTokenType } = parameters;
    const config = {
      tokenEndpoint, clientId, clientAuth: method, grant, scope, audience, subjectToken, subjectTokenType, dpop,
      resource: target,
      ...(method.startsWith('client_secret_') && { clientSecret }),
      ...((method === 'private_key_jwt' || grant === 'jwt_bearer') && { privateKey: key }),
      ...(method === 'tls_client_auth' && { fetch: (...request) => fetch(...request) }),
      retries: 0,
    };
    await getToken('oauth2', config);
    await createFetch('oauth2', config, { origins: [new URL(resource).origin] })(resource);
  };
}

export async function withOauth4webapi({ method, grant, dpop, parameters }, world) {
  const server = { issuer: world.issuer, token_endpoint: world.tokenEndpoint };
  const client = { client_id: world.clientId };
  const authentication = await authenticationOf(oauth, method, world);
  const options = { [oauth.allowInsecureRequests]: true, ...(dpop && { DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) }) };
  const given = await parametersOf(grant, parameters, world);
  const ask = async () => {
    const answer = await oauth.genericTokenEndpointRequest(server, client, authentication, GRANTS[grant], given, options);
    return oauth.processGenericTokenEndpointResponse(server, client, answer);
  };
  const { access_token: token } = await withNonce(ask);
  const use = () => oauth.protectedResourceRequest(token, 'GET', new URL(world.resource), undefined, undefined, options);
  await withNonce(use);
}

export async function withOpenidClient({ method, grant, dpop, parameters }, world) {
  const server = { issuer: world.issuer, token_endpoint: world.tokenEndpoint };
  const config = new openid.Configuration(server, world.clientId, {}, await authenticationOf(openid, method, world));
  openid.allowInsecureRequests(config);
  const options = dpop ? { DPoP: openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256')) } : {};
  const given = await parametersOf(grant, parameters, world);
  const { access_token: token } = await openid.genericGrantRequest(config, GRANTS[grant], given, options);
  await openid.fetchProtectedResource(config, token, new URL(world.resource), 'GET', undefined, undefined, options);
}

/** openid-client hands on what oauth4webapi has, under the same names. */
async function authenticationOf(library, method, { clientSecret, key }) {
  switch (method) {
    case 'client_secret_basic':
      return library.ClientSecretBasic(clientSecret);
    case 'client_secret_post':
      return library.ClientSecretPost(clientSecret);
    case 'client_secret_jwt':
      return library.ClientSecretJwt(clientSecret);
    case 'private_key_jwt': {
      const imported = await crypto.subtle.importKey('jwk', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
      return library.PrivateKeyJwt({ key: imported, kid: key.kid });
    }
    case 'tls_client_auth':
      return library.TlsClientAuth();
    default:
      return library.None();
  }
}

async function parametersOf(grant, parameters, { assert }) {
  return new URLSearchParams({ ...parameters, ...(grant === 'jwt_bearer' && { assertion: await assert() }) });
}

/** oauth4webapi leaves it to its callers to ask again with the nonce, which it has noted. */
async function withNonce(ask) {
  try {
    return await ask();
  } catch (fault) {
    if (!oauth.isDPoPNonceError(fault)) throw fault;
    return ask();
  }
}

const GRANTS = {
  client_credentials: 'client_credentials',
  jwt_bearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  token_exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
};
