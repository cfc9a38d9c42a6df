/** How long a token is believed to live, whatever the server says. */
import { between, is, ok, same } from './harness.js';
import { HARD_SECRET, answering, granting, jwt, oauth2 } from './mock.js';
import { withClock } from './clock.js';

export default (test, { getToken }) => {
  /** The lifetime, in milliseconds, of the token that an answer with these fields gives; null where it never expires. */
  async function lifetime(fields, { provider = 'oauth2', config = {}, headers = {} } = {}) {
    const { fetch, ...rest } = oauth2(answering((number) => ({ headers, ...granting(fields)(number) })));
    const { tokenEndpoint: _, ...vendor } = rest;
    const base = provider === 'oauth2' ? rest : vendor;
    const sent = Date.now();
    const { expiresAt } = await getToken(provider, { ...base, fetch, partition: String(sequence += 1), ...config });
    ok(expiresAt === null || Number.isFinite(expiresAt), `a number or null, got ${expiresAt}`);
    return expiresAt === null ? null : expiresAt - sent;
  }
  let sequence = 0;

  /** Within what a slow machine may take to answer, and a millisecond of rounding. */
  const about = (actual, expected, what) => between(actual, expected, expected + 2_000, what);
  const inSeconds = (seconds) => Math.floor(Date.now() / 1_000) + seconds;

  test('relative seconds count from before the request was sent', async () => {
    about(await lifetime({ expires_in: 3600 }), 3_600_000, '3600');
    about(await lifetime({ expires_in: '3600' }), 3_600_000, '"3600"');
    about(await lifetime({ expires_in: 1 }), 1_000, '1');
    // A real answer of a real vendor: 99 years, which only looks like an instant.
    about(await lifetime({ expires_in: 3_138_007_490 }), 3_138_007_490_000, '3138007490');
  });

  test('what is missing is taken for five minutes', async () => {
    for (const value of [undefined, null, '']) about(await lifetime({ expires_in: value }), 300_000, `${value}`);
  });

  test('what cannot be a lifetime gives the token to those who wait, as expired', async () => {
    for (const value of [0, '0', -1, '1h', 'NaN', 'soon']) about(await lifetime({ expires_in: value }), 0, JSON.stringify(value));
  });

  test('an expired token is not cached, and shared for a second', () => withClock(async (advance) => {
    const fetch = answering(granting({ expires_in: 0 }));
    const first = await getToken('oauth2', oauth2(fetch));
    advance(500);
    is((await getToken('oauth2', oauth2(fetch))).accessToken, first.accessToken, 'the token within the second');
    is(fetch.asked.length, 1, 'requests within the second');
    advance(1_000);
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-2', 'the token after it');
  }));

  test('a short-lived token is cached for its short life', () => withClock(async (advance) => {
    const fetch = answering(granting({ expires_in: 100 }));
    const config = oauth2(fetch);
    const first = await getToken('oauth2', config);
    advance(40_000);
    is(await getToken('oauth2', config), first, 'the token after 40 s');
    is(fetch.asked.length, 1, 'requests after 40 s');
    advance(61_000);
    is((await getToken('oauth2', config)).accessToken, 'token-2', 'the token after 101 s');
  }));

  test('a token of a few seconds is cached too', () => withClock(async (advance) => {
    const fetch = answering(granting({ expires_in: 10 }));
    const first = await getToken('oauth2', oauth2(fetch));
    advance(4_000);
    is(await getToken('oauth2', oauth2(fetch)), first, 'the token after 4 s');
    advance(7_000);
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-2', 'the token after 11 s');
  }));

  test('a wall clock that is stepped back keeps no token alive', () => withClock(async (advance) => {
    const fetch = answering(granting({ expires_in: 100 }));
    await getToken('oauth2', oauth2(fetch));
    advance(101_000);
    const stopped = Date.now;
    Date.now = () => stopped() - 86_400_000;
    is((await getToken('oauth2', oauth2(fetch))).accessToken, 'token-2', 'token');
  }));

  const query = { provider: 'firstvision-query', config: { baseUrl: 'https://api.example.com', scope: 'all' } };

  test('firstvision-query reads an absolute instant, and a small number as seconds', async () => {
    between(await lifetime({ expires_in: inSeconds(7_200) }, query), 7_198_000, 7_201_000, 'instant');
    about(await lifetime({ expires_in: 7199 }, query), 7_199_000, 'seconds');
  });

  test('an absolute instant is corrected by a clock that is off', async () => {
    const ahead = { headers: { date: new Date(Date.now() + 3_600_000).toUTCString() } };
    const seconds = await lifetime({ expires_in: inSeconds(3_600 + 600) }, { ...query, ...ahead });
    between(seconds, 597_000, 603_000, 'ten minutes by the clock of the server, which is an hour ahead');
  });

  const abtasty = (expiresIn) => ({ provider: 'abtasty', config: { accountId: 'acc0unt', expiresIn } });

  test('abtasty: nothing or 0 is the lifetime that was asked for', async () => {
    for (const value of [undefined, null, 0]) {
      about(await lifetime({ expires_in: value }, abtasty()), 43_200_000, `${value} after 43200`);
      about(await lifetime({ expires_in: value }, abtasty(600)), 600_000, `${value} after 600`);
      is(await lifetime({ expires_in: value }, abtasty(0)), null, `${value} after 0`);
    }
    about(await lifetime({ expires_in: 900 }, abtasty(600)), 900_000, '900 after 600');
  });

  test('a token that never expires is kept, and can be invalidated', () => withClock(async (advance) => {
    const fetch = answering(granting({ expires_in: 0 }));
    const config = { accountId: 'acc0unt', clientId: 'client', clientSecret: HARD_SECRET, expiresIn: 0, fetch };
    const token = await getToken('abtasty', config);
    advance(365 * 86_400_000);
    is(await getToken('abtasty', config), token, 'the token a year later');
    is(fetch.asked.length, 1, 'requests');
  }));

  test('the exp of a JWT caps the answer, and serves where the answer says nothing', async () => {
    const until = (seconds) => jwt({ sub: 'client', exp: inSeconds(seconds) });
    const nearly = (actual, seconds, what) => between(actual, (seconds - 2) * 1_000, (seconds + 2) * 1_000, what);
    nearly(await lifetime({ access_token: until(600), expires_in: 3600 }), 600, 'exp before expires_in');
    nearly(await lifetime({ access_token: until(3600), expires_in: 600 }), 600, 'exp after expires_in');
    nearly(await lifetime({ access_token: until(600), expires_in: undefined }), 600, 'exp without expires_in');
    nearly(await lifetime({ access_token: until(-86_400), expires_in: 3600 }), 3600, 'exp in the past');
  });

  test('a JWT that is none is a token like any other', async () => {
    const tokens = ['a.b.c', '..', `${jwt({}).split('.')[0]}.!.x`, jwt({ exp: 'tomorrow' }), jwt({ exp: -1 }), jwt({ exp: 1e400 }), jwt([]), jwt(null)];
    for (const token of tokens) about(await lifetime({ access_token: token, expires_in: 3600 }), 3_600_000, token);
  });

  test('numbers beyond what a date can hold lose no token', async () => {
    for (const value of [1e15, 1e300, '1e400', Number.MAX_SAFE_INTEGER]) {
      const life = await lifetime({ expires_in: value });
      ok(life === null || life >= 0, `no lifetime below zero for ${value}, got ${life}`);
    }
    const text = '{"access_token":"token-1","token_type":"Bearer","expires_in":3600,"big":1e400,"id":12345678901234567890,"lone":"\\ud800"}';
    const token = await getToken('oauth2', oauth2(answering({ text })));
    same([token.accessToken, token.extra.big, token.extra.id], ['token-1', Number.POSITIVE_INFINITY, 12345678901234567890], 'token');
  });
};
