/** Where a request goes: what decides it is checked, and nothing that a caller passes can bend it. */
import { is, ok, refused, same } from './harness.js';
import { HARD_SECRET, answering, base64, emporix, oauth2 } from './mock.js';

export default (test, { getToken }) => {
  async function refusedUrl(provider, config, field) {
    const fetch = answering();
    await refused(() => getToken(provider, { ...config, fetch }), { code: 'invalid_config', retryable: false, names: field });
    is(fetch.asked.length, 0, 'requests');
  }

  /** The one request that this config makes. */
  async function requestOf(provider, config) {
    const fetch = answering();
    await getToken(provider, { ...config, fetch });
    is(fetch.asked.length, 1, 'requests');
    return fetch.asked[0];
  }

  const MALFORMED = {
    'no URL': ['', 'auth.example.com', '/token', 'https://'],
    'another scheme': ['ftp://auth.example.com', 'javascript:alert(1)', 'file:///etc/passwd', 'data:,x', 'ws://auth.example.com'],
    'user information': ['https://user@auth.example.com', 'https://user:password@auth.example.com', 'https://@auth.example.com'],
    'a fragment': ['https://auth.example.com#fragment', 'https://auth.example.com/#'],
    'a backslash': ['https:\\\\auth.example.com', 'https://auth.example.com\\@evil.example', 'https://auth.example.com/a\\b'],
    'white space': [' https://auth.example.com', 'https://auth.example.com ', 'https://auth.example.com/a b', 'https://auth.exa\tmple.com', 'https://auth.example.com\n'],
  };
  for (const [fault, urls] of Object.entries(MALFORMED)) {
    test(`a URL with ${fault} is refused`, async () => {
      for (const url of urls) {
        await refusedUrl('emporix', emporix(undefined, { baseUrl: url }), 'baseUrl');
        await refusedUrl('oauth2', oauth2(undefined, { tokenEndpoint: url }), 'tokenEndpoint');
      }
    });
  }

  test('a base URL with a query is refused; a token endpoint keeps its own', async () => {
    for (const baseUrl of ['https://auth.example.com?a=b', 'https://auth.example.com/?', 'https://auth.example.com/x?a=b']) {
      await refusedUrl('emporix', emporix(undefined, { baseUrl }), 'baseUrl');
    }
    const { url } = await requestOf('oauth2', oauth2(undefined, { tokenEndpoint: 'https://auth.example.com/token?a=b%20c' }));
    is(url, 'https://auth.example.com/token?a=b%20c', 'url');
  });

  test('plain http is for loopback hosts only, unless allowed', async () => {
    for (const host of ['auth.example.com', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', '[2001:db8::1]', 'localhost@evil.example']) {
      await refusedUrl('oauth2', oauth2(undefined, { tokenEndpoint: `http://${host}/token` }), 'tokenEndpoint');
      await refusedUrl('emporix', emporix(undefined, { baseUrl: `http://${host}` }), 'baseUrl');
    }
    for (const host of ['localhost', '127.0.0.1', '127.0.0.1:8080', '[::1]']) {
      const { url } = await requestOf('oauth2', oauth2(undefined, { tokenEndpoint: `http://${host}/token` }));
      is(url, `http://${host}/token`, 'url');
    }
    const { url } = await requestOf('oauth2', oauth2(undefined, { tokenEndpoint: 'http://auth.example.com/token', allowHttp: true }));
    is(url, 'http://auth.example.com/token', 'url');
  });

  test('a trailing slash of the base URL changes nothing', async () => {
    const { url } = await requestOf('emporix', emporix(undefined, { baseUrl: 'https://api.example.com/' }));
    is(url, 'https://api.example.com/oauth/token', 'url');
  });

  test('a tokenEndpoint replaces the URL of a vendor, and does not go with a baseUrl', async () => {
    const tokenEndpoint = 'https://proxy.example.com/emporix?via=proxy';
    is((await requestOf('emporix', emporix(undefined, { tokenEndpoint }))).url, tokenEndpoint, 'url');
    await refusedUrl('emporix', emporix(undefined, { tokenEndpoint, baseUrl: 'https://api.example.com' }), 'baseUrl');
  });

  const abtasty = (accountId) => ({ accountId, clientId: 'client', clientSecret: HARD_SECRET });

  test('a segment that a URL parser would fold is refused', async () => {
    for (const accountId of ['.', '..', '%2e', '%2e%2e', '%2E%2E', '.%2e', '%2E.']) {
      await refusedUrl('abtasty', abtasty(accountId), 'accountId');
    }
  });

  test('a segment is encoded, so that it stays one', async () => {
    for (const accountId of ['a/b', 'a?b#c', '../b', 'a\\b', 'a b', 'a%2Fb', 'é', '@', '...', 'a;b']) {
      const { pathname, search } = new URL((await requestOf('abtasty', abtasty(accountId))).url);
      const [, segment, ...rest] = pathname.split('/');
      is(decodeURIComponent(segment), accountId, 'the decoded segment');
      same([rest, search], [['token'], '?expires_in=43200'], 'what follows it');
    }
  });

  test('audience, resource, params and headers are sent', async () => {
    const request = await requestOf('oauth2', oauth2(undefined, {
      scope: ['read', 'write'],
      audience: 'https://api.example.com/?a=b&c',
      resource: ['https://one.example.com', 'https://two.example.com'],
      params: { organization: 'acme & sons', 'ünï': '+' },
      headers: { 'X-Tenant': 'acme' },
    }));
    const form = new URLSearchParams(request.body);
    same(form.getAll('scope'), ['read write'], 'scope');
    same(form.getAll('audience'), ['https://api.example.com/?a=b&c'], 'audience');
    same(form.getAll('resource'), ['https://one.example.com', 'https://two.example.com'], 'resource');
    same([form.get('organization'), form.get('ünï')], ['acme & sons', '+'], 'params');
    is(request.headers['x-tenant'], 'acme', 'header');
  });

  test('with an empty body, params go to the query', async () => {
    const { url, body } = await requestOf('firstvision-query', {
      baseUrl: 'https://api.example.com', clientId: 'client', clientSecret: HARD_SECRET,
      scope: 'cards', params: { 'a b': 'c+d&e' },
    });
    is(body, '', 'body');
    const query = url.split('?')[1].split('&').sort();
    same(query, ['a%20b=c%2Bd%26e', 'scope=cards'], 'query');
  });

  test('Basic form-encodes both halves, or neither where it is raw', async () => {
    const credentials = { clientId: 'a client:é', clientSecret: HARD_SECRET };
    const half = (text) => new URLSearchParams({ '': text }).toString().slice(1);
    const encoded = await requestOf('oauth2', oauth2(undefined, credentials));
    is(encoded.headers.authorization, `Basic ${base64(`${half(credentials.clientId)}:${half(HARD_SECRET)}`)}`, 'rfc6749');
    ok(!new URLSearchParams(encoded.body).has('client_secret'), 'no credentials in the body as well');
    const raw = await requestOf('oauth2', oauth2(undefined, { clientId: 'client', basicEncoding: 'raw' }));
    is(raw.headers.authorization, `Basic ${base64(`client:${HARD_SECRET}`)}`, 'raw');
  });

  test('bodyFormat json sends JSON with the credentials where clientAuth puts them', async () => {
    const request = await requestOf('oauth2', oauth2(undefined, {
      bodyFormat: 'json', clientAuth: 'client_secret_post', scope: 'read', params: { organization: 'acme' },
    }));
    ok(request.headers['content-type'].startsWith('application/json'), `application/json, got ${request.headers['content-type']}`);
    const credentials = { client_id: 'client', client_secret: HARD_SECRET };
    same(JSON.parse(request.body), { grant_type: 'client_credentials', scope: 'read', organization: 'acme', ...credentials }, 'body');
    is(request.headers.authorization, undefined, 'authorization');
  });
};
