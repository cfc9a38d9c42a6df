/**
 * Credentials beyond ASCII against a second real authorization server. The first one, of the chapter `oidc`, holds to
 * RFC 6749 and refuses them; where a server does take them, both sides have to mean the same bytes.
 */
import { between, is, ok, refused } from './harness.js';

export default (test, { getToken }, { unicode }) => {
  const endpoint = { tokenEndpoint: unicode.tokenEndpoint, retries: 0 };
  const post = { ...endpoint, ...unicode.clients.post, clientAuth: 'client_secret_post' };
  const basic = { ...endpoint, ...unicode.clients.basic, clientAuth: 'client_secret_basic', basicEncoding: 'rfc6749' };
  const raw = { ...endpoint, ...unicode.clients.raw, clientAuth: 'client_secret_basic', basicEncoding: 'raw' };

  // This server answers 401 only to those who tried the Authorization header, as RFC 6749 section 5.2 asks.
  const ways = { client_secret_post: [post, 400], client_secret_basic: [basic, 401], 'raw client_secret_basic': [raw, 401] };
  for (const [way, [config, status]] of Object.entries(ways)) {
    const invalidClient = { code: 'oauth', error: 'invalid_client', status, retryable: false };

    test(`${way} gets a token, once`, async () => {
      for (const part of [config.clientId, config.clientSecret]) ok(/[^\x20-\x7e]/.test(part), 'a character beyond ASCII');
      const before = Date.now();
      const token = await getToken('oauth2', config);
      ok(token.accessToken.length > 0, 'a token');
      is(token.tokenType, 'Bearer', 'tokenType');
      is(token.scope, 'read write', 'scope');
      between(token.expiresAt, before + 1_000, Date.now() + 3_600_000, 'expiresAt');
      is(await getToken('oauth2', config), token, 'the token of the second call');
    });

    test(`${way} with a wrong secret is refused`, async () => {
      await refused(() => getToken('oauth2', { ...config, clientSecret: 'not the secret' }), invalidClient);
    });

    test(`${way} sends what it was given, not what looks the same`, async () => {
      // The same letter as two code points: the tidying of Unicode would make it the right secret.
      const decomposed = { ...config, clientSecret: config.clientSecret.normalize('NFD') };
      ok(decomposed.clientSecret !== config.clientSecret, 'a secret that has two forms');
      await refused(() => getToken('oauth2', decomposed), invalidClient);
    });
  }

  test('a plus sign tells the encodings of client_secret_basic apart', async () => {
    // The server reads a plus sign as a space. Only raw sends it as it is, and so gets the right secret read out of it.
    const plus = { clientSecret: raw.clientSecret.replaceAll(' ', '+') };
    ok((await getToken('oauth2', { ...raw, ...plus })).accessToken.length > 0, 'a token for raw');
    const encoded = { ...raw, ...plus, basicEncoding: 'rfc6749' };
    await refused(() => getToken('oauth2', encoded), { code: 'oauth', error: 'invalid_client' });
  });
};
