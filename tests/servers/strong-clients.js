/**
 * The clients of `strong-server.js`: one for each way to authenticate, with keys that are made when the server starts. Each
 * is a pair: what the server has registered, and what a caller's config has to say.
 */
import { randomBytes } from 'node:crypto';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { registration } from './provider.js';

/** Resolves to the clients by name: `{ registered, config }`. */
export async function makeClients() {
  const [rsa, p256, p384, edwards] = await Promise.all(['RS256', 'ES256', 'ES384', 'EdDSA'].map(makeKey));
  return {
    basic: bySecret('client_secret_basic'),
    post: bySecret('client_secret_post'),
    HS256: bySecretJwt('HS256'),
    HS384: bySecretJwt('HS384'),
    HS512: bySecretJwt('HS512'),
    // A key says which algorithm it is for, or leaves it to the default or to the config.
    RS256: byKey('RS256', rsa, { privateKey: rsa.pem }),
    RS384: byKey('RS384', rsa, { privateKey: rsa.pem, algorithm: 'RS384' }),
    RS512: byKey('RS512', rsa, { privateKey: { ...rsa.jwk, alg: 'RS512' } }),
    PS256: byKey('PS256', rsa, { privateKey: rsa.jwk, algorithm: 'PS256' }),
    ES256: byKey('ES256', p256, { privateKey: p256.pem, keyId: p256.jwk.kid }),
    ES384: byKey('ES384', p384, { privateKey: p384.jwk }),
    EdDSA: byKey('EdDSA', edwards, { privateKey: edwards.pem }),
    none: client('none', 'none', {}, {}),
    certificate: client('certificate', 'tls_client_auth', CERTIFIED, {}),
    // The server takes no proof for a token that is bound already.
    bound: client('bound', 'tls_client_auth', { ...CERTIFIED, tls_client_certificate_bound_access_tokens: true }, {}),
  };
}

async function makeKey(algorithm) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const kid = `key for ${algorithm}`;
  return {
    pem: await exportPKCS8(privateKey),
    jwk: { ...(await exportJWK(privateKey)), kid },
    registered: { ...(await exportJWK(publicKey)), kid },
  };
}

function bySecret(method) {
  const secret = makeSecret();
  return client(method, method, { client_secret: secret }, { clientSecret: secret });
}

function bySecretJwt(algorithm) {
  const secret = makeSecret();
  const registered = { client_secret: secret, token_endpoint_auth_signing_alg: algorithm };
  return client(algorithm, 'client_secret_jwt', registered, { clientSecret: secret, algorithm });
}

function byKey(algorithm, { registered }, config) {
  const known = { jwks: { keys: [registered] }, token_endpoint_auth_signing_alg: algorithm };
  return client(algorithm, 'private_key_jwt', known, config);
}

function client(name, method, registered, config) {
  // With what form encoding changes, since an assertion must hold the id as it is.
  const id = `${name} client+/=%:&`;
  return { registered: registration(id, method, registered), config: { clientId: id, clientAuth: method, ...config } };
}

/** Long enough for HS512 (RFC 7518, section 3.2). */
const makeSecret = () => randomBytes(48).toString('base64');

/** The subject that a certificate must have; `strong-server.js` compares it. */
export const SUBJECT = 'CN=client.example';

const CERTIFIED = { tls_client_auth_subject_dn: SUBJECT };
