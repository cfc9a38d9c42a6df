/**
 * Keys that are none, or the wrong ones: each is refused before anything is sent, with the field's name, what it is, what to
 * do about it, and no part of the key.
 */
import { ENDPOINT } from './described.js';
import { excludes, is, ok, refused, same } from './harness.js';
import { verified } from './jws.js';
import { generated, imported, piecesOf, secretJwk, serviceAccount } from './key-forms.js';
import { answering } from './mock.js';
import { everythingIn } from './told.js';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };
const AES = { name: 'AES-GCM', length: 256 };
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' };
const SHA_1 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' };

/** What is wrong: its name, how it is made of the keys that there are, the words for it, and what else the config has. */
const DAMAGED = [
  ['nothing', () => '', /is empty/],
  ['white space', () => ' \n\t ', /white space/],
  ['encrypted PKCS#8', ({ others }) => others['encrypted PKCS#8'], /is encrypted; decrypt it: openssl pkey/],
  ['encrypted PKCS#1, as it used to be done', ({ others }) => others['encrypted PKCS#1'], /is encrypted .*; decrypt it: openssl pkey/],
  ['encrypted SEC1', ({ others }) => others['encrypted SEC1'], /is encrypted .*; decrypt it: openssl pkey/],
  ['a public key', ({ others }) => others['public key'], /is a public key; pass the private key/],
  ['a PKCS#1 public key', ({ others }) => others['PKCS#1 public key'], /is a public key; pass the private key/],
  ['a certificate', ({ keys }) => keys.RSA.certificate, /is a certificate; pass the private key/],
  ['a certificate request', ({ others }) => others['certificate request'], /is a certificate request; pass the private key/],
  ['a key of OpenSSH', () => OPENSSH, /OpenSSH's format; convert .*ssh-keygen.*; for Ed25519, create .*openssl genpkey/],
  ['a key of PuTTY', () => PUTTY, /PuTTY's format; convert .*puttygen/],
  ['PEM without its end', ({ pem }) => pem.split('-----END')[0], /no END line; copy all/],
  ['PEM with the end of something else', ({ pem }) => pem.replace('-----END PRIVATE', '-----END PUBLIC'), /another END .*; copy/],
  ['PEM without its lines', ({ pem }) => lines(pem).slice(1, -1).join('\n'), /is no key; expected PEM with its BEGIN/],
  ['PEM without its first line', ({ pem }) => lines(pem).slice(1).join('\n'), /is no key; expected PEM with its BEGIN/],
  ['PEM that holds nothing', () => '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', /damaged/],
  ['base64 with a letter that is none', ({ pem }) => inBody(pem, (body) => body.replace(/.{9}/, '$&*')), /not base64: .*; copy all/],
  ['base64 that lost a letter', ({ pem }) => inBody(pem, (body) => body.slice(0, -5)), /cut off.*copy all|not base64: .*; copy all/],
  ['a line of base64 lost in the middle', ({ pem }) => without(pem, 9), /cut off.*copy all/],
  ['the last line of base64 lost', ({ pem }) => without(pem, -3), /cut off.*copy all/],
  ['DER with bytes after its end', ({ pem }) => inBody(pem, (body) => btoa(`${atob(body)}more`)), /further bytes after its end; copy/],
  ['DER that is another thing', () => inBody(pemOf('AAAA'), () => btoa('0\u0003\u0002\u0001\u0000')), /not what its label says/],
  ['PKCS#8 under the label of PKCS#1', ({ pem }) => pem.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY'), /not what its label says/],
  ['PKCS#1 under the label of PKCS#8', ({ keys }) => keys.RSA.pem['PKCS#1'].replaceAll('RSA ', ''), /not what its label says/],
  ['an EC key on P-521', ({ others }) => others['P-521'], /EC key on P-521; expected RSA, EC on P-256/],
  ['an EC key on secp256k1', ({ others }) => others.secp256k1, /secp256k1; expected RSA, EC on P-256/],
  ['an X25519 key', ({ others }) => others.X25519, /X25519 key; expected RSA, EC on P-256/],
  ['an Ed448 key', ({ others }) => others.Ed448, /Ed448 key; expected RSA, EC on P-256/],
  ['a DSA key', ({ others }) => others.DSA, /DSA key; expected RSA, EC on P-256/],
  ['DH parameters', ({ others }) => others['DH parameters'], /no private key/],
  ['an RSA key of 1024 bits', ({ others }) => others['RSA of 1024 bits'], /less than 2048 bits; create a longer one/],
  ['an RSA key of 2047 bits', ({ others }) => others['RSA of 2047 bits'], /less than 2048 bits; create a longer one/],
  ['text that is no key', () => 'correct horse battery staple', /is no key; expected PEM/],
  ['the path of a file', () => '/etc/keys/private-key-of-acme.pem', /path of a file; pass what the file holds/],
  ['the path of a file on Windows', () => 'C:\\keys\\private-key-of-acme.key', /path of a file; pass what the file holds/],
  ['a text that is far too long', () => 'A'.repeat(100_000), /longer than 64 KiB; pass the key alone/],

  ['JSON that is broken', ({ jwk }) => JSON.stringify(jwk).slice(0, -9), /broken JSON; pass all of the text/],
  ['JSON that is no key', () => '{"hello":"world and everybody"}', /JSON, but no key; expected/],
  ['a JWK without d', ({ jwk: { d: _, ...rest } }) => rest, /public JWK; pass the private key/],
  ['a JWK without d, as JSON', ({ jwk: { d: _, ...rest } }) => JSON.stringify(rest), /public JWK; pass the private key/],
  ['a JWK of an unknown kty', ({ jwk }) => ({ ...jwk, kty: 'AKP' }), /another kty or crv; expected RSA/],
  ['a JWK without kty', ({ jwk: { kty: _, ...rest } }) => rest, /no key; expected/],
  ['a JWK of an unknown crv', ({ ec }) => ({ ...ec, crv: 'P-521' }), /another kty or crv; expected RSA/],
  ['a JWK with a number for a member', ({ jwk }) => ({ ...jwk, n: 65_537 }), /member n is no text/],
  ['a JWK without a member', ({ jwk: { qi: _, ...rest } }) => rest, /member qi is missing/],
  ['a JWK whose member is not base64url', ({ jwk }) => ({ ...jwk, dp: `*${jwk.dp}` }), /member dp is .*not base64url/],
  ['a JWK to encrypt with', ({ jwk }) => ({ ...jwk, use: 'enc' }), /JWK for something else: its use is not sig/],
  ['a JWK that may only verify', ({ jwk }) => ({ ...jwk, key_ops: ['verify'] }), /key_ops lack sign/],
  ['a JWK with an algorithm of another kind', ({ jwk }) => ({ ...jwk, alg: 'ES256' }), /alg of other keys; it is for RS256/],
  ['a JWK with a number for its kid', ({ jwk }) => ({ ...jwk, kid: 42 }), /member kid is no text/],
  ['a set of JWKs', ({ jwk }) => ({ keys: [jwk] }), /set of keys; pass one/],
  ['an EC JWK with the d of another key', ({ ec, keys }) => ({ ...ec, d: keys['P-256, another'].jwk.d }), /do not belong together/],
  ['an RSA JWK with the modulus of another key', ({ jwk, keys }) => ({ ...jwk, n: keys['RSA, another'].jwk.n }), /do not belong together/],
  ['an Ed25519 JWK with the d of another key', ({ ec, keys }) => ({ ...keys.Ed25519.jwk, d: ec.d }), /do not belong together/],
  ['an EC JWK whose d is too short', ({ ec }) => ({ ...ec, d: ec.d.slice(0, 20) }), /./],
  ["a person's credentials of gcloud", () => AUTHORIZED_USER, /JSON of other credentials than a service account/],
  ['a service account without its key', ({ account }) => ({ ...account, private_key: undefined }), /without its private_key; download/],
  ['a service account whose key is cut off', ({ account, pem }) => ({ ...account, private_key: without(pem, 9) }), /cut off/],

  ['a number', () => 42, /expected/],
  ['an array', ({ pem }) => [pem], /expected/],
  ['a date', () => new Date(0), /expected/],
  ['a boolean', () => true, /expected/],
  ['a boxed text', ({ pem }) => new String(pem), /expected/],
  ['bytes', () => new Uint8Array([48, 130]), /is bytes; pass text/],
  ['a function', ({ pem }) => () => pem, /expected a key, got a function/],
  ['a pair of CryptoKeys', () => generated('ES256'), /expected/],
  ['a public CryptoKey', async () => (await generated('ES256')).publicKey, /public CryptoKey; pass the private key/],
  ['a CryptoKey to agree on keys', ({ keys }) => imported(keys['P-256'], ECDH, { usages: ['deriveBits'] }), /another algorithm; expected/],
  ['an AES CryptoKey', () => crypto.subtle.generateKey(AES, false, ['encrypt']), /another algorithm; expected/],
  ['an HMAC CryptoKey that only verifies', () => crypto.subtle.generateKey(HMAC, false, ['verify']), /usages lack sign; import or create/],
  ['an RSA-OAEP CryptoKey', ({ keys }) => imported(keys.RSA, OAEP, { usages: ['decrypt'] }), /another algorithm; expected/],
  ['an RSA CryptoKey for SHA-1', ({ keys }) => imported(keys.RSA, SHA_1), /another algorithm; expected/],

  ['an EC key for RS256', ({ ec }) => ec, /EC key on P-256, for ES256, and not for RS256/, { algorithm: 'RS256' }],
  ['a P-384 key for ES256', ({ keys }) => keys['P-384'].jwk, /EC key on P-384, for ES384, and not for ES256/, { algorithm: 'ES256' }],
  ['an RSA key for EdDSA', ({ pem }) => pem, /RSA key, for RS256.*not for EdDSA/, { algorithm: 'EdDSA' }],
  ['an RSA key for HS256', ({ pem }) => pem, /RSA key, for RS256.*not for HS256/, { algorithm: 'HS256' }],
  ['an RSA-PSS CryptoKey for RS256', ({ keys }) => imported(keys.RSA, 'PS256'), /for PS256, and not for RS256/, { algorithm: 'RS256' }],
  ['a shared secret', () => secretJwk('a shared secret'), /shared secret; pass its text as 'clientSecret', with clientAuth/],
  ['a shared secret for HS256', () => secretJwk('a shared secret'), /shared secret; pass its text/, { algorithm: 'HS256' }],
  ['a shared CryptoKey', () => crypto.subtle.generateKey(HMAC, false, ['sign']), /shared secret; pass its text/],
];

/** Keys in the place of the client secret, which most methods send. */
const MISPLACED = [
  ['PKCS#8', ({ pem }) => pem],
  ['PKCS#8 with its line ends written out', ({ pem }) => pem.replaceAll('\n', '\\n')],
  ['encrypted PKCS#8', ({ others }) => others['encrypted PKCS#8']],
  ['PKCS#1', ({ keys }) => keys.RSA.pem['PKCS#1']],
  ['a JWK as JSON', ({ jwk }) => JSON.stringify(jwk)],
  ["a service account's JSON", ({ account }) => JSON.stringify(account)],
];

/** Faults of `certificate`, beside a key that is in order. */
const CERTIFICATES = [
  ['a fingerprint by SHA-1', () => 'ab:'.repeat(19) + 'ab', /SHA-1 fingerprint; pass the SHA-256 one: openssl x509/],
  ['half a fingerprint', ({ keys }) => keys.RSA.fingerprint.slice(0, 47), /neither a certificate in PEM nor a SHA-256 fingerprint/],
  ['a private key', ({ pem }) => pem, /neither a certificate in PEM nor a SHA-256 fingerprint/],
  ['a certificate without its end', ({ keys }) => keys.RSA.certificate.split('-----END')[0], /no END line; copy all/],
];

/** Faults of a secret in a descriptor that says how secrets are written. */
const SECRETS = [
  ['a secret that is no hex', 'hex', 'a secret, and plainly no hex', /not hex; expected pairs/],
  ['hex of an odd length', 'hex', '0123456789abcdef0', /not hex; expected pairs/],
  ['a secret that is no base64', 'base64', 'a secret: plainly no base64!', /not base64/],
  ['PEM that is no PEM', 'pem', 'a secret, and plainly no PEM', /is no key; expected PEM/],
  ['a JWK that is no JSON', 'jwk', 'a secret, and plainly no JSON', /broken JSON/],
];

export default (test, { getToken }, { keys, others }) => {
  const material = { keys, others, pem: keys.RSA.pem['PKCS#8'], jwk: keys.RSA.jwk, ec: keys['P-256'].jwk, account: serviceAccount(keys.RSA) };

  /** Asserts that nothing is sent, and that the error speaks of the field and not of what it holds. */
  async function refuses(provider, field, value, words, config = {}) {
    const fetch = answering();
    const whole = { clientId: 'client', retries: 0, fetch, ...config, [field]: value };
    const error = await refused(() => getToken(provider, whole), { code: 'invalid_config', retryable: false, status: null, attempts: 0 });
    ok(error.message.startsWith(`${field}: `), `the message to begin with "${field}: ", got "${error.message}"`);
    ok(words.test(error.message), `${words} in "${error.message}"`);
    is(fetch.asked.length, 0, 'requests');
    const told = everythingIn(error);
    for (const piece of piecesOf(value)) excludes(told, piece, 'error');
  }

  for (const [name, make, words, config] of DAMAGED) {
    test(name, async () => {
      const common = { tokenEndpoint: ENDPOINT, clientAuth: 'private_key_jwt', ...config };
      await refuses('oauth2', 'privateKey', await make(material), words, common);
    });
  }

  test('a promise of a key', () => {
    const common = { tokenEndpoint: ENDPOINT, clientAuth: 'private_key_jwt' };
    return refuses('oauth2', 'privateKey', Promise.resolve(material.pem), /is a promise; await it/, common);
  });

  for (const member of ['d', 'p', 'dp', 'qi']) {
    test(`an RSA JWK with the ${member} of another key signs as its modulus has it, or not at all`, async () => {
      const fetch = answering();
      const privateKey = { ...keys.RSA.jwk, [member]: keys['RSA, another'].jwk[member] };
      const call = getToken('oauth2', { tokenEndpoint: ENDPOINT, clientId: 'client', clientAuth: 'private_key_jwt', privateKey, fetch });
      // Some runtimes find a way around one number that is wrong, and sign nothing that is.
      const code = await call.then(() => undefined, (error) => error.code);
      if (code === undefined) await verified(new URLSearchParams(fetch.asked[0].body).get('client_assertion'), keys.RSA.publicJwk, 'RS256');
      else same([code, fetch.asked.length], ['invalid_config', 0], 'code, and requests');
    });
  }

  for (const [name, make, words] of CERTIFICATES) {
    test(`for a certificate, ${name}`, () =>
      refuses('oauth2', 'certificate', make(material), words, { tokenEndpoint: ENDPOINT, privateKey: material.jwk }));
  }

  for (const clientAuth of ['client_secret_basic', 'client_secret_post', 'client_secret_jwt']) {
    for (const [name, make] of MISPLACED) {
      test(`for ${clientAuth}, ${name}`, async () => {
        const [clientSecret, words] = [make(material), /private key.*; pass the secret, or the key as 'privateKey'/];
        await refuses('oauth2', 'clientSecret', clientSecret, words, { tokenEndpoint: ENDPOINT, clientAuth });
        const [fetch, code] = [answering(), clientAuth.endsWith('jwt') ? 'invalid_config' : 'credentials'];
        const config = { tokenEndpoint: ENDPOINT, clientId: 'client', clientAuth, clientSecret: () => clientSecret, retries: 0, fetch };
        const error = await refused(() => getToken('oauth2', config), { code, names: ['clientSecret', 'private key'] });
        is(fetch.asked.length, 0, 'requests');
        for (const piece of piecesOf(clientSecret)) excludes(everythingIn(error), piece, 'error');
      });
    }
  }

  for (const [name, keyEncoding, secret, words] of SECRETS) {
    test(`in a descriptor, ${name}`, () => {
      const descriptor = {
        id: 'acme',
        params: { sharedKey: { kind: 'key', secret: true } },
        auth: { method: 'none' },
        assertion: { alg: 'HS256', keyEncoding },
        request: { url: ENDPOINT, body: { assertion: '{$assertion}' } },
      };
      return refuses(descriptor, 'sharedKey', secret, words);
    });
  }
};

const lines = (text) => text.trim().split('\n');

const pemOf = (body) => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;

/** The same PEM with its base64, as one line, changed. */
const inBody = (text, change) => pemOf(change(lines(text).slice(1, -1).join('')));

/** The same PEM without one of its lines, counted from the end where `at` is negative. */
const without = (text, at) => text.split('\n').toSpliced(at, 1).join('\n');

const OPENSSH = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBTTEVFUFktUFVCTElDLUtFWS1PRi1OTy1PTkUtQVQtQUxMAAAAiA==
-----END OPENSSH PRIVATE KEY-----
`;

const PUTTY = `PuTTY-User-Key-File-3: ssh-ed25519
Encryption: none
Comment: a key
Public-Lines: 2
AAAAC3NzaC1lZDI1NTE5AAAAIFNMRUVQWS1QVUJMSUMtS0VZLU9GLU5PLU9ORS1B
VC1BTEw=
`;

const AUTHORIZED_USER = JSON.stringify({
  type: 'authorized_user',
  client_id: '764086051850.apps.googleusercontent.com',
  client_secret: 'd-a-secret-of-gcloud',
  refresh_token: '1//a-token-to-refresh-with',
});
