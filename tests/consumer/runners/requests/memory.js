/** What callers leave behind in the memory of the wasm when they die: a future that is never polled again is never dropped. */
import { is, ok, sleep } from '../../suite/harness.js';
import { post, until } from './client.js';

/** Each wants a Worker of its own, since an instance has one memory. `row.bytes` tells what it took for each caller. */
export const burials = {
  'two thousand leaders are reset, each with a key of its own': buryStrangers,
  'two thousand leaders are reset, whose keys are forgotten': (row) => {
    const clients = Array.from({ length: LANES }, () => row.open(held(row)));
    return bury(row, 1, (lane) => die(clients[lane], { forgets: true }));
  },
  'two hundred leaders are reset, with nine followers each': (row) => {
    return bury(row, 10, () => dieTogether(row.open({ ...held(row), delayMs: SLOW_MS })));
  },
};

/** For leaders that ask for metadata first, each at an issuer of its own. */
export const issuerBurials = {
  'two thousand leaders are reset while a token is on its way': (row) => buryStrangers(row, MOST_SIGNED_BYTES),
  'two thousand leaders are reset while metadata is on its way': (row) => {
    const { delayMs: metadataMs } = held(row);
    return bury(row, 1, () => die(row.open({ metadataMs }), {}, ({ seekers }) => seekers.length), MOST_SIGNED_BYTES);
  },
};

function buryStrangers(row, mostBytes) {
  return bury(row, 1, () => die(row.open(held(row))), mostBytes);
}

/** `next(lane)` cancels so `many` callers at a time, of whom each leaves `mostBytes` at most. */
async function bury(row, many, next, mostBytes = MOST_BYTES) {
  const { url, open, keeps } = row;
  const cancel = (callers) => Promise.all(Array.from({ length: LANES }, async (_, lane) => {
    for (let each = 0; each < callers / many / LANES; each += 1) await next(lane);
  }));
  const measure = async () => {
    // What is kept alive lands first.
    if (keeps) await sleep(2 * SLOW_MS);
    return JSON.parse(await post(url, { measures: true }).answer);
  };
  // The first ones find what an instance needs to begin with.
  await cancel(FIRST);
  const before = await measure();
  await cancel(CALLERS);
  const after = await measure();
  row.bytes = (after.bytes - before.bytes) / CALLERS;
  // A leader that is kept alive comes to its end, though nobody hears of it.
  const survived = after.settled - before.settled - (keeps ? CALLERS / many : 0);
  ok(survived < CALLERS / 10, `nearly all callers to be cancelled, not all but ${survived}`);
  ok(row.bytes <= mostBytes, `at most ${mostBytes} bytes for each caller, not ${row.bytes}`);
  const { ask, token } = open({ delayMs: 0, lifetimeSeconds: 3_600 });
  is(await ask(), token(1), 'what a later request got');
}

/** A leader that is reset while the origin holds its answer, which `arrivals` counts. */
async function die(door, order, arrivals = ({ calls }) => calls()) {
  const before = arrivals(door);
  const { reset } = door.send(order);
  await until(() => arrivals(door) > before, 'the leader to reach the origin');
  reset();
}

async function dieTogether({ send, calls }) {
  const leader = send();
  await until(() => calls() > 0, 'the leader to reach the origin');
  const followers = Array.from({ length: 9 }, () => send());
  await sleep(SETTLING_MS);
  for (const { reset } of [leader, ...followers]) reset();
}

/** What is not kept alive never hears of the answer; what is shall not pile up. */
const held = ({ keeps }) => ({ delayMs: keeps ? 500 : 2 * SLOW_MS, lifetimeSeconds: 3_600 });

const CALLERS = 2_000;
const FIRST = 400;

/** So many at once, and so many keys where they are forgotten. */
const LANES = 10;

const SLOW_MS = 3_000;

/** Enough for nine callers to arrive. */
const SETTLING_MS = 200;

/** A Worker has 128 MB, and clients go away all day: at this rate 30 000 of them end its isolate. */
const MOST_BYTES = 4_096;

/** Two acquisitions die at once, of metadata and of the token, and an assertion and a proof with them. */
const MOST_SIGNED_BYTES = 8_192;
