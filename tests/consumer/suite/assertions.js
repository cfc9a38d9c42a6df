/** Descriptors with an assertion: where it stands, what it says, and what it is signed with. */
import { withClock } from './clock.js';
import { ENDPOINT, acme, describing } from './described.js';
import { includes, is, ok, refused, same } from './harness.js';
import { decoded, verified } from './jws.js';
import { secretJwk } from './key-forms.js';
import { HARD_SECRET, answering } from './mock.js';

const utf8 = (text) => new TextEncoder().encode(text);

export default (test, tokenlet, { keys }) => {
  const { clear, getToken, previewRequest } = tokenlet;
  const { sent, refuses } = describing(tokenlet);
  const { jwk, publicJwk, pem: { 'PKCS#8': pem } } = keys['P-256'];

  /** A vendor that is sent an assertion in place of credentials. */
  const vendor = ({ request, ...parts } = {}) => acme({
    params: { signingKey: { kind: 'key', secret: true } },
    assertion: {},
    request: { body: { proof: '{$assertion}' }, ...request },
    ...parts,
  });

  /** The assertion of a request, verified with the key of this chapter. */
  const assertionIn = async ({ body }, name = 'proof') => verified(new URLSearchParams(body).get(name), publicJwk, 'ES256');

  test('an assertion has the claims that are described, and what limits it', () => withClock(async () => {
    const claims = { iss: '{clientId}', aud: 'acme', rights: { of: ['{clientId}', 7, true, null] }, unset: '{audience?}' };
    const descriptor = vendor({ assertion: { claims } });
    const seconds = Math.floor(Date.now() / 1_000);
    const { header, claims: { jti, ...rest } } = await assertionIn(await sent(descriptor, { clientId: 'me', signingKey: pem }));
    same(header, { alg: 'ES256', typ: 'JWT' }, 'header');
    same(rest, { iss: 'me', aud: 'acme', rights: { of: ['me', 7, true, null] }, iat: seconds, exp: seconds + 300 }, 'claims');
    ok(typeof jti === 'string' && jti.length > 20, 'a jti');
  }));

  test('an assertion stands in a header as well', async () => {
    const descriptor = vendor({ request: { headers: { 'X-Proof': 'Bearer {$assertion}' }, body: { only: 'this' } } });
    const { headers, body } = await sent(descriptor, { signingKey: jwk });
    is(body, 'only=this', 'body');
    const [, assertion] = /^Bearer (.+)$/.exec(headers['x-proof']);
    same(Object.keys((await verified(assertion, publicJwk, 'ES256')).claims).sort(), ['exp', 'iat', 'jti'], 'claims');
    const { headers: shown } = await previewRequest(descriptor, { signingKey: jwk });
    ok(!JSON.stringify(shown).includes('eyJ'), 'no assertion in a preview');
  });

  test('ttl, backdate, nbf and jti are as they are described', () => withClock(async () => {
    const seconds = Math.floor(Date.now() / 1_000);
    const claimsOf = async (assertion) => (await assertionIn(await sent(vendor({ assertion }), { signingKey: pem }))).claims;
    same(await claimsOf({ ttl: 60, jti: false }), { iat: seconds, exp: seconds + 60 }, 'a minute without jti');
    same(await claimsOf({ backdate: 30, jti: false }), { iat: seconds - 30, exp: seconds + 300 }, 'backdated');
    const limited = { iat: seconds - 30, nbf: seconds - 30, exp: seconds + 60 };
    same(await claimsOf({ nbf: true, backdate: 30, ttl: 60, jti: false }), limited, 'backdated, with nbf');
  }));

  test('header members are added, and replace typ', async () => {
    const assertion = { header: { kid: '{keyId?}', typ: 'at+jwt', 'x-of': { us: [1] } } };
    const headerOf = async (config) => (await assertionIn(await sent(vendor({ assertion }), { signingKey: pem, ...config }))).header;
    const descriptor = vendor({ assertion, params: { signingKey: { kind: 'key', secret: true }, keyId: { required: false } } });
    const named = await assertionIn(await sent(descriptor, { signingKey: pem, keyId: 'mine' }));
    same(named.header, { alg: 'ES256', typ: 'at+jwt', kid: 'mine', 'x-of': { us: [1] } }, 'header');
    const nameless = await assertionIn(await sent(descriptor, { signingKey: { ...jwk, kid: 'its own' } }));
    is(nameless.header.kid, 'its own', 'the kid of the key where none is given');
    is(await headerOf({}).catch(({ code }) => code), 'invalid_config', 'a header of an unknown parameter');
  });

  test('private_key_jwt adds the assertion of RFC 7523, and its claims may be replaced', () => withClock(async () => {
    const seconds = Math.floor(Date.now() / 1_000);
    const request = { body: { grant_type: 'client_credentials' } };
    const descriptor = (parts) => vendor({ auth: { method: 'private_key_jwt' }, request, ...parts });
    const config = { clientId: 'me', signingKey: pem };
    const asked = await sent(descriptor(), config);
    const parameters = Object.fromEntries(new URLSearchParams(asked.body));
    same(Object.keys(parameters).sort(), ['client_assertion', 'client_assertion_type', 'client_id', 'grant_type'], 'parameters');
    is(parameters.client_assertion_type, 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', 'client_assertion_type');
    const { claims: { jti: _, ...claims } } = await assertionIn(asked, 'client_assertion');
    same(claims, { iss: 'me', sub: 'me', aud: asked.url, iat: seconds, exp: seconds + 300 }, 'claims');

    const others = { claims: { iss: 'issuer of {clientId}', sub: 'subject', aud: 'audience', extra: 1 }, ttl: 60 };
    const replaced = await assertionIn(await sent(descriptor({ assertion: others }), config), 'client_assertion');
    const { jti: __, ...given } = replaced.claims;
    same(given, { iss: 'issuer of me', sub: 'subject', aud: 'audience', extra: 1, iat: seconds, exp: seconds + 60 }, 'claims');

    const anonymous = await sent(descriptor({ auth: { method: 'private_key_jwt', sendId: false } }), config);
    ok(!new URLSearchParams(anonymous.body).has('client_id'), 'no client_id');
  }));

  test('client_secret_jwt signs with the secret', async () => {
    const descriptor = acme({ auth: { method: 'client_secret_jwt' }, assertion: { alg: 'HS384' } });
    const { body } = await sent(descriptor, { clientId: 'me', clientSecret: HARD_SECRET });
    const assertion = new URLSearchParams(body).get('client_assertion');
    is((await verified(assertion, utf8(HARD_SECRET), 'HS384')).claims.sub, 'me', 'sub');
    ok(!body.includes('client_secret='), 'no secret in the body');
  });

  test('a function may give the secret to sign with, whoever names the method', async () => {
    const params = { clientAuth: { default: 'client_secret_jwt' } };
    const request = { url: ENDPOINT };
    for (const [provider, clientAuth] of [
      [{ id: 'acme', extends: 'oauth2', request }, 'client_secret_jwt'],
      [{ id: 'acme', extends: 'oauth2', request, params }],
      [{ id: 'acme', request, params }],
      [{ id: 'acme', request, auth: { method: 'client_secret_jwt' } }],
    ]) {
      for (const clientSecret of [HARD_SECRET, () => HARD_SECRET, async () => HARD_SECRET]) {
        const fetch = answering();
        await getToken(provider, { clientId: 'me', retries: 0, clientAuth, clientSecret, fetch });
        const form = new URLSearchParams(fetch.asked[0].body);
        is((await verified(form.get('client_assertion'), utf8(HARD_SECRET), 'HS256')).claims.sub, 'me', 'sub');
        is(form.get('client_secret'), null, 'client_secret');
        clear();
      }
    }
  });

  test('a function that gives no secret to sign with fails its caller, now and nobody else', async () => {
    const fetch = answering();
    const config = { tokenEndpoint: ENDPOINT, clientId: 'me', clientAuth: 'client_secret_jwt', retries: 0, fetch };
    const faulty = ['', 7, undefined, null];
    for (const given of faulty) {
      let asked = 0;
      const clientSecret = () => {
        asked += 1;
        return given;
      };
      const failing = () => refused(() => getToken('oauth2', { ...config, clientSecret }), { code: 'credentials', retryable: true });
      const [, token] = await Promise.all([failing(), getToken('oauth2', { ...config, clientSecret: async () => HARD_SECRET })]);
      ok(token.accessToken.startsWith('token-'), 'the token of whoever came at the same time');
      clear();
      for (const cached of [false, false]) is((await failing()).cached, cached, 'whether the failure was remembered');
      is(asked, 3, 'how often the function was asked');
      clear();
    }
    is(fetch.asked.length, faulty.length, 'requests');
  });

  const HMAC = { name: 'HMAC', hash: 'SHA-256' };
  const BYTES = Uint8Array.from({ length: 32 }, (_, at) => at * 8);
  const inHex = [...BYTES].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const inBase64 = btoa(String.fromCharCode(...BYTES));
  const SECRETS = {
    'in hex': ['hex', inHex, BYTES],
    'in hex, in capitals': ['hex', inHex.toUpperCase(), BYTES],
    'in base64': ['base64', inBase64, BYTES],
    'in base64url': ['base64', inBase64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), BYTES],
    'as text': ['utf8', HARD_SECRET, utf8(HARD_SECRET)],
    'as text that looks like hex': ['utf8', inHex, utf8(inHex)],
    'as text with blanks around it': ['utf8', ' blanks ', utf8(' blanks ')],
    'as text, by its algorithm': ['auto', HARD_SECRET, utf8(HARD_SECRET)],
    'as text in quotes': ['auto', '"in quotes"', utf8('"in quotes"')],
    'as JWK': ['auto', secretJwk(HARD_SECRET), utf8(HARD_SECRET)],
    'as JWK in JSON': ['jwk', JSON.stringify(secretJwk(HARD_SECRET)), utf8(HARD_SECRET)],
    'as CryptoKey': ['auto', () => crypto.subtle.importKey('raw', BYTES, HMAC, false, ['sign']), BYTES],
  };
  for (const [name, [keyEncoding, secret, bytes]] of Object.entries(SECRETS)) {
    test(`a secret ${name}`, async () => {
      const descriptor = vendor({ assertion: { alg: 'HS256', keyEncoding } });
      const { body } = await sent(descriptor, { signingKey: typeof secret === 'function' ? await secret() : secret });
      is((await verified(new URLSearchParams(body).get('proof'), bytes, 'HS256')).header.alg, 'HS256', 'alg');
    });
  }

  test('a key may be made of other parameters', async () => {
    const params = { left: {}, right: { secret: true } };
    const descriptor = vendor({ params, assertion: { alg: 'HS256', key: '{left}:{right}' } });
    const { body } = await sent(descriptor, { left: 'l', right: HARD_SECRET });
    await verified(new URLSearchParams(body).get('proof'), utf8(`l:${HARD_SECRET}`), 'HS256');
  });

  /** As App Store Connect and Snowflake have it: the assertion is the token. */
  const assertion = { direct: true, ttl: 1_200, claims: { iss: '{clientId}', aud: 'api' } };
  const direct = (parts) => vendor({ assertion, request: { body: {} }, ...parts });

  test('a direct assertion is the token, and asks nobody', () => withClock(async (advance) => {
    const fetch = answering();
    const config = { clientId: 'me', signingKey: pem, fetch };
    const token = await getToken(direct(), config);
    const { claims } = await verified(token.accessToken, publicJwk, 'ES256');
    same([claims.iss, claims.aud, claims.exp - claims.iat], ['me', 'api', 1_200], 'claims');
    is(token.expiresAt, claims.exp * 1_000, 'expiresAt');
    same([token.tokenType, token.scope], ['Bearer', null], 'token type and scope');
    same({ ...token.headers }, { Authorization: `Bearer ${token.accessToken}` }, 'headers');
    advance(600_000);
    is(await getToken(direct(), config), token, 'the token ten minutes later');
    advance(590_000);
    const next = await getToken(direct(), config);
    is(decoded(next.accessToken).claims.exp, claims.exp + 1_190, 'when the next one expires');
    is(await getToken(direct(), config), next, 'the next token again');
    is(fetch.asked.length, 0, 'requests');
  }));

  test('a direct assertion is sent as its descriptor says, and made anew when it is asked for', () => withClock(async (advance) => {
    const descriptor = direct({ use: { prefix: 'Ghost ' } });
    const config = { clientId: 'me', signingKey: pem };
    const token = await getToken(descriptor, config);
    is(token.headers.Authorization, `Ghost ${token.accessToken}`, 'Authorization');
    advance(2_000);
    const forced = await getToken(descriptor, config, { forceRefresh: true });
    ok(forced.accessToken !== token.accessToken, 'another token');
    const error = await refused(() => getToken(descriptor, { ...config, signingKey: pem.slice(0, 90) }), { code: 'invalid_config' });
    includes(error.message, 'signingKey: ', 'message');
  }));

  test('a key stands where it signs, and nowhere else', async () => {
    const config = { signingKey: pem };
    await refuses(vendor({ request: { body: { proof: '{signingKey}' } } }), config, 'signingKey');
    await refuses(vendor({ request: { headers: { 'X-Key': '{signingKey}' } } }), config, 'signingKey');
    await refuses(vendor({ assertion: { claims: { key: '{signingKey}' } } }), config, 'signingKey');
    await refuses(vendor({ params: {}, assertion: {} }), {}, 'assertion');
  });
};
