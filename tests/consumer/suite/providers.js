/** Each vendor end to end, over the wire, against a simulator that is strict to the byte. */
import { between, is, ok, refused, same } from './harness.js';
import { base64 } from './mock.js';

export default (test, { getToken }, { vendors, accounts }) => {
  const configs = {
    emporix: { ...accounts.emporix, baseUrl: vendors.emporix },
    firstvision: { ...accounts.firstvision, baseUrl: vendors.firstvision },
    'firstvision-query': { ...accounts.firstvision, baseUrl: vendors.firstvision, scope: 'accounts cards' },
    abtasty: { ...accounts.abtasty, baseUrl: vendors.abtasty },
  };
  const control = async (page) => (await fetch(`${vendors.control}/${page}`)).json();

  /** Gets a token of `provider` and tells the request that the vendor saw. */
  async function obtain(provider, changes = {}) {
    const before = Date.now();
    const token = await getToken(provider, { ...configs[provider], ...changes });
    const request = (await control('last'))[provider.split('-')[0]];
    /** The instant that many seconds after the request was sent, give or take the time it took. */
    const expiresIn = (seconds, slack = 0) =>
      between(token.expiresAt, before + (seconds * 1_000) - slack, Date.now() + (seconds * 1_000) + slack, 'expiresAt');
    return { token, request, expiresIn };
  }

  test('emporix sends a form with the credentials and the tenant as its scope', async () => {
    const { clientId, tenant } = accounts.emporix;
    const { token, request, expiresIn } = await obtain('emporix');
    is(request.method, 'POST', 'method');
    is(request.url, `${vendors.emporix}/oauth/token`, 'url');
    is(mediaType(request), 'application/x-www-form-urlencoded', 'content type');
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: accounts.emporix.clientSecret, scope: `tenant=${tenant}` };
    same(request.body.split('&').sort(), new URLSearchParams(fields).toString().split('&').sort(), 'body');
    is(request.headers.authorization, undefined, 'authorization');
    is(token.tokenType, 'Bearer', 'tokenType');
    is(token.scope, 'tenant=acme', 'scope');
    // What is no standard field is kept as it came, and the empty refresh token is none.
    same(token.extra, { session_idle_time: 120, refresh_token_expires_in: 0 }, 'extra');
    expiresIn(14_399);
  });

  test('emporix appends further scopes to the tenant', async () => {
    const { token, request } = await obtain('emporix', { scope: ['order.order_read', 'category.category_read'] });
    const [tenant, ...further] = new URLSearchParams(request.body).get('scope').split(' ');
    is(tenant, 'tenant=acme', 'the first scope');
    same(further.sort(), ['category.category_read', 'order.order_read'], 'further scopes');
    ok(token.scope.startsWith('tenant=acme '), `the granted scope to be told, got ${token.scope}`);
  });

  test('firstvision sends JSON and ignores a JWT that expired long ago', async () => {
    const { clientId, clientSecret } = accounts.firstvision;
    const { token, request, expiresIn } = await obtain('firstvision');
    is(request.method, 'POST', 'method');
    is(request.url, `${vendors.firstvision}/v1/api/oauth/token`, 'url');
    is(mediaType(request), 'application/json', 'content type');
    const body = { grant_type: 'client_credentials', scope: 'all', client_id: clientId, client_secret: clientSecret };
    same(JSON.parse(request.body), body, 'body');
    is(token.scope, null, 'scope, which the vendor does not tell');
    expiresIn(7_199);
  });

  test('firstvision keeps a path of its base URL and sends optional headers', async () => {
    const headers = { 'x-client-correlation-id': 'a-correlation-id' };
    const { request } = await obtain('firstvision', { baseUrl: `${vendors.firstvision}/sandbox`, scope: 'cards', headers });
    is(request.url, `${vendors.firstvision}/sandbox/v1/api/oauth/token`, 'url');
    is(request.headers['x-client-correlation-id'], 'a-correlation-id', 'header');
    is(JSON.parse(request.body).scope, 'cards', 'scope');
  });

  test('firstvision-query sends the scope in the query and raw Basic, and reads an absolute instant', async () => {
    const { clientId, clientSecret } = accounts.firstvision;
    const { token, request, expiresIn } = await obtain('firstvision-query');
    is(request.method, 'POST', 'method');
    is(request.url, `${vendors.firstvision}/v1/api/oauth/token?scope=accounts%20cards`, 'url');
    is(request.headers.authorization, `Basic ${base64(`${clientId}:${clientSecret}`)}`, 'authorization');
    is(request.headers['content-type'], undefined, 'content type');
    is(request.body, '', 'body');
    // The vendor counts in whole seconds, and may have started one before this case looked at the clock.
    expiresIn(7_200, 1_000);
    is(token.headers.Authorization, `Bearer ${token.accessToken}`, 'the header to use');
  });

  test('abtasty asks for a lifetime in the query and sends JSON', async () => {
    const { accountId, clientId, clientSecret } = accounts.abtasty;
    const { token, request, expiresIn } = await obtain('abtasty');
    is(request.method, 'POST', 'method');
    is(request.url, `${vendors.abtasty}/${accountId}/token?expires_in=43200`, 'url');
    is(mediaType(request), 'application/json', 'content type');
    const body = { grant_type: 'client_credentials', scope: '*', client_id: clientId, client_secret: clientSecret };
    same(JSON.parse(request.body), body, 'body');
    is(token.tokenType, 'Bearer', 'tokenType');
    is(token.scope, '*', 'scope');
    expiresIn(43_200);
  });

  test('abtasty keeps tokens of different lifetimes apart, and 0 is for ever', async () => {
    const short = await obtain('abtasty', { expiresIn: 600 });
    const endless = await obtain('abtasty', { expiresIn: 0 });
    is(endless.request.url, `${vendors.abtasty}/acc0unt/token?expires_in=0`, 'url');
    short.expiresIn(600);
    is(endless.token.expiresAt, null, 'expiresAt of the endless token');
    ok(short.token.accessToken !== endless.token.accessToken, 'two tokens');
  });

  for (const provider of Object.keys(configs)) {
    test(`${provider} gives a token that opens the vendor's API, and a second call sends nothing`, async () => {
      const token = await getToken(provider, configs[provider]);
      const { requests } = { requests: await control('requests') };
      is(await getToken(provider, configs[provider]), token, 'the token of the second call');
      same(await control('requests'), requests, 'requests');
      const answer = await fetch(`${vendors[provider.split('-')[0]]}/api/whoami`, { headers: { ...token.headers } });
      is(answer.status, 200, 'status of the API');
      is((await answer.json()).clientId, configs[provider].clientId, 'whose token it is');
    });
  }

  const wrong = (provider, changes = {}) => () =>
    getToken(provider, { ...configs[provider], clientSecret: 'not the secret', retries: 0, ...changes });

  test('emporix refuses wrong credentials with a reason', async () => {
    const details = { error: 'invalid_client', error_description: 'unknown client or wrong secret' };
    await refused(wrong('emporix'), {
      code: 'oauth', provider: 'emporix', status: 401, error: 'invalid_client', retryable: false, attempts: 1,
      errorDescription: details.error_description, details, names: 'invalid_client',
    });
  });

  test('an Apigee fault is a reason', async () => {
    await refused(wrong('emporix', { baseUrl: `${vendors.emporix}/nowhere` }), {
      code: 'oauth', status: 404, retryable: false,
      vendorCode: 'messaging.adaptors.http.flow.ApplicationNotFound', names: 'Unable to identify proxy',
    });
  });

  for (const provider of ['firstvision', 'firstvision-query']) {
    test(`${provider} refuses wrong credentials with a top-level array`, async () => {
      const error = await refused(wrong(provider), {
        code: 'oauth', provider, status: 401, vendorCode: '240101', retryable: false,
        names: 'Invalid client credentials or scope',
      });
      ok(Array.isArray(error.details), 'details to be the array');
      is(error.details[0]?.errorCode, '240101', 'errorCode in the details');
    });
  }

  test('abtasty refuses wrong credentials without a reason', async () => {
    await refused(wrong('abtasty'), { code: 'http', provider: 'abtasty', status: 400, retryable: false, names: '400' });
  });
};

/** Without its parameters: `charset=utf-8` is harmless on a form and on JSON. */
function mediaType({ headers }) {
  return headers['content-type']?.split(';')[0].trim().toLowerCase();
}
