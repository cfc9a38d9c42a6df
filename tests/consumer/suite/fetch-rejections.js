/** What becomes of a token that an API rejects: one new one, one more request, and no loop. */
import { is, ok, refused, rejection, same, started } from './harness.js';
import { withClock } from './clock.js';
import { answering, emporix, gate, granting, oauth2 } from './mock.js';

export default (test, { clear, createFetch }) => {
  const API = 'https://api.emporix.io/product/acme/products';
  const OK = { json: { fine: true } };
  const UNAUTHORIZED = { status: 401, json: { error: 'invalid_token' } };
  const FORBIDDEN = { status: 403, json: { error: 'insufficient_scope' } };

  /** A fetch for Emporix's API that gives these answers, and what it and the token endpoint were asked. */
  function api(answers, options = {}, tokens = answering()) {
    const asked = answering(...answers);
    return { call: createFetch('emporix', emporix(tokens), { ...options, fetch: asked }), tokens, asked: asked.asked };
  }

  test('a 401 drops that token, and the request is made once more', async () => {
    const { call, asked, tokens } = api([UNAUTHORIZED, OK]);
    is((await call(API)).status, 200, 'status');
    same(asked.map(({ headers }) => headers.authorization), ['Bearer token-1', 'Bearer token-2'], 'headers');
    is(tokens.asked.length, 2, 'token requests');
  });

  test('a second 401 is the answer', async () => {
    const { call, asked } = api([UNAUTHORIZED]);
    const response = await call(API);
    is(response.status, 401, 'status');
    same(await response.json(), UNAUTHORIZED.json, 'the body, which is left to the caller');
    is(asked.length, 2, 'requests');
  });

  test('a 401 is the answer where the token endpoint has no other token', async () => {
    const { call, asked, tokens } = api([UNAUTHORIZED], {}, answering(() => granting()(1)));
    const response = await call(API);
    same([response.status, await response.json()], [401, UNAUTHORIZED.json], 'answer');
    same([asked.length, tokens.asked.length], [1, 2], 'requests');
  });

  test('a hundred 401s at once refetch the token once', async () => {
    const { call, asked, tokens } = api([(_, { headers }) => (headers.authorization === 'Bearer token-1' ? UNAUTHORIZED : OK)]);
    const answers = await Promise.all(Array.from({ length: 100 }, () => call(API)));
    ok(answers.every(({ status }) => status === 200), 'every call to succeed');
    same([asked.length, tokens.asked.length], [200, 2], 'requests');
  });

  test('a 401 that comes late does not drop the token that came meanwhile', async () => {
    const late = gate();
    const { call, tokens } = api([async () => (await late.promise, UNAUTHORIZED), UNAUTHORIZED, OK]);
    const first = started(call(API));
    is((await call(API)).status, 200, 'status');
    late.open();
    is((await first).status, 200, 'status of the late one');
    is(tokens.asked.length, 2, 'token requests');
  });

  test('other statuses are the answer, and cost no token', async () => {
    for (const status of [400, 403, 404, 500, 503]) {
      const { call, asked, tokens } = api([{ status, text: 'no' }]);
      is((await call(API)).status, status, 'status');
      same([asked.length, tokens.asked.length <= 1], [1, true], 'requests');
    }
  });

  test('retryOn says which statuses reject a token', async () => {
    const cases = [[undefined, 2, 1], [[401], 2, 1], [[403], 1, 2], [[401, 403], 2, 2], [[403, 401], 2, 2], [[], 1, 1]];
    for (const [retryOn, after401, after403] of cases) {
      for (const [answer, requests] of [[UNAUTHORIZED, after401], [FORBIDDEN, after403]]) {
        const { call, asked, tokens } = api([answer, OK], { retryOn });
        is((await call(API)).status, requests === 2 ? 200 : answer.status, 'status');
        same([asked.length, tokens.asked.length], [requests, requests], `requests after a ${answer.status} with ${retryOn}`);
        clear();
      }
    }
  });

  test('one rejection after another is retried once, whatever their statuses are', async () => {
    const { call, asked } = api([UNAUTHORIZED, FORBIDDEN, OK], { retryOn: [401, 403] });
    is((await call(API)).status, 403, 'status');
    is(asked.length, 2, 'requests');
  });

  test('a retryOn that is none is refused at the first call', async () => {
    for (const retryOn of [[500], [401, 404], ['401'], [401.5], 401, '401', true, null, [null], {}]) {
      const { call, asked, tokens } = api([OK], { retryOn });
      await refused(() => call(API), { code: 'invalid_config', retryable: false, names: ['retryOn', '401'] });
      same([asked.length, tokens.asked.length], [0, 0], 'requests');
    }
  });

  const ENDLESS = {
    'one fetch': () => {
      const { call, ...rest } = api([UNAUTHORIZED]);
      return { call: () => call(API), ...rest };
    },
    'a fetch made for each call': () => {
      const [tokens, fetch] = [answering(), answering(UNAUTHORIZED)];
      return { call: () => createFetch('emporix', emporix(tokens), { fetch })(API), tokens, asked: fetch.asked };
    },
  };
  for (const [what, open] of Object.entries(ENDLESS)) {
    test(`an API that rejects every token costs few of them, through ${what}`, async () => {
      const { call, tokens, asked } = open();
      for (let calls = 0; calls < 50; calls++) is((await call()).status, 401, 'status');
      ok(tokens.asked.length <= 4, `few token requests, got ${tokens.asked.length}`);
      ok(asked.length <= 53, `few requests, got ${asked.length}`);
      await Promise.all(Array.from({ length: 50 }, call));
      ok(tokens.asked.length <= 4, `few token requests after calls at once, got ${tokens.asked.length}`);
    });

    test(`an API that rejects every token costs fewer and fewer of them, through ${what}`, async () => {
      await withClock(async (advance) => {
        const { call, tokens } = open();
        for (let seconds = 0; seconds < 600; seconds++) {
          await call();
          advance(1_000);
        }
        ok(tokens.asked.length <= 30, `few token requests in ten minutes, got ${tokens.asked.length}`);
      });
    });
  }

  test('what is no access token is not sent after a rejection, either', async () => {
    const type = (name) => ({ issued_token_type: `urn:ietf:params:oauth:token-type:${name}` });
    const tokens = answering(granting(type('access_token')), (number) => granting({ ...type('jwt'), token_type: 'N_A' })(number));
    const config = oauth2(tokens, { grant: 'token_exchange', subjectToken: 'a token of the subject' });
    const asked = answering(UNAUTHORIZED, OK);
    const call = createFetch('oauth2', config, { origins: [new URL(API).origin], fetch: asked });
    await refused(() => call(API), { code: 'invalid_response', retryable: false, names: 'N_A' });
    same(asked.asked.map(({ headers }) => headers.authorization), ['Bearer token-1'], 'headers');
  });

  test('a first answer that nobody gets to read is given up', async () => {
    for (const second of [granting(), { status: 400, json: { error: 'invalid_client' } }]) {
      let cancelled = 0;
      const refusal = () => new Response(new ReadableStream({ cancel: () => void (cancelled += 1) }), { status: 401 });
      const { call } = api([refusal, OK], {}, answering(granting(), second));
      await call(API).catch(() => {});
      is(cancelled, 1, 'bodies that were cancelled');
      clear();
    }
  });

  test('a signal ends the wait for the new token', async () => {
    const [asking, held] = [gate(), gate()];
    const tokens = answering(granting(), async (number) => {
      asking.open();
      await held.promise;
      return granting()(number);
    });
    const { call, asked } = api([UNAUTHORIZED, OK], {}, tokens);
    const controller = new AbortController();
    const waiting = started(rejection(() => call(API, { signal: controller.signal })));
    await asking.promise;
    controller.abort('stopped');
    is(await waiting, 'stopped', 'what it rejected with');
    is(asked.length, 1, 'requests');
    held.open();
  });
};
