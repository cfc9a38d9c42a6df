export const driven =
  'one `Configuration`, `clientCredentialsGrant` at each call: it has no cache. The secret goes in the body, its default.';

export const keeps = false;

export function open(oidc, { tokenEndpoint, clientId, clientSecret }) {
  const server = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
  const config = new oidc.Configuration(server, clientId, clientSecret);
  oidc.allowInsecureRequests(config);
  const getToken = async () => {
    const tokens = await oidc.clientCredentialsGrant(config);
    const left = tokens.expiresIn();
    return { accessToken: tokens.access_token, expiresAt: left === undefined ? null : Date.now() + left * 1_000 };
  };
  return { getToken, renew: getToken };
}

export const isOwn = ({ code }) => typeof code === 'string' && code.startsWith('OAUTH_');
