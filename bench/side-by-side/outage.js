// The server goes away while everybody still has a usable token, and comes back when they have none.

import { json } from '../../tests/servers/http.js';
import { CREDENTIALS, outcome, sleep } from './client.js';
import { startIssuer } from './issuer.js';
import { measured, NONE } from './rows.js';

const LIFETIME_MS = 10_000;
const CALLS = 20;
const BACK_MS = 12_000;
const PACE_MS = LIFETIME_MS / CALLS;
const CALLS_UNTIL_BACK = BACK_MS / PACE_MS;
const OVER_MS = 20_000;
const CALL_LIMIT_MS = 10_000;

const OUTAGES = {
  'refusing: ': () => json(503, { error: 'temporarily_unavailable' }),
  'silent: ': () => new Promise(() => {}),
};

/** All at once, for nearly all of the time is spent waiting. */
export async function outage(subjects) {
  const tables = Object.entries(OUTAGES).map(async ([name, answer]) => {
    const sufferings = await Promise.all(subjects.map((subject) => suffer(subject, answer)));
    const row = (what, value, traits) => measured(name + what, sufferings.map(value), traits);
    return [
      row(`failed of the ${CALLS} calls with a valid token`, ({ failed }) => failed, NONE),
      row('longest wait of those calls', ({ longest }) => longest, SHORT),
      row('requests until the server is back', ({ requests }) => requests, FEW),
      row('time from then to the next token', ({ recovered }) => recovered, BOUNDED),
    ];
  });
  return {
    title: 'The outage',
    told:
      `A token of ${LIFETIME_MS / 1_000} s is obtained, and at once the server is gone, either refusing with 503 or silent, until second ` +
      `${BACK_MS / 1_000}. There is a call every ${PACE_MS} ms, ${CALLS} of them in the life of the token, until second ` +
      `${OVER_MS / 1_000}, which is the end. A call that takes longer than ${CALL_LIMIT_MS / 1_000} s has failed.`,
    rows: (await Promise.all(tables)).flat(),
  };
}

async function suffer({ open }, answer) {
  let begun = Infinity;
  const now = () => performance.now() - begun;
  const issuer = await startIssuer({
    lifetimeSeconds: LIFETIME_MS / 1_000,
    behave: () => (now() >= 0 && now() < BACK_MS ? answer() : undefined),
  });
  const { getToken } = open({ ...CREDENTIALS, tokenEndpoint: issuer.tokenEndpoint });
  const first = await getToken();
  begun = performance.now();
  const callAt = async (milliseconds) => {
    await sleep(milliseconds - now());
    const ended = await outcome(getToken, CALL_LIMIT_MS);
    return { ...ended, at: now() };
  };
  const before = issuer.requests();
  const early = Array.from({ length: CALLS }, (_, i) => callAt((i + 0.5) * PACE_MS));
  const late = Array.from({ length: (OVER_MS - LIFETIME_MS) / PACE_MS }, (_, i) => callAt(LIFETIME_MS + (i + 0.5) * PACE_MS));
  await sleep(BACK_MS - now());
  const requests = issuer.requests() - before;
  const valid = await Promise.all(early);
  const renewed = [...valid, ...(await Promise.all(late))].filter(({ token }) => token && token.accessToken !== first.accessToken);
  await issuer.stop();
  return {
    failed: valid.filter(({ token }) => token === undefined).length,
    longest: Math.max(...valid.map(({ took }) => took)) / 1_000,
    requests,
    recovered: Math.min(...renewed.map(({ at }) => (at - BACK_MS) / 1_000)),
  };
}

const SECONDS = { unit: ' s', noise: 0.5 };
const SHORT = { ideal: 'under a second', good: (seconds) => seconds < 1, ...SECONDS };
const BOUNDED = { ideal: 'before the end', good: (seconds) => seconds < Infinity, ...SECONDS };
const FEW = { ideal: `fewer than the ${CALLS_UNTIL_BACK} calls`, good: (requests) => requests < CALLS_UNTIL_BACK };
