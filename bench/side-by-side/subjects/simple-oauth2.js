export const driven =
  'one `ClientCredentials`; a token is kept until `expired()`, as its README has it, and then `getToken` is called anew. ' +
  'The secret goes in HTTP Basic, its default.';

export function open({ ClientCredentials }, { tokenEndpoint, clientId, clientSecret }) {
  const { origin, pathname, search } = new URL(tokenEndpoint);
  const client = new ClientCredentials({
    client: { id: clientId, secret: clientSecret },
    auth: { tokenHost: origin, tokenPath: `${pathname}${search}` },
  });
  let kept;
  const renew = async () => {
    kept = await client.getToken({});
    return told(kept);
  };
  return { getToken: async () => (kept === undefined || kept.expired() ? renew() : told(kept)), renew };
}

/** https://hapi.dev/module/boom/api, which its README names as its errors. */
export const isOwn = (error) => error.isBoom === true;

function told({ token }) {
  return { accessToken: token.access_token, expiresAt: token.expires_at?.getTime() ?? null };
}
