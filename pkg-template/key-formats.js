// Private keys and secrets in the formats in which people have them, as what WebCrypto imports. They become JWKs wherever they have
// all of one's members: every runtime takes those, while each has objections of its own to PKCS#8.

import { BIT_STRING, Fault, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, refuse } from './der.js';
import { content, elements, fromBase64, fromHex, sequence, toBase64Url, toHex } from './der.js';

/**
 * Reads a key: `what` people call it, the `algorithms` (RFC 7518) that it can be used with, the likeliest first, the `format` and
 * `data` to import; and where they came along, `kid` and `clientId`.
 *
 * @param encoding `auto`, `pem`, `jwk`, `utf8`, `hex` or `base64`; or `secret`, for a text that is itself unless it is a key
 */
export const readKey = (given, encoding) => {
  refuse(given === '', 'is empty');
  refuse(given.length > LONGEST, 'is longer than 64 KiB; pass the key alone');
  if (encoding === 'utf8' || (encoding === 'secret' && !/^\s*["']?\{|-----BEGIN /.test(given))) return secretKey(new TextEncoder().encode(given));
  // Some tools take the quotes around a variable for a part of it.
  const key = given.trim().replace(/^(["'])([^]*)\1$/, '$2');
  refuse(key === '', 'is nothing but white space');
  if (encoding === 'hex') return secretKey(fromHex(key));
  if (encoding === 'base64') return secretKey(fromBase64(key));
  return encoding === 'jwk' || (encoding !== 'pem' && key[0] === '{') ? jsonKey(key) : pemKey(key);
};

/** Whatever PEM has (RFC 7468), as `[label, body, end, after]`. Texts that went through a variable may have their line ends written out. */
export const pemBlocks = (pem) => pem.replace(/\\[rn]/g, '\n').split('-----BEGIN ').slice(1).map((block) => block.split('-----'));

/** The DER of one of them. */
export const pemBody = ([label, body, end, after]) => {
  refuse(after === undefined, 'has no END line; copy all of it');
  refuse(end !== `END ${label}`, 'has another END line than its BEGIN wants; copy one key, from line to line');
  refuse(body.includes('ENCRYPTED'), `is encrypted (Proc-Type: 4,ENCRYPTED); ${DECRYPT}`);
  return fromBase64(body);
};

const pemKey = (pem) => {
  const blocks = pemBlocks(pem);
  const block = blocks.find(([label]) => label.endsWith('PRIVATE KEY')) ?? blocks.at(-1);
  refuse(!block, otherText(pem));
  const [label] = block;
  const [kind] = /public key$|certificate( request)?$/.exec(label.toLowerCase()) ?? [];
  refuse(kind, `is a ${kind}; ${PRIVATE}`);
  const read = LABELS[label] ?? `holds no private key; ${EXPECTED}`;
  refuse(typeof read === 'string', read);
  return read(pemBody(block));
};

const otherText = (text) => {
  if (text.startsWith('PuTTY-')) return "is in PuTTY's format; convert it: puttygen <file> -O private-openssh -o <new file>";
  return /^\S{1,300}\.(pem|key|json|p8|der)$/i.test(text) ? 'is the path of a file; pass what the file holds' : `is no key; ${EXPECTED}`;
};

// RFC 5208, section 5, and its second version in RFC 5958, section 2.
const pkcs8Key = (der) => {
  const [version, algorithm, key] = sequence(der);
  content(version, INTEGER);
  const [identifier, parameters] = elements(content(algorithm, SEQUENCE));
  const inner = content(key, OCTET_STRING);
  switch (oidOf(identifier)) {
    case '2a864886f70d010101':
      return rsaKey(inner);
    case '2a864886f70d01010a':
      // RFC 4055, section 3.1: parameters restrict a key to what they name, and what they leave out is SHA-1.
      refuse(parameters && !toHex(parameters.bytes).includes('608648016503040201'), 'is an RSA-PSS key for another hash than SHA-256');
      return { ...rsaKey(inner), algorithms: ['PS256'] };
    case '2a8648ce3d0201':
      return ecKey(inner, parameters);
    default:
      return plainKey(kindOf(identifier), elements(inner).next().value);
  }
};

// RFC 8017, appendix A.1.2.
const rsaKey = (der) => {
  const [version, ...integers] = sequence(der);
  refuse(content(version, INTEGER).at(-1) === 1, MULTI_PRIME);
  const jwk = { kty: 'RSA' };
  RSA.members.forEach((name, at) => {
    const bytes = content(integers[at], INTEGER);
    jwk[name] = toBase64Url(bytes.subarray(bytes.findIndex((byte) => byte > 0)));
  });
  return jwkKey(jwk);
};

// RFC 5915, section 3. In PKCS#8, the curve stands beside it.
const ecKey = (der, parameters) => {
  const [, secret, ...more] = sequence(der);
  const inside = (tag) => elements(more.find((element) => element.tag === tag)?.bytes ?? []).next().value;
  const kind = kindOf(parameters ?? inside(0xa0));
  const key = plainKey(kind, secret);
  const point = inside(0xa1);
  if (point === undefined) return key;
  const [, form, ...xy] = content(point, BIT_STRING);
  const { kty, crv, size } = kind;
  // Without a public half, or with half of it.
  if (form !== UNCOMPRESSED || xy.length !== 2 * size) return key;
  const [x, y, d] = [xy.slice(0, size), xy.slice(size), key.data.slice(-size)].map(toBase64Url);
  return { ...kind, format: 'jwk', data: { kty, crv, x, y, d } };
};

// A private key without its public half is none in a JWK. Some leave out the zeros that it begins with.
const plainKey = (kind, secret) => {
  const digits = 2 * kind.size;
  const hex = toHex(content(secret, OCTET_STRING)).replace(/^(00)+/, '').padStart(digits, '0');
  refuse(hex.length > digits, 'is longer than keys of its kind are');
  return { ...kind, format: 'pkcs8', data: fromHex(kind.pkcs8 + hex) };
};

const kindOf = (identifier) => {
  const oid = oidOf(identifier);
  const kind = KINDS.find((known) => known.oid === oid);
  refuse(!kind, `is ${OTHER_OIDS[oid] ?? 'of an unknown algorithm or curve'}; ${TAKEN}`);
  return kind;
};

const oidOf = (element) => toHex(content(element, OBJECT_IDENTIFIER));

const jsonKey = (json) => {
  let read;
  try {
    read = Object(JSON.parse(json));
  } catch {
    throw new Fault('is broken JSON; pass all of the text, unchanged');
  }
  const wrong = TEXTS.find((name) => !['string', 'undefined'].includes(typeof read[name]));
  refuse(wrong, `is JSON whose member ${wrong} is no text`);
  if (read.kty) return jwkKey(read);
  refuse(read.keys, 'is a set of keys; pass one of them');
  refuse(!read.type && !read.private_key, `is JSON, but no key; ${EXPECTED}`);
  refuse(read.type && read.type !== 'service_account', 'is the JSON of other credentials than a service account');
  refuse(!read.private_key, "is a service account's JSON without its private_key; download it with a key");
  return { ...readKey(read.private_key, 'pem'), kid: read.private_key_id, clientId: read.client_email };
};

// RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2.
const jwkKey = (jwk) => {
  const { kty, crv, use = 'sig', key_ops: operations = ['sign'], alg, kid } = jwk;
  const kind = KINDS.find((known) => known.kty === kty && (known.crv === crv || !known.crv));
  refuse(!kind, `is a JWK of another kty or crv; ${TAKEN}, or kty oct`);
  refuse(!jwk.d && kind !== OCT, `is a public JWK; ${PRIVATE}`);
  refuse(use !== 'sig' || !Array.isArray(operations) || !operations.includes('sign'), 'is a JWK for something else: its use is not sig, or its key_ops lack sign');
  refuse(jwk.oth, MULTI_PRIME);
  const data = { kty, crv: kind.crv };
  for (const name of kind.members) {
    data[name] = jwk[name];
    refuse(!/^[\w-]+$/.test(jwk[name] ?? ''), `is a JWK whose member ${name} is missing, or is not base64url`);
  }
  refuse(kind === RSA && isShort(fromBase64(jwk.n)), SHORT);
  // RFC 9864 gave EdDSA a second name.
  const algorithms = alg ? [alg === 'Ed25519' ? 'EdDSA' : alg] : kind.algorithms;
  refuse(!kind.algorithms.includes(algorithms[0]), `is a JWK with an alg of other keys; it is for ${kind.algorithms.join(', ')}`);
  return { ...(kind === OCT ? secretKey(fromBase64(jwk.k)) : { ...kind, format: 'jwk', data }), algorithms, kid };
};

// RFC 7518, section 3.3.
const isShort = (modulus) => {
  const digits = toHex(modulus).replace(/^0+/, '');
  return digits.length < 512 || (digits.length === 512 && digits < '8');
};

const secretKey = (data) => ({ ...OCT, format: 'raw', data });

const LONGEST = 2 ** 16;

const UNCOMPRESSED = 4;

// The kinds of keys, with what comes before the key itself in PKCS#8.
const RSA = {
  kty: 'RSA', what: 'an RSA key', algorithms: ['RS256', 'PS256', 'RS384', 'RS512'], members: ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'],
};
const OCT = { kty: 'oct', what: 'a secret', algorithms: ['HS256', 'HS384', 'HS512'], members: ['k'] };
const EC = { kty: 'EC', members: ['x', 'y', 'd'] };
const KINDS = [
  RSA,
  {
    ...EC, crv: 'P-256', what: 'an EC key on P-256', algorithms: ['ES256'],
    oid: '2a8648ce3d030107', size: 32, pkcs8: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  },
  {
    ...EC, crv: 'P-384', what: 'an EC key on P-384', algorithms: ['ES384'],
    oid: '2b81040022', size: 48, pkcs8: '304e020100301006072a8648ce3d020106052b81040022043730350201010430',
  },
  {
    kty: 'OKP', crv: 'Ed25519', what: 'an Ed25519 key', algorithms: ['EdDSA'], members: ['x', 'd'],
    oid: '2b6570', size: 32, pkcs8: '302e020100300506032b657004220420',
  },
  OCT,
];

const OTHER_OIDS = {
  '2b81040023': 'an EC key on P-521',
  '2b8104000a': 'an EC key on secp256k1',
  '2b656e': 'an X25519 key',
  '2b6571': 'an Ed448 key',
  '2a8648ce380401': 'a DSA key',
  '2a864886f70d010301': 'a DH key',
};

// All members that matter and are texts.
const TEXTS = [
  ...KINDS.flatMap(({ members }) => members), 'kty', 'crv', 'use', 'alg', 'kid', 'type', 'private_key', 'private_key_id', 'client_email',
];

/** All that keys are used with here. */
export const ALGORITHMS = KINDS.flatMap(({ algorithms }) => algorithms);

export const EXPECTED = "expected PEM with its BEGIN and END lines, a JWK, a service account's JSON or a CryptoKey";
export const PRIVATE = 'pass the private key that belongs to it';
export const MISMATCHED = 'is a key that can not sign: its numbers do not belong together, or some are missing';
export const SHORT = 'is an RSA key of less than 2048 bits; create a longer one';
const TAKEN = 'expected RSA, EC on P-256 or P-384, or Ed25519';
const MULTI_PRIME = 'is an RSA key of more than two primes; create one of two';
const DECRYPT = 'decrypt it: openssl pkey -in <file> -out <new file>';

const LABELS = {
  __proto__: null,
  'PRIVATE KEY': pkcs8Key,
  'RSA PRIVATE KEY': rsaKey,
  'EC PRIVATE KEY': ecKey,
  'ENCRYPTED PRIVATE KEY': `is encrypted; ${DECRYPT}`,
  // ssh-keygen leaves Ed25519 in its own format.
  'OPENSSH PRIVATE KEY': "is in OpenSSH's format; convert a copy of it: ssh-keygen -p -m PKCS8 -f <copy>; for Ed25519, create a new one: openssl genpkey -algorithm ed25519",
  'DSA PRIVATE KEY': `is a DSA key; ${TAKEN}`,
};
