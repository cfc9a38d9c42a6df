// The keys of configs. The core sees their numbers alone: no key enters the memory of the wasm.

import { Fault, refuse } from './der.js';
import { ALGORITHMS, EXPECTED, MISMATCHED, PRIVATE, SHORT, readKey } from './key-formats.js';
import { Recent } from './recent.js';
import { isRecord } from './snapshot.js';

// Only what is settled is remembered: on Workers, one request's promise may never settle for another.
const known = new Recent();
let latest = 0;

/**
 * Takes the keys out of a config.
 *
 * @param names the fields that hold keys
 * @param encoding how their texts are to be read, as for `readKey`
 * @returns `{ config, keys }`: the config with the number of each key in its place, and the keys by their fields; or `{ field,
 *   fault }`: what is wrong with which
 */
export const hold = ([given, names, encoding]) => {
  if (!isRecord(given)) return { config: given, keys: {} };
  const config = { __proto__: null, ...given };
  const keys = { __proto__: null };
  for (const name of names) {
    const value = given[name];
    // A function is asked for its secret at each request.
    if (value === undefined || value === null || typeof value === 'function') continue;
    try {
      const key = keyOf(name, value, encoding);
      keys[name] = key;
      config[name] = key.number;
      // The account is the client.
      if (key.clientId !== undefined) config.clientId ??= key.clientId;
    } catch (thrown) {
      return { field: name, fault: thrown instanceof Fault ? thrown.message : EXPECTED };
    }
  }
  return { config, keys };
};

/** The key that a field's value is: the same for the same value, as long as it is remembered. */
export const keyOf = (name, value, encoding) => {
  const key = anyKey(name, value, encoding);
  // RFC 7518, section 3.2: whoever verifies it knows it as well.
  refuse(name === 'privateKey' && key.algorithms[0].startsWith('HS'), "is a shared secret; pass its text as 'clientSecret', with clientAuth 'client_secret_jwt'");
  return key;
};

const anyKey = (name, value, encoding) => {
  if (Object.prototype.toString.call(value) === '[object CryptoKey]') return remembered(value, () => givenKey(value));
  // With its members in order, so that equal JWKs are equal texts.
  if (isRecord(value)) return anyKey(name, JSON.stringify(value, Object.keys(value).sort()), 'jwk');
  const isSecret = name === 'clientSecret';
  refuse(typeof value !== 'string', isSecret ? 'expected a string, or a function that gives one' : otherValue(value));
  const form = isSecret && /auto|secret/.test(encoding) ? 'utf8' : encoding;
  refuse(isSecret && form === 'utf8' && /PRIVATE KEY-----|"kty"/.test(value), "is a private key; pass the secret, or the key as 'privateKey'");
  return remembered(`${form} ${value}`, () => ({ ...readKey(value, form), imported: {} }));
};

const otherValue = (value) => {
  if (ArrayBuffer.isView(value)) return "is bytes; pass text, as of readFileSync(file, 'utf8')";
  return typeof value?.then === 'function' ? 'is a promise; await it' : EXPECTED;
};

/** Lets go of every key, as of the tokens that it got. */
export const forgetKeys = () => known.clear();

/** The CryptoKey of a key for one of its algorithms. It signs, and can not be had out of the runtime again. */
export const cryptoKey = async ({ imported, ...key }, algorithm) => (imported[algorithm] ??= await importedKey(key, algorithm));

const importedKey = async ({ format, data }, algorithm) => {
  const { subtle } = crypto;
  const own = parameters(algorithm);
  const key = await subtle.importKey(format, data, own, false, ['sign']);
  if (format === 'jwk') {
    // Not every runtime looks whether the halves belong together, and a server would only say that the client is not known.
    const { kty, crv, n, e, x, y } = data;
    const publicKey = await subtle.importKey(format, { kty, crv, n, e, x, y }, own, false, ['verify']);
    const probe = new Uint8Array(1);
    refuse(!await subtle.verify(own, publicKey, await subtle.sign(own, key, probe), probe), MISMATCHED);
  }
  return key;
};

/** What WebCrypto wants to be told of an algorithm, to import a key and to sign alike. */
export const parameters = (algorithm) => {
  const bits = algorithm.slice(2);
  const hash = `SHA-${bits}`;
  return {
    RS: { name: 'RSASSA-PKCS1-v1_5', hash },
    PS: { name: 'RSA-PSS', hash, saltLength: bits / 8 },
    ES: { name: 'ECDSA', hash, namedCurve: `P-${bits}` },
    HS: { name: 'HMAC', hash },
    Ed: { name: 'Ed25519' },
  }[algorithm.slice(0, 2)];
};

const remembered = (id, read) => {
  const key = known.get(id) ?? { ...read(), number: ++latest };
  known.set(id, key);
  return key;
};

const givenKey = (key) => {
  const { type, usages, algorithm: own } = key;
  const algorithm = ALGORITHMS.find((each) => {
    const { name, hash, namedCurve } = parameters(each);
    return name === own.name && namedCurve === own.namedCurve && hash === (own.hash?.name ?? hash);
  });
  refuse(algorithm === undefined, `is a CryptoKey of another algorithm; expected one for ${ALGORITHMS.join(', ')}`);
  refuse(type === 'public', `is a public CryptoKey; ${PRIVATE}`);
  refuse(!usages.includes('sign'), 'is a CryptoKey whose usages lack sign; import or create it with that');
  refuse(own.modulusLength < 2048, SHORT);
  return { what: 'a CryptoKey', algorithms: [algorithm], imported: { [algorithm]: key } };
};
