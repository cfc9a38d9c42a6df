/** Redirects of an API: the token follows within the allowed origins, and never leaves them. */
import { is, ok, refused, rejection, same } from './harness.js';
import { answering, emporix } from './mock.js';

export default (test, { clear, createFetch }, { odd, vendors, accounts }) => {
  const API = 'https://api.emporix.io/product/acme/products';
  const OK = { json: { fine: true } };

  /** A fetch for Emporix's API that gives these answers, and what it was asked. */
  function api(...answers) {
    const fetch = answering(...answers);
    return { call: createFetch('emporix', emporix(answering()), { fetch }), asked: fetch.asked };
  }

  /** A fetch that carries a token of the vendor to a server full of redirects. */
  const overTheWire = () =>
    createFetch('emporix', { ...accounts.emporix, baseUrl: vendors.emporix, retries: 0 }, { origins: [odd.url] });

  const to = (location, status = 302) => ({ status, headers: { location } });

  test('a redirect to another origin is refused, and the token stays', async () => {
    for (const location of ['https://evil.example/', '//evil.example/', 'http://api.emporix.io/', 'https://api.emporix.io:8443/', 'data:,x']) {
      for (const status of [301, 302, 303, 307, 308]) {
        const { call, asked } = api(to(location, status), OK);
        await refused(() => call(API), { code: 'redirect', retryable: false });
        is(asked.length, 1, `requests after a ${status} to ${location}`);
      }
    }
  });

  test('a redirect to a URL with a password is refused, and the password not told', async () => {
    for (const location of ['https://user:pass-word@api.emporix.io/', 'https://user@api.emporix.io/']) {
      const { call, asked } = api(to(location), OK);
      const error = await refused(() => call(API), { code: 'redirect', retryable: false });
      ok(!`${error.message} ${error.stack}`.includes('pass-word'), 'the password not to be told');
      is(asked.length, 1, 'requests');
    }
  });

  test('a redirect within the origin is followed where it can be seen', async () => {
    for (const location of ['/landing', 'https://api.emporix.io/landing', '//api.emporix.io/landing']) {
      const { call, asked } = api(to(location), OK);
      is((await call(API)).status, 200, 'status');
      same(asked.map(({ url, headers }) => [url, headers.authorization]), [[API, 'Bearer token-1'], ['https://api.emporix.io/landing', 'Bearer token-1']], 'requests');
    }
  });

  test('between allowed origins the token goes along, and what else identifies the caller stays', async () => {
    const others = { 'proxy-authorization': 'Basic eDp5', cookie: 'session=1', authorization: 'Bearer mine' };
    const apiKey = {
      id: 'api-key',
      request: { url: 'https://auth.example.com/token' },
      auth: { method: 'client_secret_post' },
      use: { name: 'x-api-key', prefix: '', origins: ['https://one.example', 'https://two.example'] },
    };
    const asked = answering(to('/within'), to('https://two.example/'), OK);
    const call = createFetch(apiKey, { clientId: 'client', clientSecret: 'hard enough', fetch: answering() }, { fetch: asked });
    is((await call('https://one.example/', { headers: { ...others, 'x-mine': 'kept' } })).status, 200, 'status');
    const [first, within, across] = asked.asked.map(({ headers }) => headers);
    same(asked.asked.map(({ url }) => url), ['https://one.example/', 'https://one.example/within', 'https://two.example/'], 'requests');
    for (const headers of [first, within, across]) {
      same([headers['x-api-key'], headers['x-mine']], ['token-1', 'kept'], 'the headers that go everywhere');
    }
    // Browsers let nobody set the others.
    is(first.authorization, 'Bearer mine', 'a header of the caller');
    for (const name of Object.keys(others)) same([within[name], across[name]], [first[name], undefined], name);
  });

  test('a redirect that is refused holds no connection', async () => {
    for (const location of ['https://evil.example/', 'https://']) {
      let cancelled = 0;
      const body = () => new ReadableStream({ cancel: () => void (cancelled += 1) });
      const { call } = api(() => new Response(body(), to(location)));
      await refused(() => call(API), { code: 'redirect' });
      is(cancelled, 1, `bodies that were cancelled after a redirect to ${location}`);
    }
  });

  test('the method and body after a redirect are those of fetch', async () => {
    const rules = { 301: ['GET', ''], 302: ['GET', ''], 303: ['GET', ''], 307: ['POST', 'payload'], 308: ['POST', 'payload'] };
    for (const [status, expected] of Object.entries(rules)) {
      const { call, asked } = api(to('/landing', Number(status)), OK);
      await call(API, { method: 'POST', body: 'payload', headers: { 'content-type': 'text/plain' } });
      same([asked[1].method, asked[1].body], expected, `what follows a ${status}`);
    }
  });

  test('a token that is rejected behind a redirect is replaced there, and what was taken before is not sent again', async () => {
    const [BEHIND, OTHER] = ['https://api.emporix.io/orders/1', 'https://other.example/'];
    const rejection = { status: 401, json: { error: 'invalid_token' } };
    const rules = { 301: ['GET', ''], 302: ['GET', ''], 303: ['GET', ''], 307: ['POST', 'order'], 308: ['POST', 'order'] };
    for (const [status, [method, body]] of Object.entries(rules)) {
      for (const target of [BEHIND, OTHER]) {
        clear();
        const asked = answering(to(target, Number(status)), rejection, OK);
        const origins = [new URL(API).origin, new URL(OTHER).origin];
        const call = createFetch('emporix', emporix(answering()), { origins, fetch: asked });
        is((await call(API, { method: 'POST', body: 'order' })).status, 200, 'status');
        same(asked.asked.map((request) => [request.method, request.url, request.body, request.headers.authorization]), [
          ['POST', API, 'order', 'Bearer token-1'], [method, target, body, 'Bearer token-1'], [method, target, body, 'Bearer token-2'],
        ], `requests after a ${status}`);
      }
    }
    clear();
    const { call, asked } = api(rejection, to('/one'), to('/two'), OK);
    is((await call(API)).status, 200, 'status where the redirect comes after the rejection');
    is(asked.length, 4, 'requests');
  });

  test('a chain that leaves the origin is refused at that point', async () => {
    const { call, asked } = api(to('/one'), to('/two'), to('https://evil.example/'), OK);
    await refused(() => call(API), { code: 'redirect' });
    is(asked.length, 3, 'requests');
  });

  test('a redirect without end is given up', async () => {
    const { call, asked } = api(to('/round'));
    const error = await rejection(() => call(API));
    ok(error instanceof Error, 'an error');
    ok(asked.length <= 25, `no more hops than fetch makes, got ${asked.length}`);
  });

  test("redirect 'manual' and 'error' mean what they mean to fetch", async () => {
    const { call, asked } = api(to('/landing'), OK);
    is((await call(API, { redirect: 'manual' })).status, 302, 'status');
    is(asked.length, 1, 'requests');
    const within = `${odd.url}/api/redirect/302?to=within`;
    ok((await rejection(() => overTheWire()(within, { redirect: 'error' }))) instanceof Error, 'an error');
  });

  test('over the wire, a redirect across origins carries no token', async () => {
    const call = overTheWire();
    for (const status of [301, 302, 303, 307, 308]) {
      await refused(() => call(`${odd.url}/api/redirect/${status}?to=other`), { code: 'redirect', retryable: false });
    }
    const seen = await (await fetch(`${odd.other}/seen`)).json();
    same(seen, [], 'what the other origin saw');
  });

  test('over the wire, a redirect within the origin is followed, but in browsers refused', async () => {
    const call = overTheWire();
    const url = `${odd.url}/api/redirect/307?to=within`;
    const plain = await fetch(url, { redirect: 'manual' });
    await plain.body?.cancel();
    if (plain.type === 'opaqueredirect') {
      await refused(() => call(url), { code: 'redirect' });
      return;
    }
    const echoed = await (await call(url, { method: 'POST', body: 'payload' })).json();
    same([echoed.method, echoed.body], ['POST', 'payload'], 'what arrived');
    ok(echoed.headers.authorization.startsWith('Bearer emporix'), 'the token to arrive');
  });
};
