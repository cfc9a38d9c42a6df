/** The generic provider against a real authorization server, which Tokenlet's authors did not write. */
import { between, is, ok, refused, same } from './harness.js';

export default (test, { getToken }, { oidc }) => {
  const endpoint = { tokenEndpoint: oidc.tokenEndpoint, retries: 0 };
  const post = { ...endpoint, ...oidc.clients.post, clientAuth: 'client_secret_post' };
  const basic = { ...endpoint, ...oidc.clients.basic };

  for (const [method, config] of Object.entries({ client_secret_post: post, client_secret_basic: basic })) {
    test(`${method} gets a token, once`, async () => {
      const before = Date.now();
      const token = await getToken('oauth2', config);
      ok(token.accessToken.length > 0, 'a token');
      is(token.tokenType, 'Bearer', 'tokenType');
      same({ ...token.headers }, { Authorization: `Bearer ${token.accessToken}` }, 'headers');
      between(token.expiresAt, before + 1_000, Date.now() + 86_400_000, 'expiresAt');
      is(await getToken('oauth2', config), token, 'the token of the second call');
    });

    test(`${method} with a wrong secret is refused`, async () => {
      const wrong = { ...config, clientSecret: 'not the secret' };
      await refused(() => getToken('oauth2', wrong), { code: 'oauth', error: 'invalid_client', status: 401, retryable: false });
    });
  }

  test('client_secret_basic is the default, and the secrets are hard enough to tell the encodings apart', async () => {
    ok(/[+/=%: ]/.test(basic.clientSecret), 'a secret that form encoding changes');
    // RFC 7617, section 2: no id may hold a colon that is not encoded.
    await refused(() => getToken('oauth2', { ...basic, basicEncoding: 'raw' }), { code: 'invalid_config', names: 'clientId' });
    const token = await getToken('oauth2', { ...basic, clientAuth: 'client_secret_basic', basicEncoding: 'rfc6749' });
    is(await getToken('oauth2', basic), token, 'the token without the defaults spelled out');
  });

  test('scopes are asked for, and what was granted is told', async () => {
    is((await getToken('oauth2', { ...post, scope: ['read', 'write'] })).scope, 'read write', 'scope');
    // This server, like many, drops what it does not know without a word.
    is((await getToken('oauth2', { ...post, scope: 'write no-such-scope' })).scope, 'write', 'scope without the unknown one');
  });
};
