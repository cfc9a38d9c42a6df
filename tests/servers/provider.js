/** npm `oidc-provider`, a certified implementation, as the servers here want it: quiet, and strict about methods. */

const { warn } = console;
// It remarks, when it is loaded and later, that its keys and its storage are for development, which they are.
console.warn = (...words) => {
  if (!String(words[0]).includes('oidc-provider WARNING')) warn(...words);
};
const { Provider, errors } = await import('oidc-provider');

export { errors };

/** A provider of what `configuration` says beyond this: the client credentials grant, for an hour, and for pages too. */
export function makeProvider(issuer, { features, ...configuration }) {
  const provider = new Provider(issuer, {
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false }, ...features },
    ttl: { ClientCredentials: 3600 },
    clientBasedCORS: () => true,
    ...configuration,
  });
  provider.use(holdClientsToTheirMethod);
  return provider;
}

/** What the provider is told of a client beside its credentials. */
export function registration(clientId, method, credentials) {
  return {
    client_id: clientId,
    token_endpoint_auth_method: method,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: 'read write',
    ...credentials,
  };
}

/** The provider takes a secret in either place whatever the client registered; here, the other one is refused. */
async function holdClientsToTheirMethod(ctx, next) {
  await next();
  const registered = ctx.oidc?.client?.clientAuthMethod;
  const used = ctx.get('authorization') ? 'client_secret_basic' : 'client_secret_post';
  if (SECRET_METHODS.includes(registered) && registered !== used) {
    ctx.status = 401;
    ctx.body = { error: 'invalid_client', error_description: `this client is registered for ${registered}` };
  }
}

export const SECRET_METHODS = ['client_secret_basic', 'client_secret_post'];
