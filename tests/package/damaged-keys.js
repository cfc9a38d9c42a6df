/**
 * Keys in every format, damaged in every way that comes to mind: what reads them in the package gives a key or says what is wrong,
 * whatever it is given. The argument is the folder of the package, by default the installed one.
 */
import { strict as assert } from 'node:assert';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { check } from './checks.js';
import { damagesOf } from './damages.js';

const folder = path.resolve(process.argv[2] ?? fileURLToPath(new URL('../consumer/node_modules/tokenlet', import.meta.url)));
const load = (name) => import(pathToFileURL(path.join(folder, name)).href);
const { Fault } = await load('der.js');
const { readKey } = await load('key-formats.js');
const { hold } = await load('keys.js');
const { sign } = await load('signing.js');

/** Of each format. With all formats together it is 150 000 cases. */
const CASES = 6_000;

/** Of each format: how many of the keys that were read in spite of their damage sign. */
const SIGNED = 60;

/** No fault tells so much of a key. */
const TOLD = 12;

/** All that is read of a key. */
const LONGEST = 2 ** 16;

/** Shorter times are mostly the clock's and the compiler's. */
const SHORTEST_MS = 1;

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PSS = generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 });
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ED25519 = generateKeyPairSync('ed25519');

const pem = ({ privateKey }, type) => privateKey.export({ format: 'pem', type });
const jwk = ({ privateKey }) => JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: '1', use: 'sig', key_ops: ['sign'] });
const account = (pair) => JSON.stringify({
  type: 'service_account', private_key_id: '1', private_key: pem(pair, 'pkcs8'), client_email: 'me@project.example',
});
const encrypted = (pair, type) => pair.privateKey.export({ format: 'pem', type, cipher: 'aes-256-cbc', passphrase: 'secret' });
const octets = randomBytes(32);

const FORMATS = {
  'RSA, PKCS#8': pem(RSA, 'pkcs8'),
  'RSA, PKCS#1': pem(RSA, 'pkcs1'),
  'RSA, line ends written out': pem(RSA, 'pkcs8').trim().replaceAll('\n', '\\n'),
  'RSA, JWK': jwk(RSA),
  'RSA, service account': account(RSA),
  'RSA-PSS, PKCS#8': pem(PSS, 'pkcs8'),
  'P-256, PKCS#8': pem(P256, 'pkcs8'),
  'P-256, SEC1': pem(P256, 'sec1'),
  'P-256, JWK': jwk(P256),
  'P-256, service account': account(P256),
  'P-384, PKCS#8': pem(P384, 'pkcs8'),
  'P-384, SEC1': pem(P384, 'sec1'),
  'P-384, JWK': jwk(P384),
  'Ed25519, PKCS#8': pem(ED25519, 'pkcs8'),
  'Ed25519, JWK': jwk(ED25519),
  'a secret, JWK': JSON.stringify({ kty: 'oct', k: octets.toString('base64url') }),
  'a secret, hex': octets.toString('hex'),
  'a secret, base64': octets.toString('base64'),
  'an encrypted key, PKCS#8': encrypted(RSA, 'pkcs8'),
  'an encrypted key, PKCS#1': encrypted(RSA, 'pkcs1'),
  'an encrypted key, SEC1': encrypted(P256, 'sec1'),
  'a public key': createPublicKey(pem(RSA, 'pkcs8')).export({ format: 'pem', type: 'spki' }),
  'a public key, PKCS#1': createPublicKey(pem(RSA, 'pkcs8')).export({ format: 'pem', type: 'pkcs1' }),
  'two keys': pem(P256, 'pkcs8') + pem(RSA, 'pkcs1'),
  'a curve that is not for JWTs': pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }), 'sec1'),
};

const P256_OID = Buffer.from('06082a8648ce3d030107', 'hex');

/** Texts that grow with `length`, and that a careless reader would read again and again. */
const LONG = {
  'base64 without an end': (length) => `-----BEGIN PRIVATE KEY-----${'A'.repeat(length)}`,
  'beginnings': (length) => '-----BEGIN '.repeat(length / 11),
  'beginnings of blocks': (length) => '-----BEGIN A-----'.repeat(length / 17),
  'ends': (length) => `-----BEGIN PRIVATE KEY-----${'-----END '.repeat(length / 9)}`,
  'dashes': (length) => `-----BEGIN PRIVATE KEY${'-'.repeat(length)}`,
  'a long label': (length) => `-----BEGIN ${'PRIVATE KEY '.repeat(length / 12)}`,
  'written line ends': (length) => `-----BEGIN PRIVATE KEY-----${'\\n'.repeat(length / 2)}-----END PRIVATE KEY-----`,
  'white space': (length) => `x${' '.repeat(length)}x`,
  'a path without an end': (length) => `${'a.pem/'.repeat(length / 6)}`,
  'open lists': (length) => `{"kty":${'['.repeat(length)}`,
  'open objects': (length) => '{"a":'.repeat(length / 5),
  'a nest': (length) => `{"kty":"RSA","d":${'['.repeat(length / 2)}${']'.repeat(length / 2)}}`,
  'a long member': (length) => JSON.stringify({ kty: 'RSA', n: 'A'.repeat(length), d: 'A' }),
  'empty elements': (length) => block(element(0x30, Buffer.alloc(0.7 * length)), 'RSA PRIVATE KEY'),
  'sequences in sequences': (length) => block(nest(length)),
  'an integer of zeros': (length) => block(element(0x30, [2, 1, 0], element(2, Buffer.alloc(0.7 * length))), 'RSA PRIVATE KEY'),
  'a secret of zeros': (length) => block(element(0x30, [2, 1, 1], element(4, Buffer.alloc(0.7 * length)), element(0xa0, P256_OID)), 'EC PRIVATE KEY'),
};

