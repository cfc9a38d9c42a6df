export const driven =
  'one `ConfidentialClientApplication`, `acquireTokenByClientCredential` at each call. It is given its metadata, or it would ask ' +
  'the network for it. The secret goes in the body. After a 401: `skipCache`. It uses no kept token in its last five minutes, so that in ' +
  'the outage it fares as it would then with one of an hour.';

export function open({ ConfidentialClientApplication }, { tokenEndpoint, clientId, clientSecret }) {
  const app = new ConfidentialClientApplication({
    auth: {
      clientId,
      clientSecret,
      authority: AUTHORITY,
      authorityMetadata: JSON.stringify({
        issuer: `${AUTHORITY}/v2.0`,
        authorization_endpoint: `${AUTHORITY}/oauth2/v2.0/authorize`,
        token_endpoint: tokenEndpoint,
        end_session_endpoint: `${AUTHORITY}/oauth2/v2.0/logout`,
        jwks_uri: `${AUTHORITY}/discovery/v2.0/keys`,
      }),
    },
  });
  const acquire = async (more) => {
    const { accessToken, expiresOn } = await app.acquireTokenByClientCredential({ scopes: SCOPES, ...more });
    return { accessToken, expiresAt: expiresOn?.getTime() ?? null };
  };
  return { getToken: () => acquire(), renew: () => acquire({ skipCache: true }) };
}

export const isOwn = (error) => 'errorCode' in error;

/** A well-known one, about which it asks nobody. */
const AUTHORITY = 'https://login.microsoftonline.com/6d1c1a2e-7d0a-4c1c-9a54-3d8f2f6a7b10';

const SCOPES = ['https://api.example.com/.default'];
