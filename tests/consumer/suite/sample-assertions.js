/** The assertions of samples: keys that this runtime makes for them, and its own WebCrypto's word on what was signed. */
import { ok, same } from './harness.js';
import { decoded } from './jws.js';
import { WEBCRYPTO } from './key-forms.js';

/** The first JWT in what was sent; the placeholder where there is none. */
export function jwtIn(asked) {
  const [jwt = '<assertion>'] = JWT.exec(JSON.stringify(asked)) ?? [];
  return jwt;
}

/**
 * The config of a sample with a key put in, the text of that key, and the key that checks what it signs, which is missing
 * where this runtime has no such keys.
 */
export async function keyed({ provider, config, assertion }) {
  const [marker, algorithm] = /<(\w+)>/.exec(config.privateKey ?? '') ?? [];
  if (marker === undefined) return { config, verifier: assertion && (await secretOf(provider, config, assertion.header.alg)) };
  const { pem, publicJwk } = await keyFor(algorithm);
  // A service account's JSON holds the key as a text.
  const text = config.privateKey === marker ? pem : JSON.stringify(pem).slice(1, -1);
  return {
    config: { ...config, privateKey: config.privateKey.replace(marker, () => text) },
    pem,
    verifier: publicJwk && (await verifierOf('jwk', publicJwk, assertion.header.alg)),
  };
}

/** Compares a JWT with what a sample says of it, at this very moment, and has the signature checked. */
export async function sameAssertion(jwt, { header, claims }, verifier) {
  const got = decoded(jwt);
  same(got.header, header, 'header of the assertion');
  const expected = Object.entries(claims).map(([name, claim]) => [name, filled(claim, got.claims[name])]);
  same(got.claims, Object.fromEntries(expected), 'claims of the assertion');
  const [signed, signature] = jwt.split(/\.(?=[^.]*$)/);
  const valid = await crypto.subtle.verify(parameters(header.alg), verifier, bytes(signature), new TextEncoder().encode(signed));
  ok(valid, 'the key of the config to have signed');
}

/** A claim with the time put in, or the id that was sent. */
function filled(claim, got) {
  if (claim === '<uuid>') return UUID.test(got) ? got : claim;
  const now = /^<now([+-]\d+)?>$/.exec(claim);
  return now === null ? claim : Math.floor(Date.now() / 1_000) + Number(now[1] ?? 0);
}

/** A key of this runtime's, made once; somebody else's where it can make none. */
async function keyFor(algorithm) {
  try {
    return (made[algorithm] ??= await make(algorithm));
  } catch {
    return { pem: RFC_8410 };
  }
}

async function make(algorithm) {
  const length = { modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ ...length, ...parameters(algorithm) }, true, ['sign', 'verify']);
  const der = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  const lines = btoa(String.fromCharCode(...der)).match(/.{1,64}/g);
  const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
  return { pem, publicJwk: await crypto.subtle.exportKey('jwk', publicKey) };
}

/** A secret signs and checks alike: the client's, or that of a parameter. */
function secretOf(provider, config, algorithm) {
  const own = Object.keys(provider.params ?? {}).find((name) => provider.params[name].kind === 'key');
  const secret = config[own] ?? config.clientSecret;
  const isHex = provider.assertion?.keyEncoding === 'hex';
  const raw = isHex ? Uint8Array.from(secret.match(/../g), (pair) => parseInt(pair, 16)) : new TextEncoder().encode(secret);
  return verifierOf('raw', raw, algorithm);
}

function verifierOf(format, key, algorithm) {
  // What else a JWK says would bind an RSA key to the algorithm that it was made for.
  const { kty, n, e, crv, x, y } = key;
  return crypto.subtle.importKey(format, format === 'raw' ? key : { kty, n, e, crv, x, y }, parameters(algorithm), false, ['verify']);
}

/** RFC 7518, sections 3.4 and 3.5: a curve goes with one hash, and the salt of RSA-PSS is as long as its hash. */
function parameters(algorithm) {
  const { namedCurve } = WEBCRYPTO[algorithm];
  return { ...WEBCRYPTO[algorithm], saltLength: 32, ...(namedCurve && { hash: `SHA-${namedCurve.slice(2)}` }) };
}

const bytes = (part) => Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

const made = {};

const JWT = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;

/** Of version 4 (RFC 9562, section 5.4). */
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** RFC 8410, section 10.3: an Ed25519 key, which is the kind that some runtimes lack. */
const RFC_8410 = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
`;