const cases = {};
for (const [name, key] of Object.entries(FORMATS)) {
  const encoding = /hex|base64|jwk/.exec(name.toLowerCase())?.[0] ?? 'auto';
  cases[`damaged keys: ${name}`] = async () => {
    const secrets = secretsIn(key);
    const survivors = [];
    for (const [damage, damaged] of damagesOf(key.trim(), CASES)) {
      if (outcome(damaged, encoding, secrets, damage) === 'fault') continue;
      assert.ok(!isFatal(damage, name), `${damage} went unnoticed: ${JSON.stringify(damaged).slice(0, 3_000)}`);
      survivors.push(damaged);
    }
    const step = Math.max(1, Math.floor(survivors.length / SIGNED));
    for (let at = 0; at < survivors.length; at += step) await signWith(survivors[at], encoding, secrets);
  };
}
for (const [name, grown] of Object.entries(LONG)) {
  cases[`damaged keys: ${name} take no longer than their length`] = () => {
    const [short, long] = [LONGEST / 16, LONGEST].map((length) => fastest(grown(0.95 * length)));
    // Of a text 16 times as long it is about 16 times as much; of a reader that is quadratic, 256 times.
    assert.ok(long < 64 * Math.max(short, SHORTEST_MS), `${short.toFixed(2)} ms, and ${long.toFixed(2)} ms of 16 times the length`);
  };
}
await check(`${CASES * Object.keys(FORMATS).length} damaged keys`, cases);

/** Whether no key is left. Secrets have no end, and the first of two keys is before the cut. */
function isFatal(damage, format) {
  return damage === 'a cut end' || (damage === 'cutting' && !/hex|base64|two keys/.test(format));
}

/** Whether `damaged` is a key, or something with a fault that is told in words. */
function outcome(damaged, encoding, secrets, damage) {
  try {
    const { what, algorithms, format, data } = readKey(damaged, encoding);
    assert.ok(typeof what === 'string' && algorithms.length > 0 && typeof format === 'string' && typeof data === 'object', 'a key of which parts are missing');
    return 'key';
  } catch (thrown) {
    const context = () => `${damage} made of the key: ${JSON.stringify(damaged).slice(0, 3_000)}`;
    assert.ok(thrown instanceof Fault, `${thrown.stack}\n${context()}`);
    checkWords(thrown.message, secrets, context);
    return 'fault';
  }
}

function checkWords(words, secrets, context) {
  assert.match(words, /^[a-z][^\n]{5,200}[^.\s]$/, `words that do not read well: ${words}\n${context()}`);
  for (let at = 0; at + TOLD <= words.length; at++) {
    const part = words.slice(at, at + TOLD);
    assert.ok(!secrets.some((secret) => secret.includes(part)), `a part of the key is told: ${words}\n${context()}`);
  }
}

/** What nobody may be told: the base64 and hex in a key, with and without its line ends. */
function secretsIn(key) {
  const whole = key.replaceAll('\\n', '\n');
  const found = [whole, whole.replaceAll('\n', '')].flatMap((text) => text.match(/[\w+/=]{16,}/g));
  return found.filter((text) => text !== 'service_account');
}

/** What was read must sign, or be refused in words, too. In a field of a descriptor's own, which may be a shared secret as well. */
async function signWith(damaged, encoding, secrets) {
  const context = () => `made of the key: ${JSON.stringify(damaged).slice(0, 3_000)}`;
  const { config, keys, fault } = hold([{ signingKey: damaged }, ['signingKey'], encoding]);
  assert.equal(fault, undefined, context());
  assert.equal(typeof config.signingKey, 'number', context());
  const jwt = { key: 'signingKey', text: null, encoding, alg: '', among: [], header: {}, claims: {}, pair: null, token: undefined };
  try {
    const { signatures: [signed] } = await sign([keys, [jwt]]);
    assert.match(signed, /^[\w-]+\.[\w-]+\.[\w-]+$/, context());
  } catch (thrown) {
    assert.match(thrown.code ?? '', /^(invalid_config|unsupported)$/, `${thrown.stack ?? thrown.message}\n${context()}`);
    assert.match(thrown.message, /^signingKey: /, context());
    checkWords(thrown.message, secrets, context);
  }
}

/** Of several times, as many as are soon over, the one with the fewest interruptions. */
function fastest(text) {
  const times = [];
  const end = performance.now() + 200;
  do {
    const begun = performance.now();
    outcome(text, 'auto', [], 'length');
    times.push(performance.now() - begun);
  } while (times.length < 7 && performance.now() < end);
  return Math.min(...times);
}

function block(der, label = 'PRIVATE KEY') {
  return `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`;
}

function element(tag, ...contents) {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, 0x83, content.length >> 16, (content.length >> 8) & 0xff, content.length & 0xff]), content]);
}

function nest(length) {
  const levels = Math.floor((0.7 * length) / 5);
  const sizes = Array.from({ length: levels }, (_, level) => 5 * (levels - level - 1));
  return Buffer.concat(sizes.map((size) => Buffer.from([0x30, 0x83, size >> 16, (size >> 8) & 0xff, size & 0xff])));
}
