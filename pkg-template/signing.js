// JSON Web Tokens as the core wants them signed (RFC 7515), by keys of configs and by the key pairs of DPoP (RFC 9449).

import { Fault, fromBase64, fromHex, refuse, sha256, toBase64Url } from './der.js';
import { ALGORITHMS, MISMATCHED, pemBlocks, pemBody } from './key-formats.js';
import { cryptoKey, keyOf, parameters } from './keys.js';
import { Recent } from './recent.js';

const pairs = new Recent();
const bound = new WeakMap();

/**
 * Resolves to `signatures`, the texts of `jwts` in their order, and the `pair` that signed, where one did; rejects with the code and
 * message of an error.
 */
export const sign = async ([keys, jwts]) => {
  const signed = await Promise.all(jwts.map((jwt) => signedBy(keys, jwt)));
  return { signatures: signed.map(([text]) => text), pair: signed.find(([, pair]) => pair)?.[1] };
};

/** Has this pair sign for this token from now on, whatever becomes of the client. */
export const bind = ([token, pair]) => void bound.set(token, pair);

const signedBy = async (keys, jwt) => {
  const isProof = Boolean(jwt.pair || jwt.token);
  const field = isProof ? 'dpop' : jwt.key;
  let blamed = field;
  try {
    if (!globalThis.crypto?.subtle) throw new Fault('this runtime has no WebCrypto; pages have it on https alone', 'unsupported');
    blamed = 'certificate';
    const certificate = await certificateOf(jwt.header);
    blamed = field;
    const { algorithm, called = algorithm, key, header, pair } = await (isProof ? proof(jwt) : assertion(keys, jwt));
    const parts = [{ typ: 'JWT', ...header, ...jwt.header, ...certificate, alg: called }, jwt.claims];
    const input = parts.map((part) => toBase64Url(utf8(JSON.stringify(part)))).join('.');
    const signature = await crypto.subtle.sign(parameters(algorithm), key, utf8(input));
    return [`${input}.${toBase64Url(new Uint8Array(signature))}`, pair];
  } catch (thrown) {
    const { code, message } = thrown instanceof Fault ? thrown : refusal(thrown, isProof);
    throw { code, message: `${blamed}: ${message}` };
  }
};

// WebCrypto's own words are about its interface, and differ.
const refusal = ({ name }, isProof) => {
  // The pair is of the runtime's own making: nobody's key is to blame.
  if (isProof) return new Fault("this runtime's WebCrypto failed", 'unsupported');
  return name === 'NotSupportedError' ? new Fault("this runtime's WebCrypto does not know such keys", 'unsupported') : new Fault(MISMATCHED);
};

const assertion = async (keys, { key: name, text, encoding, alg, among }) => {
  const given = text ?? keys[name];
  const key = typeof given === 'string' ? keyOf(name, given, encoding) : given;
  const { what, algorithms, kid } = key;
  // RFC 9864 gave EdDSA a second name.
  const named = among.map((each) => (each === 'Ed25519' ? 'EdDSA' : each));
  const algorithm = alg || algorithms.find((own) => among.length === 0 || named.includes(own));
  const wanted = alg || `what the server takes: ${ALGORITHMS.filter((each) => named.includes(each)).join(', ') || 'none that is known here'}`;
  refuse(!algorithms.includes(algorithm), `is ${what}, for ${algorithms.join(', ')}, and not for ${wanted}`);
  // By its second name where the server knows that alone. What a key says of itself does not count: some runtimes export it so.
  const called = algorithm === 'EdDSA' && !alg && among.includes('Ed25519') && !among.includes('EdDSA') ? 'Ed25519' : algorithm;
  return { algorithm, called, key: await cryptoKey(key, algorithm), header: { kid } };
};

const proof = async ({ pair, token }) => {
  const own = token === undefined ? await pairOf(pair) : bound.get(token);
  refuse(!own, 'this token has no key here; pass the very Token that getToken gave, in the process that asked for it');
  return { algorithm: 'ES256', ...own, pair: own };
};

// RFC 9449, section 4.2: the private half never leaves the runtime, the public one goes along.
const pairOf = async (name) => {
  if (pairs.get(name) === undefined) {
    const { privateKey: key, publicKey } = await crypto.subtle.generateKey(parameters('ES256'), false, ['sign']);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
    // Of two that were made at once, the first counts.
    if (pairs.get(name) === undefined) pairs.set(name, { key, header: { jwk: { kty, crv, x, y } } });
  }
  return pairs.get(name);
};

// RFC 7515, section 4.1.8: the thumbprint of a certificate that came whole, or as a fingerprint.
const certificateOf = async ({ [THUMBPRINT]: given }) => given && { [THUMBPRINT]: toBase64Url(await digestOf(given.trim())) };

const digestOf = async (given) => {
  const block = pemBlocks(given).find(([label]) => label === 'CERTIFICATE');
  if (block) return sha256(pemBody(block));
  // As openssl prints it: "sha256 Fingerprint=AB:CD…".
  const hex = given.replace(/^sha\d+ fingerprint=/i, '').replaceAll(':', '');
  if (/^[\da-f]{64}$/i.test(hex)) return fromHex(hex);
  if (/^[\w+/-]{43}=?$/.test(given)) return fromBase64(given);
  refuse(/^[\da-f]{40}$/i.test(hex), 'is a SHA-1 fingerprint; pass the SHA-256 one: openssl x509 -fingerprint -sha256 -noout -in <file>');
  throw new Fault('is neither a certificate in PEM nor a SHA-256 fingerprint in hex or base64url');
};

const utf8 = (string) => new TextEncoder().encode(string);

const THUMBPRINT = 'x5t#S256';
