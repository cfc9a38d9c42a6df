export const driven =
  'one `createClient`, its `getToken` at each call. The secret goes in HTTP Basic, its default. ' +
  'After a 401: `invalidate`, then `getToken`.';

export function open({ createClient }, client) {
  const tokens = createClient('oauth2', client);
  return {
    getToken: () => tokens.getToken(),
    renew(rejected) {
      tokens.invalidate(rejected.accessToken);
      return tokens.getToken();
    },
  };
}

export const isOwn = (error) => error.name === 'TokenError';
