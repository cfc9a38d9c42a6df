/** Tokens in the query and in a cookie: what stands there already is left alone, and no error tells a token. */
import { is, excludes, includes, ok, refused, rejection, same, started } from './harness.js';
import { CREDENTIALS, IN_COOKIE, IN_QUERY, carrying } from './fetch-uses.js';
import { answering, gate, granting } from './mock.js';
import { everythingIn } from './told.js';

export default (test, { clear, createClient, createFetch }, { odd, runtime }) => {
  const API = 'https://api.example.com/things';
  const OK = { json: { fine: true } };
  const UNAUTHORIZED = { status: 401, json: { error: 'invalid_token' } };

  /** A client without a token yet, for an API that takes tokens as `use` says and gives these answers. */
  function api(use, answers, tokens = answering()) {
    clear();
    const asked = answering(...answers);
    const origins = ['https://api.example.com', 'https://two.example'];
    const client = createClient(carrying({ ...use, origins }), { ...CREDENTIALS, fetch: tokens }, { fetch: asked });
    return { ...client, tokens, asked: asked.asked };
  }

  test('in the query, a token follows what stands there, which stays as it is', async () => {
    for (const rest of ['', '?', '?a=1', '?a=%2F&b=+&c=%7e&&d', '?q=%C3%A9,;:@', '?other_access_token=1', '?accesstoken', '?a=access_token']) {
      const { fetch, asked } = api(IN_QUERY, [OK]);
      for (const hash of ['', '#top?access_token=no']) await fetch(`${API}${rest}${hash}`);
      const expected = `${API}${rest === '' || rest === '?' ? '?' : `${rest}&`}access_token=token-1`;
      same(asked.map(({ url }) => url.split('#')[0]), [expected, expected], 'requests');
      ok(asked.every(({ headers }) => headers.authorization === undefined), 'no header');
    }
  });

  test('in the query, a token arrives whole, after its prefix', async () => {
    for (const token of ['a+b/c==', 'a&b=c#d?e', '100%25', "it's", '{"json":[1,2]}', '~-._!*()']) {
      const { fetch, asked } = api({ ...IN_QUERY, name: 'a key&', prefix: 'Bearer ' }, [OK], answering(granting({ access_token: token })));
      await fetch(`${API}?mine=1`);
      same([...new URL(asked[0].url).searchParams], [['mine', '1'], ['a key&', `Bearer ${token}`]], 'parameters');
    }
  });

  test('in the query, a parameter of the caller is kept', async () => {
    for (const own of ['access_token=mine', 'a=1&access_token=', 'access_token', 'access%5Ftoken=mine&b']) {
      const { fetch, tokens, asked } = api(IN_QUERY, [UNAUTHORIZED]);
      is((await fetch(`${API}?${own}`)).status, 401, 'status');
      same(asked.map(({ url }) => url), [`${API}?${own}`], 'requests');
      is(tokens.asked.length, 0, 'token requests');
    }
  });

  test('in the query, a new token replaces one that was refused, and a redirect may repeat it', async () => {
    const echo = (_, { url }) => ({ status: 307, headers: { location: url.replace('things', 'moved') } });
    const { fetch, asked } = api(IN_QUERY, [UNAUTHORIZED, echo, { status: 302, headers: { location: 'https://two.example/?x' } }, OK]);
    is((await fetch(API, { method: 'POST', body: 'payload' })).status, 200, 'status');
    same(asked.map(({ method, url, body }) => [method, url, body]), [
      ['POST', `${API}?access_token=token-1`, 'payload'],
      ['POST', `${API}?access_token=token-2`, 'payload'],
      ['POST', 'https://api.example.com/moved?access_token=token-2', 'payload'],
      ['GET', 'https://two.example/?x&access_token=token-2', ''],
    ], 'requests');
  });

  test('in the query, a new token goes where the old one was put, although a redirect has repeated it', async () => {
    const echo = (_, { url }) => ({ status: 307, headers: { location: url.replace('things', 'moved') } });
    const { fetch, asked } = api(IN_QUERY, [echo, UNAUTHORIZED, echo, OK]);
    is((await fetch(API)).status, 200, 'status');
    const moved = API.replace('things', 'moved');
    const expected = [1, 2].flatMap((number) => [API, moved].map((url) => `${url}?access_token=token-${number}`));
    same(asked.map(({ url }) => url), expected, 'requests');
  });

  test('in the query, whatever a fetch throws, the token is not told', async () => {
    const token = "tok/en+1'=";
    const spellings = [token, encodeURIComponent(token), "tok%2Fen%2B1%27%3D"];
    const throwing = [
      (url) => new TypeError(`error sending request for url (${url}): no route`),
      (url) => Object.assign(new Error(`no route to ${url}`), { name: 'NetError', code: 'Refused', path: url, url: new URL(url) }),
      (url) => {
        const cause = Object.assign(new Error(`no route, ${url}`), { code: 'ECONNREFUSED', cause: new Error(url) });
        return new TypeError('fetch failed', { cause });
      },
      (url) => Object.assign(new Error('no route', { cause: url }), { request: { url }, [Symbol('url')]: url }),
      (url) => `no route to ${url}`,
      (url) => new Error(`no route with Bearer ${new URL(url).searchParams.get('key').slice(7)}`),
    ];
    for (const thrown of throwing) {
      const fetch = async (url) => {
        throw thrown(url);
      };
      const use = { in: 'query', name: 'key', prefix: 'Bearer ', origins: [new URL(API).origin] };
      const tokens = answering(granting({ access_token: token }));
      const call = createFetch(carrying(use), { ...CREDENTIALS, fetch: tokens }, { fetch });
      const error = await rejection(() => call(`${API}?a=1`));
      ok(error instanceof TypeError, 'a TypeError');
      for (const spelling of spellings) excludes(everythingIn(error), spelling, 'what the error tells');
      const original = thrown(`${API}?key=Bearer+x`);
      const expected = [original.name ?? 'TypeError', original.cause?.code ?? original.code ?? null];
      same([error.name, error.code ?? null], expected, 'name and code');
      includes(everythingIn(error), 'no route', 'what the error tells');
    }
  });

  test('in the query, a network error of the runtime does not tell the token', async () => {
    // Nothing listens there, and browsers refuse to look.
    const origin = 'http://127.0.0.1:1';
    const token = 'secret/in+the=query';
    const tokens = answering(granting({ access_token: token }));
    const call = createFetch(carrying({ ...IN_QUERY, origins: [origin] }), { ...CREDENTIALS, fetch: tokens });
    const error = await rejection(() => call(`${origin}/x`));
    is(error.name, (await rejection(() => fetch(`${origin}/x`))).name, 'name');
    for (const spelling of [token, encodeURIComponent(token)]) excludes(everythingIn(error), spelling, 'what the error tells');
  });

  test('what a signal is aborted with is passed on, wherever the token is', async () => {
    for (const use of [{}, IN_QUERY]) {
      const call = createFetch(carrying({ ...use, origins: [odd.url] }), { ...CREDENTIALS, fetch: answering() });
      for (const reason of ['stopped', new Error('stopped'), new DOMException('stopped', 'AbortError')]) {
        const controller = new AbortController();
        const waiting = started(rejection(() => call(`${odd.url}/hang`, { signal: controller.signal })));
        setTimeout(() => controller.abort(reason), 50);
        is(await waiting, reason, 'what it rejected with');
      }
    }
  });

  if (runtime === 'browser') {
    test('in a cookie, which no page may set, a token is refused before anything is sent', async () => {
      for (const headers of [{}, { cookie: 'session=mine' }]) {
        const { fetch, tokens, asked } = api(IN_COOKIE, [OK]);
        await refused(() => fetch(API, { headers }), { code: 'unsupported', retryable: false, names: 'cookie' });
        same([asked.length, tokens.asked.length], [0, 0], 'requests');
      }
    });
    return;
  }

  test('in a cookie, a token follows the cookies that there are', async () => {
    for (const own of ['', 'a=b', 'a=b; c="d e"', 'xsession=1; a=session=2']) {
      const { fetch, asked } = api({ ...IN_COOKIE, prefix: 'v1.' }, [UNAUTHORIZED, OK]);
      is((await fetch(API, { headers: own === '' ? {} : { Cookie: own } })).status, 200, 'status');
      const before = own === '' ? '' : `${own}; `;
      same(asked.map(({ headers }) => headers.cookie), [1, 2].map((number) => `${before}session=v1.token-${number}`), 'cookies');
      ok(asked.every(({ url, headers }) => url === API && headers.authorization === undefined), 'the token nowhere else');
    }
  });

  test('in a cookie, one of the caller is kept', async () => {
    for (const cookie of ['session=mine', 'a=b; session=mine', 'a=b;session=', 'session =mine; c=d']) {
      const { fetch, tokens, asked } = api(IN_COOKIE, [UNAUTHORIZED]);
      is((await fetch(API, { headers: { cookie } })).status, 401, 'status');
      same(asked.map(({ headers }) => headers.cookie), [cookie], 'cookies');
      is(tokens.asked.length, 0, 'token requests');
    }
  });

  test('in a cookie, a token follows to another allowed origin, and the cookies of the caller stay', async () => {
    const to = (location) => ({ status: 302, headers: { location } });
    const { fetch, asked } = api(IN_COOKIE, [to('/within'), to('https://two.example/'), OK]);
    await fetch(API, { headers: { cookie: 'a=b' } });
    same(asked.map(({ headers }) => headers.cookie), ['a=b; session=token-1', 'a=b; session=token-1', 'session=token-1'], 'cookies');
  });

  test('a signal ends a call that waits for the API', async () => {
    const held = gate();
    for (const use of [IN_QUERY, IN_COOKIE, {}]) {
      const fetch = (_, { signal }) => new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        held.open();
      });
      const call = createFetch(carrying({ ...use, origins: [new URL(API).origin] }), { ...CREDENTIALS, fetch: answering() }, { fetch });
      const controller = new AbortController();
      const waiting = started(rejection(() => call(API, { signal: controller.signal })));
      await held.promise;
      setTimeout(() => controller.abort('stopped'), 10);
      is(await waiting, 'stopped', 'what it rejected with');
    }
  });
};
