/** JSON Web Tokens as a receiver reads them (RFC 7519), with nothing but the runtime's WebCrypto. */
import { WEBCRYPTO } from './key-forms.js';

/** `{ header, claims }` of a compact JWS, signed by whomever. */
export function decoded(jws) {
  const [header, claims] = jws.split('.').slice(0, 2).map((part) => JSON.parse(new TextDecoder().decode(bytesOf(part))));
  return { header, claims };
}

/** `{ header, claims }` of a compact JWS, once its signature was found to be this key's: a public JWK, or a secret's bytes. */
export async function verified(jws, key, alg) {
  const algorithm = WEBCRYPTO[alg];
  const [format, data] = key instanceof Uint8Array ? ['raw', key] : ['jwk', key];
  const imported = await crypto.subtle.importKey(format, data, algorithm, false, ['verify']);
  const input = new TextEncoder().encode(jws.slice(0, jws.lastIndexOf('.')));
  const parameters = { ...algorithm, ...(algorithm.name === 'ECDSA' && { hash: `SHA-${algorithm.namedCurve.slice(2)}` }) };
  const valid = await crypto.subtle.verify(parameters, imported, bytesOf(jws.split('.')[2]), input);
  if (!valid) throw new Error(`the assertion is not signed by this key with ${alg}`);
  return decoded(jws);
}

function bytesOf(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}
