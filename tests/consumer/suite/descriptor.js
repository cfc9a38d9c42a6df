/** Descriptors that users bring: what they can do, and how a faulty one is refused. */
import { between, excludes, is, ok, refused, same } from './harness.js';
import { HARD_SECRET, answering, base64, emporix, granting } from './mock.js';

export default (test, { createFetch, getToken, invalidate, previewRequest }) => {
  const acme = {
    id: 'acme',
    params: { region: { kind: 'segment', sensitive: false }, lifetime: { kind: 'int', required: false } },
    auth: { method: 'client_secret_post' },
    request: { url: 'https://auth.acme.example/{region}/token', body: { grant_type: 'client_credentials' } },
    response: { expiry: [{ path: 'expires_in', as: 'seconds' }] },
    use: { origins: ['https://api.acme.example'] },
  };
  const config = (fetch, changes = {}) => ({ region: 'eu', clientId: 'client', clientSecret: HARD_SECRET, retries: 0, fetch, ...changes });

  test('a descriptor of one\'s own works everywhere that a name does', async () => {
    const fetch = answering();
    const token = await getToken(acme, config(fetch));
    is(fetch.asked[0].url, 'https://auth.acme.example/eu/token', 'url');
    const form = Object.fromEntries(new URLSearchParams(fetch.asked[0].body));
    same(form, { grant_type: 'client_credentials', client_id: 'client', client_secret: HARD_SECRET }, 'body');
    is(await getToken(structuredCopy(acme), config(fetch)), token, 'the token of an equal descriptor');
    is((await previewRequest(acme, config(fetch))).url, 'https://auth.acme.example/eu/token', 'the url of a preview');
    const guarded = { ...acme, params: { ...acme.params, region: { kind: 'segment' } } };
    excludes((await previewRequest(guarded, config(fetch))).url, '/eu/', 'a parameter that is not declared harmless');
    const api = answering({ json: {} });
    await createFetch(acme, config(fetch), { fetch: api })('https://api.acme.example/');
    is(api.asked[0].headers.authorization, 'Bearer token-1', 'the header of a fetch');
    is(invalidate(acme, config(fetch), token), true, 'invalidate');
    is(fetch.asked.length, 1, 'token requests');
  });

  test('an error names the descriptor as its provider', async () => {
    await refused(() => getToken(acme, config(answering({ status: 503 }))), { code: 'http', provider: 'acme' });
  });

  test('the whole descriptor is part of the key, not its id', async () => {
    const fetch = answering();
    await getToken(acme, config(fetch));
    const other = { ...acme, request: { ...acme.request, headers: { 'x-version': '2' } } };
    is((await getToken(other, config(fetch))).accessToken, 'token-2', 'the token of another descriptor with the same id');
    is(fetch.asked[1].headers['x-version'], '2', 'header');
    const impostor = { ...acme, id: 'emporix' };
    await getToken('emporix', emporix(fetch));
    await getToken(impostor, config(fetch));
    is(fetch.asked.length, 4, 'requests');
  });

  test('parameters are checked as those of a built-in are', async () => {
    const faulty = (changes, names) => refused(() => getToken(acme, config(answering(), changes)), { code: 'invalid_config', names });
    await faulty({ region: undefined }, 'region');
    await faulty({ region: '..' }, 'region');
    await faulty({ regoin: 'eu' }, ['regoin', 'region']);
    await faulty({ lifetime: 1.5 }, 'lifetime');
    await faulty({ tenant: 'acme' }, 'tenant');
  });

  test('JSON bodies keep their types, and optional entries drop out', async () => {
    const typed = {
      ...acme,
      request: {
        url: 'https://auth.acme.example/token', encoding: 'json',
        headers: { 'x-region': '{region}', 'x-lifetime': '{lifetime?}' },
        query: { l: '{lifetime?}' },
        body: { ttl: '{lifetime?}', nested: { yes: true, nothing: null, list: [1, 'in {region}'] }, braces: '{{{region}}}' },
      },
    };
    const fetch = answering();
    await getToken(typed, config(fetch, { lifetime: 600 }));
    await getToken(typed, config(fetch));
    const credentials = { client_id: 'client', client_secret: HARD_SECRET };
    const common = { nested: { yes: true, nothing: null, list: [1, 'in eu'] }, braces: '{eu}', ...credentials };
    same(fetch.asked.map(({ body }) => JSON.parse(body)), [{ ttl: 600, ...common }, common], 'bodies');
    same(fetch.asked.map(({ url }) => url), ['https://auth.acme.example/token?l=600', 'https://auth.acme.example/token'], 'urls');
    same(fetch.asked.map(({ headers }) => [headers['x-region'], headers['x-lifetime']]), [['eu', '600'], ['eu', undefined]], 'headers');
  });

  test('a host parameter is a host and nothing more', async () => {
    const hosted = { ...acme, params: { host: { kind: 'host' } }, request: { ...acme.request, url: 'https://{host}/token' } };
    const at = (host) => ({ host, clientId: 'client', clientSecret: HARD_SECRET, retries: 0 });
    for (const host of ['a/b', 'a?b', 'a#b', 'a@b', 'a\\b', 'a\nb', 'a b', '', '%65vil.example', 'a:b:c']) {
      const fetch = answering();
      await refused(() => getToken(hosted, { ...at(host), fetch }), { code: 'invalid_config', names: 'host' });
      is(fetch.asked.length, 0, 'requests');
    }
    const fetch = answering();
    await getToken(hosted, { ...at('auth.acme.example'), fetch });
    is(fetch.asked[0].url, 'https://auth.acme.example/token', 'url');
  });

  const ANSWERS = {
    'a path and minutes': [{ token: 'data.token', expiry: [{ path: 'data.minutes', as: 'minutes' }] }, { json: { data: { token: 'found', minutes: 10 } } }, 600_000],
    'JSON pointers': [{ token: '/0/a~1b', expiry: [{ path: '/0/c~0d', as: 'seconds' }] }, { json: [{ 'a/b': 'found', 'c~d': 600 }] }, 600_000],
    'milliseconds as text': [{ expiry: [{ path: 'ms', as: 'milliseconds' }] }, { json: { access_token: 'found', ms: '600000' } }, 600_000],
    'an instant in seconds': [{ expiry: [{ path: 'at', as: 'epoch-seconds' }] }, () => ({ json: { access_token: 'found', at: Date.now() / 1_000 + 600 } }), 600_000],
    'an instant in milliseconds': [{ expiry: [{ path: 'at', as: 'epoch-milliseconds' }] }, () => ({ json: { access_token: 'found', at: Date.now() + 600_000 } }), 600_000],
    'the second place, where the first is empty': [
      { expiry: [{ path: 'none', as: 'minutes' }, { path: 'some', as: 'seconds' }] },
      { json: { access_token: 'found', none: null, some: 600 } },
      600_000,
    ],
    'a lifetime that is assumed': [{ ttl: 600 }, { json: { access_token: 'found' } }, 600_000],
    'no lifetime at all, for ever': [{ ttl: null }, { json: { access_token: 'found' } }, null],
    'a zero that means for ever': [{ zero: 'never' }, { json: { access_token: 'found', expires_in: 0 } }, null],
    'the first path that holds something': [{ token: ['none', 'empty', 'token'], ttl: 600 }, { json: { empty: '', token: 'found' } }, 600_000],
  };
  for (const [what, [response, answer, lifetime]] of Object.entries(ANSWERS)) {
    test(`a token is read from ${what}`, async () => {
      const before = Date.now();
      const { accessToken, expiresAt } = await getToken({ ...acme, response }, config(answering(answer)));
      is(accessToken, 'found', 'token');
      if (lifetime === null) is(expiresAt, null, 'expiresAt');
      else between(expiresAt, before + lifetime - 1, Date.now() + lifetime + 1, 'expiresAt');
    });
  }

  test('extra keeps what the descriptor names', async () => {
    const chosen = { ...acme, response: { extra: { instance: 'data.url', missing: 'nowhere' } } };
    const { extra } = await getToken(chosen, config(answering(granting({ data: { url: 'https://x.example' }, other: 1 }))));
    same(extra, { instance: 'https://x.example' }, 'extra');
  });

  test('another header and prefix carry the token', async () => {
    const shop = { ...acme, use: { name: 'X-Shop-Token', prefix: '', origins: ['https://api.{region}.acme.example'] } };
    const token = await getToken(shop, config(answering()));
    same({ ...token.headers }, { 'X-Shop-Token': 'token-1' }, 'headers');
    const api = answering({ json: {} });
    const call = createFetch(shop, config(answering()), { fetch: api });
    await call('https://api.eu.acme.example/');
    same([api.asked[0].headers['x-shop-token'], api.asked[0].headers.authorization], ['token-1', undefined], 'headers sent');
    await refused(() => call('https://api.us.acme.example/'), { code: 'invalid_config' });
  });

  test('another token type is accepted where the descriptor names it', async () => {
    const typed = { ...acme, response: { acceptTypes: ['Application Access Token'] } };
    const fetch = answering(granting({ token_type: 'Application Access Token' }));
    is((await getToken(typed, config(fetch))).accessToken, 'token-1', 'token');
    await refused(() => getToken(acme, config(fetch)), { code: 'invalid_response', retryable: false });
  });

  test('credentials go where the method puts them', async () => {
    const withAuth = async (auth) => {
      const fetch = answering();
      await getToken({ ...acme, auth }, config(fetch));
      return fetch.asked[0];
    };
    const renamed = await withAuth({ method: 'client_secret_post', idName: 'key', secretName: 'pass' });
    same([new URLSearchParams(renamed.body).get('key'), new URLSearchParams(renamed.body).get('pass')], ['client', HARD_SECRET], 'renamed');
    const basic = await withAuth({ method: 'client_secret_basic', basicEncoding: 'raw', scheme: 'ID', sendId: true });
    is(basic.headers.authorization, `ID ${base64(`client:${HARD_SECRET}`)}`, 'authorization');
    is(new URLSearchParams(basic.body).get('client_id'), 'client', 'sendId');
    const none = await withAuth({ method: 'none' });
    excludes(`${none.url} ${JSON.stringify(none.headers)} ${none.body}`, 'client_secret', 'a request without authentication');
  });

  test('extends corrects a built-in, and leaves the rest of it', async () => {
    const corrected = { id: 'emporix-next', extends: 'emporix', request: { headers: { 'x-version': '{region}' } }, params: { region: { help: 'eu or us' } } };
    const fetch = answering();
    await getToken(corrected, emporix(fetch, { region: 'eu' }));
    const [{ url, headers, body }] = fetch.asked;
    same([url, headers['x-version']], ['https://api.emporix.io/oauth/token', 'eu'], 'request');
    is(new URLSearchParams(body).get('scope'), 'tenant=acme', 'scope');
  });

  const MALFORMED = {
    'an unknown member': [{ ...acme, colour: 'red' }, /colour/],
    'an unknown member deep down': [{ ...acme, request: { ...acme.request, colour: 'red' } }, /request.{0,3}colour/],
    'a value outside its choice': [{ ...acme, request: { ...acme.request, method: 'PUT' } }, /request.{0,3}method/],
    'a wrong type': [{ ...acme, params: { region: { required: 'yes' } } }, /params.{0,3}region.{0,3}required/],
    'a fault in a list': [{ ...acme, response: { expiry: [{ path: 'a', as: 'seconds' }, { path: 'b', as: 'fortnights' }] } }, /response.{0,3}expiry.{0,3}1.{0,3}as/],
    'no id': [{ ...acme, id: undefined }, /id/],
    'an id with capitals': [{ ...acme, id: 'Acme' }, /id/],
    'an id of every object': [{ ...acme, id: 'constructor' }, /id/],
    'a field of every object': [{ ...acme, params: { ...acme.params, constructor: {} } }, /params.*constructor/],
    'a parameter named like a common field': [{ ...acme, params: { ...acme.params, timeout: {} } }, /params.{0,3}timeout/],
    'no request': [{ id: 'acme', auth: acme.auth }, /request/],
    'no URL': [{ ...acme, request: { body: {} } }, /url/],
    'a URL that is not https': [{ ...acme, request: { url: 'http://auth.acme.example/token' } }, /request.{0,3}url/],
    'an unknown template name': [{ ...acme, request: { url: 'https://auth.acme.example/{zone}/token' } }, /zone/],
    'an unclosed template': [{ ...acme, request: { url: 'https://auth.acme.example/{region/token' } }, /request.{0,3}url/],
    'an unknown base': [{ id: 'acme', extends: 'nobody' }, /extends/],
    'itself for a base': [{ id: 'acme', extends: 'acme' }, /extends/],
    'an algorithm that is none': [{ ...acme, assertion: { alg: 'none' } }, /assertion.{0,3}alg/],
    'an assertion that nothing signs': [{ ...acme, auth: { method: 'none' }, request: { ...acme.request, body: { assertion: '{$assertion}' } } }, /assertion.{0,3}key/],
    'a client that nothing signs for': [{ ...acme, auth: { method: 'private_key_jwt' } }, /assertion.{0,3}key/],
    'a key in a body': [{ ...acme, params: { ...acme.params, pem: { kind: 'key' } }, request: { ...acme.request, body: { pem: '{pem}' } } }, /request.*pem/],
    'an assertion within an assertion': [{ ...acme, assertion: { claims: { act: '{$assertion}' } } }, /assertion.{0,3}claims.*assertion/],
  };
  for (const [what, [descriptor, path]] of Object.entries(MALFORMED)) {
    test(`${what} is refused with the path to it`, async () => {
      const fetch = answering();
      const { id, ...rest } = descriptor;
      const error = await refused(() => getToken(id === undefined ? rest : descriptor, config(fetch)), { code: 'invalid_config', retryable: false });
      ok(path.test(error.message), `a message with ${path}, got ${error.message}`);
      is(fetch.asked.length, 0, 'requests');
    });
  }
};

/** Equal and not the same; `structuredClone` is not everywhere. */
const structuredCopy = (value) => JSON.parse(JSON.stringify(value));
