/** Servers echo what they were sent. No secret leaves through an error, in whatever encoding it came back. */
import { excludes, includes, is, ok, refused, rejection } from './harness.js';
import { HARD_SECRET, answering, base64, granting, oauth2 } from './mock.js';
import { everythingIn } from './told.js';

export default (test, { getToken }) => {
  const CLIENT = 'client';
  const formEncoded = (text) => new URLSearchParams({ '': text }).toString().slice(1);
  const urlSafe = (text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

  /** What the secret may look like when it comes back. */
  const ENCODINGS = {
    raw: HARD_SECRET,
    percent: encodeURIComponent(HARD_SECRET),
    'percent in lower case': encodeURIComponent(HARD_SECRET).replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    form: formEncoded(HARD_SECRET),
    JSON: JSON.stringify(HARD_SECRET).slice(1, -1),
    base64: base64(HARD_SECRET),
    base64url: urlSafe(base64(HARD_SECRET)),
    'base64 of id:secret': base64(`${CLIENT}:${HARD_SECRET}`),
    'base64url of id:secret': urlSafe(base64(`${CLIENT}:${HARD_SECRET}`)),
    'base64 of the form-encoded pair': base64(`${CLIENT}:${formEncoded(HARD_SECRET)}`),
  };

  /** Asserts that `echo` (which gets what to send back) makes an error that tells none of it. */
  async function tells(echo, what, secret, changes = {}) {
    const fetch = answering((_, request) => echo(secret, request));
    const error = await rejection(() => getToken('oauth2', oauth2(fetch, { clientId: CLIENT, partition: what, ...changes })));
    is(error.name, 'TokenError', 'name');
    excludes(everythingIn(error), secret, `what the error tells of the ${what} secret`);
    return error;
  }

  const PLACES = {
    'error_description': (secret) => ({ status: 401, json: { error: 'invalid_client', error_description: `no client with ${secret} here` } }),
    'the error code': (secret) => ({ status: 401, json: { error: secret } }),
    'the error uri': (secret) => ({ status: 401, json: { error: 'odd', error_uri: `https://x.example/?${secret}` } }),
    'a nested detail': (secret) => ({ status: 400, json: { error: 'odd', request: { fields: [{ value: secret }] } } }),
    'the name of a member': (secret) => ({ status: 400, json: { error: 'odd', [`got ${secret}`]: true } }),
    'a fault': (secret) => ({ status: 400, json: { fault: { faultstring: secret, detail: { errorcode: secret } } } }),
    'a top-level array': (secret) => ({ status: 400, json: [{ errorCode: secret, detail: secret, 'invalid-params': [secret] }] }),
    'plain text': (secret) => ({ status: 400, headers: { 'content-type': 'text/plain' }, text: `cannot read ${secret}` }),
    'a page': (secret) => ({ status: 502, headers: { 'content-type': 'text/html' }, text: `<h1>${secret}</h1>` }),
    'a success without a token': (secret) => ({ json: { echo: secret } }),
    'a success that does not parse': (secret) => ({ text: `{"echo":"${secret}` }),
    'a token type': (secret) => ({ json: { access_token: 'token-1', token_type: secret } }),
    'a header': (secret) => ({ status: 302, headers: { location: `https://x.example/?${encodeURIComponent(secret)}` } }),
  };
  for (const [place, echo] of Object.entries(PLACES)) {
    test(`a secret in ${place} is not told`, async () => {
      for (const [encoding, secret] of Object.entries(ENCODINGS)) await tells(echo, encoding, secret);
    });
  }

  test('the harmless rest of the text is told', async () => {
    const error = await tells(PLACES.error_description, 'raw', HARD_SECRET);
    includes(error.errorDescription, 'no client with', 'errorDescription');
  });

  test('the Authorization header and the body that came back are not told', async () => {
    const mirror = (_, { headers, body }) =>
      ({ status: 400, json: { error: 'odd', error_description: `${headers.authorization} ${body}`, headers, body } });
    for (const clientAuth of ['client_secret_basic', 'client_secret_post']) {
      const fetch = answering(mirror);
      const error = await rejection(() => getToken('oauth2', oauth2(fetch, { clientId: CLIENT, clientAuth })));
      for (const [encoding, secret] of Object.entries(ENCODINGS)) excludes(everythingIn(error), secret, `${encoding}, ${clientAuth}`);
    }
  });

  test('a secret that a function gave is not told either', async () => {
    await tells(PLACES.error_description, 'raw', HARD_SECRET, { clientSecret: () => HARD_SECRET });
  });

  test('secret headers and params of the user are not told', async () => {
    const changes = { headers: { 'x-api-key': 'a-key-of-the-user' }, params: { assertion_note: 'a-value-of-the-user' } };
    for (const secret of ['a-key-of-the-user', 'a-value-of-the-user']) await tells(PLACES.error_description, secret, secret, changes);
  });

  test('a token in an answer that is refused is not told', async () => {
    const answers = [
      granting({ access_token: 'a-token-nobody-may-see', token_type: 'mac' })(1),
      granting({ access_token: 'a-token-nobody-may-see\n' })(1),
      { status: 400, json: { error: 'odd', access_token: 'a-token-nobody-may-see', nested: { refresh_token: 'a-token-nobody-may-see' } } },
      { json: { error: 'odd', access_token: 'a-token-nobody-may-see' } },
    ];
    for (const [index, answer] of answers.entries()) {
      await tells(() => answer, 'a-token-nobody-may-see', 'a-token-nobody-may-see', { partition: `answer ${index}` });
    }
  });

  test('with a very short secret, the text of the server is dropped', async () => {
    const json = { error: 'invalid_client', error_description: 'the words of the server' };
    const short = { clientSecret: 'abc', clientAuth: 'client_secret_post' };
    const error = await refused(() => getToken('oauth2', oauth2(answering({ status: 401, json }), short)), { code: 'oauth', status: 401 });
    excludes(everythingIn(error), 'the words of the server', 'error');
  });

  test('a network error is retold without the URL', async () => {
    const tokenEndpoint = 'http://127.0.0.1:9/token?key=a-secret-in-the-query';
    const error = await rejection(() => getToken('oauth2', { ...oauth2(), fetch: undefined, tokenEndpoint }));
    is(error.code, 'network', 'code');
    excludes(everythingIn(error), 'a-secret-in-the-query', 'error');
  });

  test('a faulty config is refused without its secret', async () => {
    for (const fault of [{ colour: 'red' }, { timeout: -1 }, { clientSecret: [HARD_SECRET] }]) {
      const error = await refused(() => getToken('oauth2', oauth2(answering(), fault)), { code: 'invalid_config' });
      excludes(everythingIn(error), HARD_SECRET, 'error');
    }
    const header = { headers: { 'x-api-key': 'a-key-of-the-user\r\n' } };
    const error = await refused(() => getToken('oauth2', oauth2(answering(), header)), { code: 'invalid_config' });
    excludes(everythingIn(error), 'a-key-of-the-user', 'error');
  });

  test('a URL that carries a password is refused without it', async () => {
    const tokenEndpoint = 'https://user:a-password@auth.example.com/token';
    const error = await refused(() => getToken('oauth2', oauth2(answering(), { tokenEndpoint })), { code: 'invalid_config' });
    ok(!everythingIn(error).includes('a-password'), 'the password not to be told');
  });
};
