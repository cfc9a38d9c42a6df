/** Faulty configs are refused before anything is sent, with the field named, and never by a synchronous throw. */
import { includes, is, refused, same, within } from './harness.js';
import { HARD_SECRET, answering, emporix, oauth2 } from './mock.js';

export default (test, { configure, createClient, getToken, invalidate, previewRequest }) => {
  /** Asserts that this config is refused by name, whichever function meets it, and that nothing is sent. */
  async function faulty(provider, config, names) {
    const fetch = answering();
    const whole = typeof config === 'function' ? config(fetch) : config;
    const expected = { code: 'invalid_config', retryable: false, names };
    await refused(() => getToken(provider, whole), expected);
    await refused(() => createClient(provider, whole).getToken(), expected);
    await refused(() => previewRequest(provider, whole), expected);
    is(fetch.asked.length, 0, 'requests');
  }

  const withField = (field, value) => (fetch) => oauth2(fetch, { [field]: value });
  /** An own field, which a literal cannot have when it is called `__proto__`. */
  const withOwnField = (field, value) => (fetch) =>
    Object.defineProperty(oauth2(fetch), field, { value, enumerable: true, configurable: true, writable: true });

  const MISSPELT = {
    clientSecert: ['oauth2', 'clientSecret'],
    client_id: ['oauth2', 'clientId'],
    scopes: ['oauth2', 'scope'],
    tokenEndPoint: ['oauth2', 'tokenEndpoint'],
    tenat: ['emporix', 'tenant'],
  };
  for (const [field, [provider, meant]] of Object.entries(MISSPELT)) {
    test(`${field} is refused, and ${meant} suggested`, async () => {
      const base = provider === 'emporix' ? emporix : oauth2;
      // The message quotes or at least contains both; where the misspelling contains the field, that alone would not do.
      await faulty(provider, (fetch) => base(fetch, { [field]: 'x' }), [field, meant]);
      const error = await refused(() => getToken(provider, base(answering(), { [field]: 'x' })), { code: 'invalid_config' });
      includes(error.message.replaceAll(field, ''), meant, 'message without the misspelling');
    });
  }

  for (const field of ['colour', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'baseUrl', 'tenant']) {
    test(`a field that oauth2 does not have is refused: ${field}`, () => faulty('oauth2', withOwnField(field, 'x'), field));
  }

  const WRONG_TYPES = {
    clientId: [42, null, {}, ['client']],
    clientSecret: [42, null, {}, new String('boxed')],
    scope: [42, {}, [42], [['read']], new Set(['read'])],
    audience: [42, ['https://api.example.com'], {}],
    resource: [42, {}, [42], new URL('https://api.example.com')],
    params: ['a=b', 42, [['a', 'b']], { a: 1 }, { a: null }, new Map([['a', 'b']]), new URLSearchParams('a=b')],
    headers: ['a: b', 42, [['a', 'b']], { a: 1 }, { a: ['b'] }, new Map([['a', 'b']]), new Headers({ a: 'b' })],
    tokenEndpoint: [42, {}, new URL('https://auth.example.com/token')],
    timeout: ['1000', -1, Number.NaN, Number.POSITIVE_INFINITY, 20_001, {}],
    retries: ['2', -1, 1.5, 6, Number.NaN, true],
    refreshAhead: ['1000', -1, Number.NaN, {}],
    maxAge: ['1000', -1, Number.NaN, {}],
    fetch: ['fetch', 42, {}],
    waitUntil: ['later', 42, {}],
    partition: [42, {}, ['blue']],
    allowHttp: ['yes', 1, {}],
    clientAuth: [42, 'basic', 'CLIENT_SECRET_BASIC', ''],
    basicEncoding: [42, 'base64'],
    bodyFormat: [42, 'xml'],
  };
  for (const [field, values] of Object.entries(WRONG_TYPES)) {
    test(`${field} of a wrong type or value is refused`, async () => {
      for (const value of values) await faulty('oauth2', withField(field, value), field);
    });
  }

  for (const field of ['tokenEndpoint', 'clientId', 'clientSecret']) {
    test(`oauth2 without ${field} is refused`, () => faulty('oauth2', withField(field, undefined), field));
    test(`oauth2 with an empty ${field} is refused`, () => faulty('oauth2', withField(field, ''), field));
  }

  const REQUIRED = {
    emporix: { tenant: 'acme', clientId: 'client', clientSecret: HARD_SECRET },
    firstvision: { baseUrl: 'https://api.example.com', clientId: 'client', clientSecret: HARD_SECRET },
    'firstvision-query': { baseUrl: 'https://api.example.com', clientId: 'client', clientSecret: HARD_SECRET, scope: 'all' },
    abtasty: { accountId: 'acc0unt', clientId: 'client', clientSecret: HARD_SECRET },
  };
  for (const [provider, config] of Object.entries(REQUIRED)) {
    test(`${provider} needs ${Object.keys(config).join(', ')}`, async () => {
      for (const field of Object.keys(config)) {
        const { [field]: _, ...rest } = config;
        await faulty(provider, (fetch) => ({ ...rest, fetch }), field);
        await faulty(provider, (fetch) => ({ ...config, fetch, [field]: '' }), field);
      }
      // The same config, whole, is in order: it is the missing field that was refused.
      await getToken(provider, { ...config, fetch: answering() });
    });
  }

  test('firstvision-query does not take blanks for a scope', async () => {
    for (const scope of ['  ', [], ['']]) {
      await faulty('firstvision-query', (fetch) => ({ ...REQUIRED['firstvision-query'], fetch, scope }), 'scope');
    }
  });

  test('a tenant may not be blank or hold white space, and may break the documented pattern', async () => {
    for (const tenant of ['', ' ', 'ac me', ' acme', 'acme\n', 'ac\tme', 'acme\u00a0']) {
      await faulty('emporix', (fetch) => emporix(fetch, { tenant }), 'tenant');
    }
    const fetch = answering();
    await getToken('emporix', emporix(fetch, { tenant: 'A-longer_Tenant-name' }));
    is(new URLSearchParams(fetch.asked[0].body).get('scope'), 'tenant=A-longer_Tenant-name', 'scope');
  });

  test('expiresIn of abtasty is a whole number of seconds', async () => {
    for (const expiresIn of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, {}, 'an hour']) {
      await faulty('abtasty', (fetch) => ({ ...REQUIRED.abtasty, fetch, expiresIn }), 'expiresIn');
    }
  });

  test('params may not repeat what the request has', async () => {
    for (const name of ['grant_type', 'client_id', 'client_secret', 'scope']) {
      await faulty('emporix', (fetch) => emporix(fetch, { params: { [name]: 'x' } }), name);
    }
    await faulty('firstvision-query', (fetch) => ({ ...REQUIRED['firstvision-query'], fetch, params: { scope: 'x' } }), 'scope');
  });

  test('headers may not repeat what the request has, in any case of letters', async () => {
    for (const name of ['authorization', 'AUTHORIZATION', 'Content-Type', 'content-type']) {
      const config = oauth2(answering(), { headers: { [name]: 'x' } });
      const { message } = await refused(() => getToken('oauth2', config), { code: 'invalid_config' });
      // Names of headers have no case, so that the message may spell them in any.
      includes(message.toLowerCase(), name.toLowerCase(), 'message');
      is(config.fetch.asked.length, 0, 'requests');
    }
    await faulty('oauth2', withField('headers', { 'X-Twice': 'a', 'x-twice': 'b' }), []);
  });

  test('headers that could break out of their line are refused', async () => {
    for (const value of ['a\r\nx-injected: b', 'a\nb', 'a\rb', 'a\0b', 'snow\u2603man']) {
      await faulty('oauth2', withField('headers', { 'x-mine': value }), 'x-mine');
    }
    for (const name of ['', 'bad name', 'x-a:b', 'x\r\ny', 'snow\u2603man']) {
      await faulty('oauth2', withField('headers', { [name]: 'value' }), 'headers');
    }
  });

  test('only own fields are read', async () => {
    const inherited = (fetch) => Object.create(oauth2(fetch));
    await faulty('oauth2', inherited, []);
    class Config {
      #secret = HARD_SECRET;
      tokenEndpoint = 'https://auth.example.com/token';
      clientId = 'client';
      get clientSecret() { return this.#secret; }
    }
    await faulty('oauth2', () => new Config(), []);
  });

  test('a config that is no plain object is refused', async () => {
    for (const config of [undefined, null, 'config', 42, true, [], () => {}, new Map([['clientId', 'client']]), new Date()]) {
      await faulty('oauth2', config, []);
    }
  });

  test('a provider that does not exist is refused, with a suggestion where one is likely', async () => {
    await faulty('emporixx', (fetch) => emporix(fetch), 'provider');
    const error = await refused(() => getToken('emporixx', emporix(answering())), { code: 'invalid_config' });
    includes(error.message.replaceAll('emporixx', ''), 'emporix', 'message without the misspelling');
    for (const provider of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '', 'Emporix', 'length', 'oauth2 ']) {
      await faulty(provider, (fetch) => emporix(fetch), []);
    }
  });

  test('a provider that is no name and no descriptor is refused', async () => {
    for (const provider of [undefined, null, 42, true, [], {}, () => {}, Symbol('emporix'), new String('emporix')]) {
      await faulty(provider, (fetch) => emporix(fetch), []);
    }
  });

  test('calls without arguments are refused, and nothing throws', async () => {
    await refused(() => getToken(), { code: 'invalid_config' });
    await refused(() => getToken('emporix'), { code: 'invalid_config' });
    await refused(() => previewRequest(), { code: 'invalid_config' });
    await refused(() => createClient().getToken(), { code: 'invalid_config' });
    await refused(() => createClient().fetch('https://api.example.com/'), { code: 'invalid_config' });
  });

  test('options of a wrong type are refused or ignored, but never hang or throw', async () => {
    for (const options of [null, 42, 'options', [], { signal: {} }, { signal: 'stop' }, { minTtl: 'long' }, { minTtl: Number.NaN }, { minTtl: -1 }]) {
      const call = getToken('oauth2', oauth2(answering()), options);
      is(typeof call?.then, 'function', 'then of the promise');
      await within(2_000, call.catch((error) => is(typeof error.message, 'string', 'message')));
    }
  });

  test('configure refuses what is no number of entries', () => {
    for (const maxEntries of [0, -1, 1.5, Number.NaN, '10']) {
      let thrown;
      try {
        configure({ maxEntries });
      } catch (error) {
        thrown = error;
      }
      same([thrown?.name, thrown?.code], ['TokenError', 'invalid_config'], `what maxEntries ${maxEntries} throws`);
      includes(thrown.message, 'maxEntries', 'message');
    }
  });

  test('arguments that can not be read are refused, whatever they throw', async () => {
    const hostile = new Proxy({}, { ownKeys: () => { throw new Error('no keys'); }, get: () => { throw new Error('no fields'); } });
    const fetch = answering();
    await getToken('oauth2', oauth2(fetch));
    for (const options of [{ minTtl: hostile }, { forceRefresh: hostile }, { signal: { addEventListener: 1, removeEventListener: 1 } }]) {
      await refused(() => getToken('oauth2', oauth2(fetch), options), { code: 'invalid_config' });
    }
    const circular = {};
    circular.self = circular;
    for (const config of [hostile, circular]) {
      await refused(async () => invalidate('oauth2', config, 'token-1'), { code: 'invalid_config' });
    }
    await refused(async () => invalidate('oauth2', oauth2(fetch), hostile), { code: 'invalid_config' });
    const odd = async () => ({ status: 200, headers: { get: () => hostile }, text: async () => '{"access_token":"t"}' });
    is((await getToken('oauth2', oauth2(odd, { clientId: 'odd' }))).accessToken, 't', 'token');
  });
};
