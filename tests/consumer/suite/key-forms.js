/**
 * The keys of `servers/key-server.js` in the forms in which people hand them over, and what this runtime's WebCrypto makes of
 * them and makes itself.
 */
import { base64 } from './mock.js';

/** What WebCrypto calls the JOSE algorithms. */
export const WEBCRYPTO = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  RS384: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  RS512: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  ES384: { name: 'ECDSA', namedCurve: 'P-384' },
  EdDSA: { name: 'Ed25519' },
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  HS384: { name: 'HMAC', hash: 'SHA-384' },
  HS512: { name: 'HMAC', hash: 'SHA-512' },
};

/** The algorithms of each kind of key, the one that the key itself says first. */
export const ALGORITHMS = {
  RSA: ['RS256', 'RS384', 'RS512', 'PS256'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  Ed25519: ['EdDSA'],
};

/** A key in every form that is text or data, by the name of the form. */
export function formsOf({ pem, jwk }) {
  const text = pem['PKCS#8'];
  return {
    ...pem,
    'PKCS#8 with literal \\n': text.replaceAll('\n', '\\n'),
    'PKCS#8 with CRLF': text.replaceAll('\n', '\r\n'),
    'PKCS#8 without the last line feed': text.trim(),
    'PKCS#8 between blank lines': `\n\n${text}\n\n`,
    JWK: jwk,
    'JWK as JSON': JSON.stringify(jwk),
    'JWK as indented JSON': JSON.stringify(jwk, null, 2),
  };
}

/** What Google's console has people download. */
export function serviceAccount({ pem }) {
  return {
    type: 'service_account',
    project_id: 'acme-project',
    private_key_id: 'f1a2b3c4d5e6',
    private_key: pem['PKCS#8'],
    client_email: 'robot@acme-project.iam.gserviceaccount.com',
    client_id: '123456789012345678901',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
}

/** The key as this runtime's WebCrypto reads it. */
export function imported({ pem }, algorithm, { extractable = false, usages = ['sign'] } = {}) {
  const der = Uint8Array.from(atob(pem['PKCS#8'].replace(/-----[^-]+-----|\s/g, '')), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('pkcs8', der, WEBCRYPTO[algorithm] ?? algorithm, extractable, usages);
}

/** A pair of keys that this runtime made, the public one as JWK too. WebKit fails to make one of sixty for EdDSA. */
export async function generated(algorithm, attempts = 5) {
  const rsa = /^[RP]S/.test(algorithm) && { modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) };
  const making = crypto.subtle.generateKey({ ...WEBCRYPTO[algorithm], ...rsa }, false, ['sign', 'verify']);
  const pair = await making.catch((fault) => (attempts > 1 ? undefined : Promise.reject(fault)));
  if (pair === undefined) return generated(algorithm, attempts - 1);
  return { ...pair, publicJwk: await crypto.subtle.exportKey('jwk', pair.publicKey) };
}

/** Whether this runtime's WebCrypto has the algorithm at all. Of these, some lack EdDSA alone. */
export async function has(algorithm) {
  if (algorithm !== 'EdDSA') return true;
  // RFC 8037, appendix A.2.
  const known = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  try {
    return Boolean(await crypto.subtle.importKey('jwk', known, WEBCRYPTO.EdDSA, true, ['verify']));
  } catch {
    return false;
  }
}

/** Bytes of a text as JWK, which is how a shared secret is written there. */
export function secretJwk(text) {
  return { kty: 'oct', k: base64(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') };
}

/** So much of a key or a secret is no coincidence. */
const TELLING = 12;

/** What must not be told of a key in any form: pieces of it, wherever they begin, but no names of formats and members. */
export function piecesOf(given) {
  if (typeof given === 'string') return given.trim().startsWith('{') ? piecesOf(parsed(given)) : piecesOfText(given);
  if (typeof given !== 'object' || given === null) return [];
  return Object.values(given).flatMap(piecesOf);
}

function piecesOfText(text) {
  const words = text.replace(/-----[^-]*-----/g, ' ').split(/\s|\\n/);
  return words.flatMap((word) => Array.from({ length: Math.max(0, word.length - TELLING + 1) }, (_, at) => word.slice(at, at + TELLING)));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text: text.replace(/[{}"]/g, ' ') };
  }
}
