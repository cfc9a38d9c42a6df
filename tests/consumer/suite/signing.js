/**
 * Assertions signed by keys in every form and with every algorithm, for a token endpoint that checks them to the last
 * member with code of others.
 */
import { includes, is, refused, same } from './harness.js';
import { ALGORITHMS, formsOf, generated, has, imported, secretJwk, serviceAccount } from './key-forms.js';
import { HARD_SECRET } from './mock.js';

const CLIENT = 'client+/=%:& of a key';

export default (test, { getToken, invalidate }, { keyServer, keys }) => {
  /** Opens a token endpoint that takes what is expected and nothing else. */
  async function config(expected, changes) {
    const answer = await fetch(`${keyServer}/cases`, { method: 'POST', body: JSON.stringify({ clientId: CLIENT, ...expected }) });
    const { tokenEndpoint } = await answer.json();
    return { tokenEndpoint, clientId: CLIENT, clientAuth: 'private_key_jwt', retries: 0, ...changes };
  }

  async function signs(expected, changes) {
    const { accessToken } = await getToken('oauth2', await config(expected, changes));
    includes(accessToken, 'signed-', 'token');
  }

  async function refusesToSign(expected, changes, error) {
    await refused(async () => getToken('oauth2', await config(expected, changes)), { retryable: false, ...error });
  }

  /** The token; or, where this runtime's WebCrypto has no such algorithm, the error that says so. */
  async function signsIfItCan(expected, changes) {
    if (await has(expected.alg)) return signs(expected, changes);
    return refusesToSign(expected, changes, { code: 'unsupported', names: 'privateKey' });
  }

  /** Elsewhere nobody has such a CryptoKey to hand over. */
  const whereThereIs = async (alg, body) => (await has(alg)) && body();

  for (const [key, algorithms] of Object.entries(ALGORITHMS)) {
    const [ownAlgorithm] = algorithms;
    for (const [form, privateKey] of Object.entries(formsOf(keys[key]))) {
      for (const alg of algorithms) {
        test(`${alg}: ${key}, ${form}`, () => signsIfItCan({ key, alg }, { privateKey, algorithm: alg }));
      }
      test(`${ownAlgorithm} is what a key says: ${key}, ${form}`, () => signsIfItCan({ key, alg: ownAlgorithm }, { privateKey }));
    }

    for (const alg of algorithms) {
      for (const extractable of [false, true]) {
        test(`${alg}: ${key}, a CryptoKey that was imported${extractable ? ', extractable' : ''}`, () => whereThereIs(alg, async () => {
          const privateKey = await imported(keys[key], alg, { extractable });
          await signs({ key, alg }, { privateKey });
          await signs({ key, alg }, { privateKey, algorithm: alg });
        }));
      }
      test(`${alg}: ${key}, a JWK as exportKey writes it`, () => whereThereIs(alg, async () => {
        const privateKey = await crypto.subtle.exportKey('jwk', await imported(keys[key], alg, { extractable: true }));
        await signs({ key, alg }, { privateKey });
      }));
      test(`${alg}: ${key}, a CryptoKey that was generated`, () => whereThereIs(alg, async () => {
        const { privateKey, publicJwk } = await generated(alg);
        await signs({ key: publicJwk, alg }, { privateKey });
      }));
    }
  }

  for (const key of ['RSA of 2050 bits', 'RSA of 3071 bits']) {
    test(`RS256 and PS256: ${key}, in every form`, async () => {
      for (const alg of ['RS256', 'PS256']) {
        for (const privateKey of Object.values(formsOf(keys[key]))) await signs({ key, alg }, { privateKey, algorithm: alg });
        await signs({ key, alg }, { privateKey: await imported(keys[key], alg) });
      }
    });
  }

  for (const alg of ['HS256', 'HS384', 'HS512']) {
    test(`${alg}: a client secret`, async () => {
      const expected = { key: secretJwk(HARD_SECRET), alg };
      const secrets = [HARD_SECRET, () => HARD_SECRET, async () => HARD_SECRET];
      for (const clientSecret of secrets) {
        await signs(expected, { clientAuth: 'client_secret_jwt', clientSecret, algorithm: alg });
        if (alg === 'HS256') await signs(expected, { clientAuth: 'client_secret_jwt', clientSecret });
      }
    });
  }

  test('a JWK that names its algorithm is asked for no other', async () => {
    await signs({ key: 'RSA', alg: 'PS256' }, { privateKey: { ...keys.RSA.jwk, alg: 'PS256' } });
    const contradicting = { privateKey: { ...keys.RSA.jwk, alg: 'PS256' }, algorithm: 'RS256' };
    await refusesToSign({}, contradicting, { code: 'invalid_config', names: ['privateKey', 'PS256'] });
  });

  test('what else a JWK may hold does no harm', async () => {
    const more = { use: 'sig', key_ops: ['sign'], ext: true, x5c: [], 'x-mine': { of: 'us' } };
    await signs({ key: 'P-256', alg: 'ES256' }, { privateKey: { ...keys['P-256'].jwk, ...more } });
  });

  test('kid is keyId, else what the key says, else nothing', async () => {
    const expected = { key: 'RSA', alg: 'RS256' };
    const named = { ...keys.RSA.jwk, kid: 'own name' };
    await signs({ ...expected, kid: 'given' }, { privateKey: keys.RSA.pem['PKCS#8'], keyId: 'given' });
    await signs({ ...expected, kid: 'own name' }, { privateKey: named });
    await signs({ ...expected, kid: 'own name' }, { privateKey: JSON.stringify(named) });
    await signs({ ...expected, kid: 'given' }, { privateKey: named, keyId: 'given' });
    await signs(expected, { privateKey: keys.RSA.jwk });
  });

  test('a service account is a key, its name, and a client', async () => {
    const account = serviceAccount(keys.RSA);
    const expected = { key: 'RSA', alg: 'RS256', kid: account.private_key_id };
    const json = JSON.stringify(account);
    // Some tools take the quotes around a variable for a part of it.
    for (const privateKey of [account, json, JSON.stringify(account, null, 2), `'${json}'`, ` "${json}"\n`]) {
      await signs({ ...expected, clientId: account.client_email }, { privateKey, clientId: undefined });
      await signs(expected, { privateKey });
      await signs({ ...expected, kid: 'given' }, { privateKey, keyId: 'given' });
    }
  });

  test('a certificate, or its fingerprint in any spelling, becomes x5t#S256', async () => {
    const { certificate, fingerprint } = keys.RSA;
    const hex = fingerprint.replaceAll(':', '');
    const base64url = btoa(String.fromCharCode(...hex.match(/../g).map((byte) => Number.parseInt(byte, 16))))
      .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const inOneLine = certificate.replaceAll('\n', '\\n');
    for (const spelling of [certificate, inOneLine, fingerprint, fingerprint.toLowerCase(), hex, hex.toLowerCase(), base64url]) {
      await signs({ key: 'RSA', alg: 'RS256', fingerprint }, { privateKey: keys.RSA.jwk, certificate: spelling });
    }
  });

  test('the audience is the endpoint as it was given, or what the config says', async () => {
    const expected = { key: 'P-256', alg: 'ES256' };
    const privateKey = keys['P-256'].jwk;
    await signs(expected, { privateKey, assertionAudience: 'endpoint' });
    await signs({ ...expected, aud: 'https://issuer.example/realm' }, { privateKey, assertionAudience: 'https://issuer.example/realm' });
    const withoutIssuer = { privateKey, assertionAudience: 'issuer' };
    await refusesToSign(expected, withoutIssuer, { code: 'invalid_config', names: 'assertionAudience' });
  });

  test('a key without a method to use it by is private_key_jwt', () =>
    signs({ key: 'P-256', alg: 'ES256' }, { privateKey: keys['P-256'].jwk, clientAuth: undefined }));

  test('what else the request has is sent beside the assertion', async () => {
    const body = { scope: 'read write', resource: 'https://api.example.com', extra: 'é' };
    const changes = { scope: ['read', 'write'], resource: 'https://api.example.com', params: { extra: 'é' } };
    await signs({ key: 'P-256', alg: 'ES256', body }, { privateKey: keys['P-256'].jwk, ...changes });
  });

  test('every request has an assertion of its own, retries too', async () => {
    const options = await config({ key: 'P-256', alg: 'ES256' }, { privateKey: keys['P-256'].jwk, retries: 1 });
    const assertions = [];
    // Every other request is lost after the server took it, which it does once for each jti.
    options.fetch = async (url, init) => {
      assertions.push(new URLSearchParams(String(init.body)).get('client_assertion'));
      const answer = await fetch(url, init);
      return assertions.length % 2 === 1 ? new Response('', { status: 503, headers: { 'retry-after': '0' } }) : answer;
    };
    for (let turn = 0; turn < 2; turn += 1) invalidate('oauth2', options, await getToken('oauth2', options));
    is(new Set(assertions).size, 4, 'different assertions');
  });

  test('a key is imported once for each algorithm, however often it signs', async () => {
    const { pem: { 'PKCS#1': pem }, jwk } = keys['RSA, another'];
    for (const [form, privateKey] of Object.entries({ pem, 'the same pem': `${pem}`, jwk, 'an equal jwk': { ...jwk } })) {
      const imports = await countingImports(async () => {
        for (const alg of ['RS256', 'PS256', 'RS256']) {
          const options = await config({ key: 'RSA, another', alg }, { privateKey, algorithm: alg });
          for (let turn = 0; turn < 3; turn += 1) invalidate('oauth2', options, await getToken('oauth2', options));
        }
      });
      same(imports, form.includes(' ') ? [] : ['RSASSA-PKCS1-v1_5', 'RSA-PSS'], `imports of ${form}`);
    }
  });
};

/** The names of the algorithms that keys to sign with were imported for, so that they sign and never leave the runtime again. */
async function countingImports(body) {
  const { subtle } = crypto;
  const imports = [];
  const watching = (format, data, algorithm, extractable, usages) => {
    if (usages.includes('sign')) {
      same([extractable, usages], [false, ['sign']], 'what an imported key may be used for');
      imports.push(algorithm.name);
    }
    return Object.getPrototypeOf(subtle).importKey.call(subtle, format, data, algorithm, extractable, usages);
  };
  Object.defineProperty(subtle, 'importKey', { value: watching, configurable: true });
  is(crypto.subtle.importKey, watching, 'importKey');
  try {
    await body();
  } finally {
    delete subtle.importKey;
  }
  return imports;
}
