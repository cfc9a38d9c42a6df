/** One request for many callers, and what they share: the token, its failure, nothing else. */
import { between, is, ok, refused, same, sleep, started } from './harness.js';
import { answering, emporix, gate, granting, oauth2, refusing } from './mock.js';
import { withClock } from './clock.js';

export default (test, { clear, configure, createClient, getToken, invalidate }) => {
  test('a hundred concurrent callers make one request and get one object', async () => {
    const fetch = answering();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => getToken('oauth2', oauth2(fetch))));
    is(fetch.asked.length, 1, 'requests');
    ok(tokens.every((token) => token === tokens[0]), 'every caller to get the same object');
    is(await getToken('oauth2', oauth2(fetch)), tokens[0], 'the token a moment later');
    is(fetch.asked.length, 1, 'requests after a hit');
  });

  test('concurrent callers share a failure, and each gets an error of its own', async () => {
    const fetch = answering(refusing());
    const callers = Array.from({ length: 10 }, () =>
      refused(() => getToken('oauth2', oauth2(fetch)), { code: 'oauth', error: 'invalid_client' }));
    const errors = await Promise.all(callers);
    is(fetch.asked.length, 1, 'requests');
    is(new Set(errors).size, 10, 'distinct errors');
  });

  test('a recent failure is answered at once, marked as cached', async () => {
    const fetch = answering(refusing(), granting());
    const first = await refused(() => getToken('oauth2', oauth2(fetch)), { code: 'oauth' });
    ok(!first.cached, 'the first failure not to be marked as cached');
    await refused(() => getToken('oauth2', oauth2(fetch)), { code: 'oauth', cached: true });
    is(fetch.asked.length, 1, 'requests');
  });

  test('forceRefresh skips a remembered failure', () => withClock(async (advance) => {
    // The failure is remembered for as long as the server asks, so that time alone does not let the next call through.
    const fetch = answering({ status: 503, headers: { 'retry-after': '50' } }, granting());
    await refused(() => getToken('oauth2', oauth2(fetch)), { code: 'http' });
    advance(5_000);
    await refused(() => getToken('oauth2', oauth2(fetch)), { code: 'http', cached: true });
    is((await getToken('oauth2', oauth2(fetch), { forceRefresh: true })).accessToken, 'token-2', 'token');
  }));

  test('a remembered failure is forgotten by clear', async () => {
    const fetch = answering(refusing(), granting());
    await refused(() => getToken('oauth2', oauth2(fetch)), { code: 'oauth' });
    clear();
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-2', 'token');
  });

  test('a remembered failure is forgotten with time', () => withClock(async (advance) => {
    const fetch = answering(refusing(), granting());
    await refused(() => getToken('oauth2', oauth2(fetch)), { code: 'oauth' });
    // A first refusal is remembered for a second, or one and a half with the jitter.
    advance(1_600);
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-2', 'token');
  }));

  test('a failed forceRefresh does not lose a usable token', () => withClock(async (advance) => {
    const fetch = answering(granting(), { status: 503 });
    const token = await getToken('oauth2', oauth2(fetch));
    advance(5_000);
    // Whether this caller gets the error or the old token is no promise; that the next one gets the token is.
    await getToken('oauth2', oauth2(fetch), { forceRefresh: true }).catch(() => {});
    is(fetch.asked.length, 2, 'requests');
    is(await getToken('oauth2', oauth2(fetch)), token, 'the token after the failure');
    is(fetch.asked.length, 2, 'requests after the failure');
  }));

  test('forceRefresh asks anew, once a second at most', () => withClock(async (advance) => {
    const fetch = answering();
    const refresh = () => getToken('oauth2', oauth2(fetch), { forceRefresh: true });
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-1', 'the first token');
    advance(5_000);
    is((await refresh()).accessToken, 'token-2', 'the refreshed token');
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-2', 'the cached token');
    is((await refresh()).accessToken, 'token-2', 'the token of a second refresh at once');
    is(fetch.asked.length, 2, 'requests');
    advance(1_500);
    is((await refresh()).accessToken, 'token-3', 'the token of a refresh later on');
  }));

  test('forceRefresh joins a request under way', async () => {
    const held = gate();
    const fetch = answering(async (number) => (await held.promise, granting()(number)));
    const calls = [getToken('oauth2', oauth2(fetch)), getToken('oauth2', oauth2(fetch), { forceRefresh: true })];
    held.open();
    const [first, second] = await Promise.all(calls);
    is(second, first, 'the token of both');
    is(fetch.asked.length, 1, 'requests');
  });

  // A token of an hour is in its last chance from 30 s before its end.
  const lastChance = (body) => withClock(async (advance) => {
    const held = gate();
    const kept = [];
    const fetch = answering(granting(), async (number) => (await held.promise, granting()(number)));
    const config = oauth2(fetch, { waitUntil: (promise) => void kept.push(promise) });
    const old = await getToken('oauth2', config);
    await body({ advance, config, fetch, held, old, kept });
  });

  test('a silent server keeps nobody waiting who has a usable token', () => lastChance(async ({ advance, config, fetch, held, old, kept }) => {
    advance(3_580_000);
    const calls = Array.from({ length: 5 }, () => getToken('oauth2', config));
    ok((await Promise.all(calls)).every((token) => token === old), 'the old token after all');
    is(await getToken('oauth2', config), old, 'the old token at once, later on');
    is(fetch.asked.length, 2, 'requests');
    // The request that they left goes on.
    held.open();
    await Promise.all(kept);
    is((await getToken('oauth2', config)).accessToken, 'token-2', 'the token that it brought');
    is(fetch.asked.length, 2, 'requests in all');
  }));

  test('a token that the next one revokes is handed out at its last moment, if no next one comes', () => withClock(async (advance) => {
    const acme = { id: 'acme', extends: 'oauth2', cache: { exclusive: true } };
    const held = gate();
    const fetch = answering(granting({ expires_in: 60 }), async (number) => (await held.promise, granting()(number)));
    const old = await getToken(acme, oauth2(fetch));
    // Its hard margin is 2 s, and half of that is to spare: less than three seconds are left to wait.
    advance(54_100);
    is(await getToken(acme, oauth2(fetch)), old, 'the old token after all');
    is(fetch.asked.length, 2, 'requests');
    held.open();
  }));

  test('a caller whom the old token does not suit waits for the new one', () => lastChance(async ({ advance, config, held, old }) => {
    advance(3_580_000);
    const calls = [{ minTtl: 60_000 }, { forceRefresh: true }].map((options) => getToken('oauth2', config, options));
    is(await getToken('oauth2', config), old, 'the token of one whom it suits');
    held.open();
    for (const { accessToken } of await Promise.all(calls)) is(accessToken, 'token-2', 'the token of one whom it does not');
  }));

  test('minTtl asks for a token that lives longer, and takes what it gets', () => withClock(async (advance) => {
    const fetch = answering(granting({ expires_in: 1000 }));
    const token = await getToken('oauth2', oauth2(fetch));
    advance(100_000);
    is(await getToken('oauth2', oauth2(fetch), { minTtl: 600_000 }), token, 'a token with 900 s left');
    const newer = await getToken('oauth2', oauth2(fetch), { minTtl: 950_000 });
    is(newer.accessToken, 'token-2', 'the token where 900 s are too few');
    advance(100);
    const newest = await getToken('oauth2', oauth2(fetch), { minTtl: 5_000_000 });
    ok(newest.expiresAt >= newer.expiresAt, 'a token that no server could make to be answered with the latest');
  }));

  test('maxAge bounds how long a token is kept, not what it says of itself', () => withClock(async (advance) => {
    const fetch = answering();
    const before = Date.now();
    const token = await getToken('oauth2', oauth2(fetch, { maxAge: 10_000 }));
    between(token.expiresAt, before + 3_600_000, before + 3_600_000, 'expiresAt');
    advance(9_000);
    is(await getToken('oauth2', oauth2(fetch, { maxAge: 10_000 })), token, 'the token within maxAge');
    advance(2_000);
    is(await getToken('oauth2', oauth2(fetch)), token, 'the token for a caller without maxAge');
    is((await getToken('oauth2', oauth2(fetch, { maxAge: 10_000 }))).accessToken, 'token-2', 'the token past maxAge');
  }));

  test('invalidate drops that token and no other', async () => {
    const fetch = answering();
    const config = oauth2(fetch);
    is(invalidate('oauth2', config, 'token-1'), false, 'invalidate before anything was fetched');
    const first = await getToken('oauth2', config);
    is(invalidate('oauth2', oauth2(fetch, { scope: 'other' }), first), false, 'invalidate for another scope');
    is(invalidate('oauth2', oauth2(fetch, { clientSecret: 'another secret' }), first), false, 'invalidate with another secret');
    is(invalidate('oauth2', config, 'token-0'), false, 'invalidate of a token that is not cached');
    is(await getToken('oauth2', config), first, 'the token after invalidations that did not concern it');
    is(invalidate('oauth2', config, first), true, 'invalidate of the cached token');
    is(invalidate('oauth2', config, first), false, 'invalidate a second time');
    const second = await getToken('oauth2', config);
    is(second.accessToken, 'token-2', 'the next token');
    is(invalidate('oauth2', config, first), false, 'a stale invalidate');
    is(invalidate('oauth2', config, second.accessToken), true, 'invalidate by the string');
  });

  test('two hundred invalidations of one token make one request', async () => {
    const fetch = answering();
    const client = createClient('oauth2', oauth2(fetch));
    const token = await client.getToken();
    const dropped = [];
    await Promise.all(Array.from({ length: 200 }, () => {
      dropped.push(client.invalidate(token));
      return client.getToken();
    }));
    is(dropped.filter(Boolean).length, 1, 'invalidations that dropped it');
    is(fetch.asked.length, 2, 'requests');
  });

  test('clear forgets everything, and lets requests under way settle', async () => {
    const held = gate();
    const slow = answering(async () => (await held.promise, granting()(1)));
    const underWay = started(getToken('emporix', emporix(slow)));
    const fetch = answering();
    await getToken('oauth2', oauth2(fetch));
    clear();
    await getToken('oauth2', oauth2(fetch));
    is(fetch.asked.length, 2, 'requests');
    held.open();
    is((await underWay).accessToken, 'token-1', 'the token of the request under way');
  });

  test('maxEntries keeps the most recently used', async () => {
    configure({ maxEntries: 2 });
    const fetch = answering();
    const tenant = (name) => getToken('emporix', emporix(fetch, { tenant: name }));
    const first = await tenant('one');
    await tenant('two');
    is(await tenant('one'), first, 'a hit, which counts as a use');
    await tenant('three');
    is(await tenant('one'), first, 'the token used last but one');
    is(fetch.asked.length, 3, 'requests so far');
    await tenant('two');
    is(fetch.asked.length, 4, 'requests after the evicted one was asked for again');
  });

  test('many tenants side by side each get their own token', async () => {
    const fetch = answering((number, { body }) => ({
      json: { access_token: new URLSearchParams(body).get('scope'), token_type: 'Bearer', expires_in: 3600 },
    }));
    const names = Array.from({ length: 300 }, (_, index) => `tenant${index}`);
    const round = () => Promise.all(names.map((tenant) => getToken('emporix', emporix(fetch, { tenant }))));
    const [first, second] = [await round(), await round()];
    same(first.map((token) => token.accessToken), names.map((name) => `tenant=${name}`), 'tokens');
    ok(first.every((token, index) => token === second[index]), 'the second round to be hits');
    is(fetch.asked.length, 300, 'requests');
  });

  test('a request that began before the process was frozen is not waited for', () => withClock(async (advance) => {
    const lost = gate();
    const answers = [granting({ expires_in: 60 }), async (number) => (await lost.promise, granting()(number)), granting({ expires_in: 60 })];
    const fetch = answering(...answers);
    const config = oauth2(fetch, { waitUntil: () => {} });
    await getToken('oauth2', config);
    advance(50_000);
    is((await getToken('oauth2', config)).accessToken, 'token-1', 'the token while its refresh is under way');
    // As on Lambda between two invocations.
    advance(26_000);
    const token = await getToken('oauth2', config);
    is(token.accessToken, 'token-3', 'the token after that');
    lost.open();
    await sleep(20);
    is(await getToken('oauth2', config), token, 'the token once the lost answer came');
    is(fetch.asked.length, 3, 'requests');
  }));

  test('a stale token is answered at once while one refresh runs in the background', () => withClock(async (advance) => {
    const held = gate();
    const fetch = answering(granting({ expires_in: 100 }), async (number) => (await held.promise, granting()(number)));
    const kept = [];
    const config = oauth2(fetch, { waitUntil: (work) => kept.push(work) });
    const first = await getToken('oauth2', config);
    // 100 s leave a soft margin of 10 s and a refresh lead of 25 to 37.5 s: 75 s is past the refresh and before the margin.
    advance(75_000);
    const stale = await Promise.all([getToken('oauth2', config), getToken('oauth2', config)]);
    ok(stale.every((token) => token === first), 'the old token, without waiting');
    held.open();
    await Promise.all(kept);
    await sleep(20);
    is(fetch.asked.length, 2, 'requests');
    is((await getToken('oauth2', config)).accessToken, 'token-2', 'the token after the refresh');
  }));
};
