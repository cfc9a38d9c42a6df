export const driven =
  '`clientCredentialsGrantRequest` and `processClientCredentialsResponse` at each call, as in its example: it has no cache. ' +
  'The secret goes in HTTP Basic.';

export const keeps = false;

export function open(oauth, { tokenEndpoint, clientId, clientSecret }) {
  const server = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
  const client = { client_id: clientId };
  const authentication = oauth.ClientSecretBasic(clientSecret);
  const options = { [oauth.allowInsecureRequests]: true };
  const getToken = async () => {
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, options);
    const { access_token, expires_in } = await oauth.processClientCredentialsResponse(server, client, response);
    return { accessToken: access_token, expiresAt: expires_in === undefined ? null : Date.now() + expires_in * 1_000 };
  };
  return { getToken, renew: getToken };
}

export const isOwn = ({ code }) => typeof code === 'string' && code.startsWith('OAUTH_');
