/**
 * Token endpoints at their worst, over the wire: each behaviour of `hostile-behaviours.js` and `hostile-echoes.js` has the
 * outcome that stands beside it, none locks a caller out or asks a server without end, and none is told a secret back.
 */
import { withClock } from './clock.js';
import { between, excludes, fail, includes, is, ok, refused, same, sleep } from './harness.js';
import { FAILED, USABLE, behaviours } from './hostile-behaviours.js';
import { ISSUED, SECRET, SPELLINGS, echoing, issuing } from './hostile-echoes.js';
import { everythingIn } from './told.js';

export default (test, { getToken, invalidate }, { hostile, runtime }) => {
  const config = (name, changes) => ({
    tokenEndpoint: `${hostile.url}/${name}/token`,
    clientId: `client of ${name}`,
    clientSecret: SECRET,
    retries: 0,
    timeout: 5_000,
    ...changes,
  });
  const ask = async (path) => (await fetch(`${hostile[path === 'seen' ? 'other' : 'url']}/${path}`)).json();

  /** What the server counted of a behaviour, once it is done with every connection: a client that leaves one open leaks it. */
  async function tally(name) {
    for (let look = 0; look < 60; look += 1) {
      const { [name]: counted } = await ask('count');
      if (counted?.open === 0) return counted;
      await sleep(50);
    }
    return fail('the client did not close the connection of a request that it gave up');
  }

  /** Afterwards nobody was led to the other origin, and a normal call works. */
  function survived(name, body) {
    test(name, () => withClock(async (advance) => {
      const before = await ask('seen');
      await body(advance);
      same(await ask('seen'), before, 'what the other origin saw');
      includes((await getToken('oauth2', config('good', { clientId: `client after ${name}` }))).accessToken, 'good-token', 'a normal call');
    }));
  }

  for (const [name, { provider = 'oauth2', notInBrowsers, ...behaviour }] of Object.entries(behaviours)) {
    if (notInBrowsers && runtime === 'browser') continue;
    const call = () => getToken(provider, config(name, behaviour.config));
    survived(name, (advance) => (behaviour.token ? succeeds : fails)(name, behaviour, call, advance));
  }

  async function succeeds(name, { token: expected }, call, advance) {
    const { lifetime, expiresAt, kept, ...fields } = { ...USABLE, ...expected };
    const token = await call();
    for (const [field, value] of Object.entries(fields)) is(token[field], value, field);
    const [least, most = least] = [lifetime].flat();
    if (expiresAt === undefined) between(token.expiresAt - Date.now(), least, most, 'lifetime');
    else is(token.expiresAt, expiresAt, 'expiresAt');
    is(await call(), token, 'the token of another call');
    same(await tally(name), { requests: 1, open: 0, bytes: 0 }, 'what the server saw');
    // A token that is not kept is shared for a second.
    advance(1_100);
    is((await call()) === token, kept, 'whether it is the same token after a second');
    is((await tally(name)).requests, kept ? 1 : 2, 'requests after a second');
  }

  async function fails(name, behaviour, call, advance) {
    const outcome = { ...FAILED, ...outcomeOf(behaviour) };
    const [fewest, most] = behaviour.requests ?? [outcome.attempts, outcome.attempts];
    tellsNothing(await refused(call, { ...outcome, cached: false }), name);
    const { requests, bytes } = await tally(name);
    ok(requests >= fewest && requests <= most, `${fewest} to ${most} requests, not ${requests}`);
    ok(bytes < MOST_BYTES, `little of a flood to be taken, not ${bytes} bytes`);
    tellsNothing(await refused(call, { code: outcome.code, cached: true }), name);
    // The longest that a failure is remembered, whatever Retry-After says: nobody is locked out for good.
    advance(91_000);
    await refused(call, { code: outcome.code, cached: false });
    ok((await tally(name)).requests > requests, 'the server to be asked again');
  }

  const outcomeOf = ({ error, inBrowsers }) => ({ ...error, ...(runtime === 'browser' && inBrowsers) });

  for (const [name, behaviour] of Object.entries(echoing)) {
    survived(name, async () => {
      for (const spelling of Object.keys(SPELLINGS)) {
        const tokenEndpoint = `${hostile.url}/${name}/token?${new URLSearchParams({ spelling })}`;
        const error = await refused(() => getToken('oauth2', config(name, { tokenEndpoint })), outcomeOf(behaviour));
        tellsNothing(error, name, spelling);
        if (error.errorDescription !== null) includes(error.errorDescription, 'not ', 'the harmless rest');
      }
    });
  }

  /** Ways to ask a server again for what it granted. */
  const AGAIN = {
    forced: (options) => getToken('oauth2', options, { forceRefresh: true }),
    invalidated: async (options, token) => {
      invalidate('oauth2', options, token);
      return getToken('oauth2', options);
    },
    expired: (options, _, advance) => {
      advance(3_600_000);
      return getToken('oauth2', options);
    },
  };
  for (const [name, behaviour] of Object.entries(issuing)) {
    survived(name, async (advance) => {
      for (const [way, again] of Object.entries(AGAIN)) {
        for (const spelling of ['raw', 'percent', 'base64']) {
          const options = config(name, { tokenEndpoint: `${hostile.url}/${name}/token?${new URLSearchParams({ spelling, way })}` });
          const token = await getToken('oauth2', options);
          is(token.accessToken, ISSUED, 'the token');
          advance(60_000);
          tellsNothing(await refused(() => again(options, token, advance), outcomeOf(behaviour)), name, `${spelling}, ${way}`);
        }
      }
    });
  }

  for (const name of ['same-token', 'expired-token']) {
    test(`${name}: the requests stay bounded, whatever the callers do`, () => withClock(async (advance) => {
      const options = config(name);
      const insist = async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          const token = await getToken('oauth2', options, { forceRefresh: true });
          invalidate('oauth2', options, token);
          await getToken('oauth2', options, { minTtl: 86_400_000 });
        }
      };
      await insist();
      const { requests } = await tally(name);
      ok(requests <= 2, `at most two requests at once, not ${requests}`);
      for (let second = 0; second < 20; second += 1) {
        advance(1_000);
        await insist();
      }
      const { requests: later } = await tally(name);
      ok(later <= requests + 20, `at most one request a second, not ${later - requests} in 20`);
    }));
  }

  /** Asserts that neither a secret nor a token is in an error, nor the beginning of one. */
  function tellsNothing(error, name, what = 'error') {
    const told = everythingIn(error);
    const spelt = (secret) => Object.values(SPELLINGS).map((spell) => spell(`client of ${name}`, secret));
    for (const secret of [...spelt(SECRET), ...spelt(ISSUED)]) excludes(told, secret.slice(0, TELLING), what);
  }
};

/** So much of a secret is no coincidence. */
const TELLING = 12;

/** Far less than the 200 MiB of a flood, and more than what fits between a server and a client that does not read. */
const MOST_BYTES = 64 * 1_048_576;
