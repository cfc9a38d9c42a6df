/** The `fetch` that carries tokens: to whom they go, and to whom they never go. */
import { is, ok, refused, rejection, same, started } from './harness.js';
import { HARD_SECRET, answering, emporix, gate, granting, oauth2, respond } from './mock.js';

export default (test, { createClient, createFetch }, { vendors, accounts }) => {
  const API = 'https://api.emporix.io/product/acme/products';
  const OK = { json: { fine: true } };
  const UNAUTHORIZED = { status: 401, json: { error: 'invalid_token' } };

  /** A fetch for Emporix's API that gives these answers, and what it and the token endpoint were asked. */
  function api(...answers) {
    const [tokens, asked] = [answering(), answering(...answers)];
    return { call: createFetch('emporix', emporix(tokens), { fetch: asked }), tokens, asked: asked.asked };
  }

  test('the token goes to the origin of the vendor, as a header', async () => {
    const { call, asked, tokens } = api(OK);
    same(await (await call(API)).json(), { fine: true }, 'answer');
    await call(new URL(`${API}?page=2`));
    same(asked.map(({ method, url }) => `${method} ${url}`), [`GET ${API}`, `GET ${API}?page=2`], 'requests');
    same(asked.map(({ headers }) => headers.authorization), ['Bearer token-1', 'Bearer token-1'], 'headers');
    is(tokens.asked.length, 1, 'token requests');
  });

  test('the fetch of a client can be taken out of it', async () => {
    const asked = answering(OK);
    const { fetch } = createClient('emporix', emporix(answering()), { fetch: asked });
    is((await fetch(API)).status, 200, 'status');
  });

  test('another origin is refused before anything is sent', async () => {
    const { call, asked, tokens } = api(OK);
    const others = [
      'https://evil.example/', 'https://api.emporix.io.evil.example/',
      'http://api.emporix.io/', 'https://api.emporix.io:8443/', 'https://emporix.io/', 'https://API.EMPORIX.IO.evil.example/',
      'https://evil.example\\@api.emporix.io/', new URL('https://evil.example/'), new Request('https://evil.example/'), 'data:,text',
    ];
    for (const url of others) await refused(() => call(url), { code: 'invalid_config', retryable: false, names: 'origin' });
    // No fetch takes a URL with user information, so that a TypeError is as good here.
    ok((await rejection(() => call('https://api.emporix.io@evil.example/'))) instanceof Error, 'an error');
    same([asked.length, tokens.asked.length], [0, 0], 'requests');
  });

  test('other spellings of an allowed origin are that origin', async () => {
    const { call, asked } = api(OK);
    await call('https://API.emporix.io:443/product');
    is(asked[0].headers.authorization, 'Bearer token-1', 'header');
  });

  test('origins replace those of the vendor', async () => {
    const asked = answering(OK);
    const call = createFetch('emporix', emporix(answering()), { origins: ['https://one.example', 'https://two.example/'], fetch: asked });
    await call('https://one.example/x');
    await call('https://two.example/x');
    is(asked.asked[1].headers.authorization, 'Bearer token-1', 'header');
    await refused(() => call(API), { code: 'invalid_config' });
  });

  test('providers that name no origins need some', async () => {
    const abtasty = { accountId: 'acc0unt', clientId: 'client', clientSecret: HARD_SECRET };
    for (const [provider, config] of Object.entries({ abtasty, oauth2: oauth2() })) {
      const [tokens, asked] = [answering(), answering(OK)];
      const bare = createFetch(provider, { ...config, fetch: tokens }, { fetch: asked });
      await refused(() => bare('https://api.example.com/'), { code: 'invalid_config', names: 'origins' });
      same([asked.asked.length, tokens.asked.length], [0, 0], 'requests');
      const named = createFetch(provider, { ...config, fetch: tokens }, { fetch: asked, origins: ['https://api.example.com'] });
      is((await named('https://api.example.com/')).status, 200, 'status with origins');
    }
  });

  test('origins that are none are refused at the first call', async () => {
    for (const origins of [['api.example.com'], ['*'], ['https://*.example.com'], ['null'], [''], [42], 'https://api.emporix.io', 42]) {
      const call = createFetch('emporix', emporix(answering()), { origins, fetch: answering(OK) });
      await refused(() => call(API), { code: 'invalid_config', names: 'origin' });
    }
  });

  test('an origin is no more than an origin', async () => {
    for (const more of ['/api', '//', '?all', '?', '#top', '#', '/x/..?']) {
      const call = createFetch('emporix', emporix(answering()), { origins: ['https://one.example', `https://two.example${more}`], fetch: answering(OK) });
      await refused(() => call('https://one.example/'), { code: 'invalid_config', names: 'origins' });
    }
    for (const origin of ['https://user@one.example', 'https://user:word@one.example/', 'ftp://one.example', 'blob:https://one.example/x']) {
      const call = createFetch('emporix', emporix(answering()), { origins: [origin], fetch: answering(OK) });
      await refused(() => call('https://one.example/'), { code: 'invalid_config', names: 'origins' });
    }
  });

  test('an option that there is not is refused by its name', async () => {
    for (const [unknown, value] of [['origin', ['https://one.example']], ['retries', 1], ['allowed', null]]) {
      const client = createClient('emporix', emporix(answering()), { fetch: answering(OK), [unknown]: value });
      for (const call of [() => client.fetch(API), () => client.getToken()]) {
        await refused(call, { code: 'invalid_config', names: [unknown, 'origins'] });
      }
    }
  });

  test('an origin that is opaque is no origin', async () => {
    // All opaque origins are spelled "null", so that one of them would stand for every `data:` URL.
    for (const opaque of ['data:,x', 'file:///x', 'null']) {
      const asked = answering(OK);
      const call = createFetch('emporix', emporix(answering()), { origins: [opaque], fetch: asked });
      await refused(() => call('data:,text'), { code: 'invalid_config', names: 'origin' });
      is(asked.asked.length, 0, 'requests');
    }
  });

  test('a faulty config is reported at the first call', async () => {
    const call = createFetch('emporix', emporix(answering(), { tenant: '' }), { fetch: answering(OK) });
    await refused(() => call(API), { code: 'invalid_config', names: 'tenant' });
  });

  test('the arguments are read at the call, as fetch reads them', async () => {
    const { call, asked } = api(OK);
    const [url, headers] = [new URL(API), new Headers()];
    const calls = [];
    for (const page of ['1', '2', '3']) {
      url.searchParams.set('page', page);
      headers.set('x-page', page);
      calls.push(call(url, { headers }));
    }
    await Promise.all(calls);
    same(asked.map((request) => [request.url, request.headers['x-page']]), ['1', '2', '3'].map((page) => [`${API}?page=${page}`, page]), 'requests');
  });

  test('an Authorization header of the caller is kept', async () => {
    for (const headers of [{ authorization: 'Bearer mine' }, new Headers({ AUTHORIZATION: 'Bearer mine' }), [['Authorization', 'Bearer mine']]]) {
      const { call, asked } = api(UNAUTHORIZED);
      is((await call(API, { headers })).status, 401, 'status');
      same(asked.map((request) => request.headers.authorization), ['Bearer mine'], 'headers');
    }
    const { call, asked } = api(OK);
    await call(new Request(API, { headers: { authorization: 'Bearer mine' } }));
    is(asked[0].headers.authorization, 'Bearer mine', 'the header of a Request');
  });

  test('what the underlying fetch rejects with is passed on', async () => {
    const boom = new TypeError('no route');
    const call = createFetch('emporix', emporix(answering()), { fetch: () => Promise.reject(boom) });
    is(await rejection(() => call(API)), boom, 'what it rejected with');
  });

  test('a failure to get a token is a TokenError, and sends nothing', async () => {
    const asked = answering(OK);
    const call = createFetch('emporix', emporix(answering({ status: 503 })), { fetch: asked });
    await refused(() => call(API), { code: 'http', status: 503 });
    is(asked.asked.length, 0, 'requests');
  });

  test('a signal ends the wait for the token', async () => {
    const held = gate();
    const tokens = answering(async (number) => (await held.promise, granting()(number)));
    const call = createFetch('emporix', emporix(tokens), { fetch: answering(OK) });
    const controller = new AbortController();
    const waiting = started(rejection(() => call(API, { signal: controller.signal })));
    controller.abort('stopped');
    is(await waiting, 'stopped', 'what it rejected with');
    held.open();
  });

  test('over the wire, the vendor accepts the token, and a revoked one is replaced', async () => {
    const client = createClient('emporix', { ...accounts.emporix, baseUrl: vendors.emporix, retries: 0 });
    const whoami = `${vendors.emporix}/api/whoami`;
    is((await client.fetch(whoami)).status, 200, 'status');
    const { accessToken } = await client.getToken();
    await fetch(`${vendors.control}/revoke`, { method: 'POST', body: accessToken });
    is((await client.fetch(whoami)).status, 200, 'status after the token was revoked');
    ok((await client.getToken()).accessToken !== accessToken, 'another token');
  });

  test('an answer that no fetch would give does no harm', async () => {
    const strange = createFetch('emporix', emporix(answering()), { fetch: async () => undefined });
    await strange(API).catch(() => {});
    const fine = createFetch('emporix', emporix(answering()), { fetch: async () => respond(OK) });
    is((await fine(API)).status, 200, 'status');
  });
};
