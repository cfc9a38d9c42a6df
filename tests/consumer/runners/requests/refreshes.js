/**
 * What becomes of a token that grows old. One of 10 s is stale after 5.3 to 6.5 s, as chance will have it, and in its last
 * chance after 9 s.
 */
import { is, ok, sleep } from '../../suite/harness.js';

export const refreshes = {
  'a stale token is refreshed': refresh,
  'a refresh dies with its request': refreshInVain,
};

/**
 * The stale one is answered while the request for the next goes on behind the answer; without a `waitUntil` that is left to
 * the last chance.
 */
async function refresh(row) {
  const { ask, calls, token, age } = await begin(row);
  await age(STALE_MS);
  is(await ask(), token(1), 'the stale token');
  await age(LATE_MS);
  is(calls(), row.keeps ? 2 : 1, 'calls to the origin before the last chance');
  await age(LAST_CHANCE_MS);
  is(await ask(), token(2), 'the token after it');
  is(calls(), 2, 'calls to the origin');
}

/**
 * A `waitUntil` that keeps nothing is believed, and the refresh goes with the answer. Its call may have left by then. The
 * token stays in use as long as it may, and who comes then takes over.
 */
async function refreshInVain(row) {
  const { ask, calls, token, age } = await begin(row);
  for (const time of [STALE_MS, LATE_MS]) {
    await age(time);
    is(await ask({ waitUntil: 'idle' }), token(1), 'the stale token');
  }
  await age(OVER_MS);
  const next = await ask();
  ok([2, 3].includes(calls()), `two or three calls to the origin, not ${calls()}`);
  is(next, token(calls()), 'the token after it');
  is(await ask(), next, 'what a later request got');
}

/** `age(milliseconds)` waits until the first token is at least so old. It is a little older, since its answer took its way. */
async function begin({ open }) {
  const client = open({ delayMs: SLOW_MS, lifetimeSeconds: 10 });
  is(await client.ask(), client.token(1), 'the first token');
  const begun = Date.now() - SLOW_MS;
  return { ...client, age: (milliseconds) => sleep(begun + milliseconds - Date.now()) };
}

const SLOW_MS = 500;
const STALE_MS = 7_000;
const LATE_MS = 8_000;
const LAST_CHANCE_MS = 9_200;
const OVER_MS = 10_000;
