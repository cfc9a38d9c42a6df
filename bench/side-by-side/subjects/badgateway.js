export const driven =
  'one `OAuth2Fetch`, which keeps the token, its `getToken` at each call. The secret goes in the body, as it recommends. ' +
  'After a 401: `refreshToken`, as its `fetch` does.';

export function open({ OAuth2Client, OAuth2Fetch }, { tokenEndpoint, clientId, clientSecret }) {
  const client = new OAuth2Client({
    server: new URL('/', tokenEndpoint).href,
    tokenEndpoint,
    clientId,
    clientSecret,
    authenticationMethod: 'client_secret_post',
  });
  const tokens = new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials() });
  return { getToken: () => tokens.getToken(), renew: () => tokens.refreshToken() };
}

export const isOwn = (error) => 'oauth2Code' in error;
