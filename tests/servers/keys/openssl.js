/**
 * Keys as people have them: made by the `openssl` command, afresh at each start, in every form that it writes, and files of
 * other kinds that people take for keys. Their numbers, as JWK and as what a verifier needs, are read by Node.
 */
import { execFile } from 'node:child_process';
import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Resolves to keys by name, each `{ pem, jwk, publicJwk, certificate, fingerprint }`: `pem` has the texts by the names of
 * their forms, PKCS#8 first, and `fingerprint` is SHA-256 as `openssl x509 -fingerprint` writes it.
 */
export async function makeKeys() {
  const made = {
    'RSA': rsa(2048),
    'RSA, another': rsa(2048),
    'RSA of 2050 bits': rsa(2050),
    'RSA of 3071 bits': rsa(3071),
    'P-256': ec('prime256v1'),
    'P-256, another': ec('prime256v1'),
    'P-384': ec('secp384r1'),
    'Ed25519': ed25519(),
  };
  return allOf(made);
}

/** Resolves to the texts of what is no key to sign with, by name. Whoever needs a passphrase would find it to be `passphrase`. */
export async function makeOthers() {
  const key = await generated('RSA', 'rsa_keygen_bits:2048');
  const onCurve = (curve) => openssl(['ecparam', '-name', curve, '-genkey', '-noout']);
  return allOf({
    'encrypted PKCS#8': openssl(['pkcs8', '-topk8', '-passout', 'pass:passphrase'], key),
    'encrypted PKCS#1': openssl(['rsa', '-traditional', '-aes128', '-passout', 'pass:passphrase'], key),
    'encrypted SEC1': onCurve('prime256v1').then((text) => openssl(['ec', '-aes128', '-passout', 'pass:passphrase'], text)),
    'public key': openssl(['rsa', '-pubout'], key),
    'PKCS#1 public key': openssl(['rsa', '-RSAPublicKey_out'], key),
    'certificate request': openssl(['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=tokenlet']),
    'P-521': onCurve('secp521r1'),
    'secp256k1': onCurve('secp256k1'),
    'X25519': generated('X25519'),
    'Ed448': generated('Ed448'),
    'DSA': openssl(['dsaparam', '-genkey', '-noout', '1024']),
    'DH parameters': openssl(['genpkey', '-genparam', '-algorithm', 'DH', '-pkeyopt', 'group:ffdhe2048']),
    'RSA of 1024 bits': generated('RSA', 'rsa_keygen_bits:1024'),
    'RSA of 2047 bits': generated('RSA', 'rsa_keygen_bits:2047'),
  });
}

async function rsa(bits) {
  const pkcs8 = await generated('RSA', `rsa_keygen_bits:${bits}`);
  return inPkcs8(pkcs8, { 'PKCS#1': openssl(['rsa', '-traditional'], pkcs8) });
}

async function ec(curve) {
  const sec1 = await openssl(['ecparam', '-name', curve, '-genkey', '-noout']);
  const withoutPoint = await openssl(['ec', '-no_public'], sec1);
  const pkcs8 = (text) => openssl(['pkcs8', '-topk8', '-nocrypt'], text);
  // This is what `openssl ecparam -genkey` writes when it is not told `-noout`.
  const parameters = await openssl(['ecparam', '-name', curve]);
  return inPkcs8(pkcs8(sec1), {
    'PKCS#8 without the public point': pkcs8(withoutPoint),
    'SEC1': sec1,
    'SEC1 behind its parameters': parameters + sec1,
    'SEC1 without the public point': withoutPoint,
  });
}

/** Others than openssl write the second version of PKCS#8 (RFC 5958, section 2), with the public key behind the private one. */
async function ed25519() {
  const pkcs8 = await generated('Ed25519');
  const { d, x } = createPrivateKey(pkcs8).export({ format: 'jwk' });
  const parts = [['3051020101300506032b657004220420', 'hex'], [d, 'base64url'], ['812100', 'hex'], [x, 'base64url']];
  const body = Buffer.concat(parts.map(([bytes, encoding]) => Buffer.from(bytes, encoding))).toString('base64').match(/.{1,64}/g);
  const second = ['-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----', ''].join('\n');
  return inPkcs8(pkcs8, { 'PKCS#8 of the second version': second });
}

async function inPkcs8(text, more = {}) {
  const pkcs8 = await text;
  const { certificate, bagged } = await inBags(pkcs8);
  const key = createPrivateKey(pkcs8);
  return {
    pem: await allOf({ 'PKCS#8': pkcs8, 'PKCS#8 between bag attributes': bagged, ...more }),
    jwk: key.export({ format: 'jwk' }),
    publicJwk: createPublicKey(key).export({ format: 'jwk' }),
    certificate,
    fingerprint: new X509Certificate(certificate).fingerprint256,
  };
}

/** The key out of a PKCS#12 file: the certificate stands before it, and remarks before both. */
async function inBags(pkcs8) {
  const folder = await mkdtemp(path.join(tmpdir(), 'tokenlet-key-'));
  const [key, certificate, bags] = ['key', 'certificate', 'bags'].map((name) => path.join(folder, name));
  try {
    await writeFile(key, pkcs8);
    await openssl(['req', '-x509', '-new', '-key', key, '-subj', '/CN=tokenlet', '-out', certificate]);
    const password = 'pass:passphrase';
    await openssl(['pkcs12', '-export', '-inkey', key, '-in', certificate, '-name', 'a key', '-passout', password, '-out', bags]);
    return {
      certificate: await openssl(['x509', '-in', certificate]),
      bagged: await openssl(['pkcs12', '-in', bags, '-nodes', '-passin', password]),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function generated(algorithm, ...options) {
  return openssl(['genpkey', '-algorithm', algorithm, ...options.flatMap((option) => ['-pkeyopt', option])]);
}

/** What `openssl` prints when it is given `input`. */
function openssl(args, input) {
  return new Promise((resolve, reject) => {
    const child = execFile('openssl', args, { timeout: LIMIT_MS }, (fault, stdout, stderr) => {
      if (fault) reject(new Error(`openssl ${args[0]}: ${stderr || fault.message}`));
      else resolve(stdout);
    });
    if (input !== undefined) child.stdin.end(input);
  });
}

async function allOf(promises) {
  const entries = Object.entries(promises).map(async ([name, promise]) => [name, await promise]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Primes take a second at worst; a command that asks for a passphrase would wait for ever. */
const LIMIT_MS = 30_000;
