// Times are compared, never judged: every contestant of a race runs in the same process, in rounds
// that alternate, so that whatever the machine does meanwhile happens to all of them.

const WARM_UP_ROUNDS = 5;

/**
 * Runs every contestant once a round and gives the nanoseconds a call, by contestant and round.
 * A contestant is `{ call, before? }`; `before` is not timed. Who goes first changes every round.
 */
export async function race(contestants, { rounds, calls, time = awaited }) {
  const times = contestants.map(() => []);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (turn + round + WARM_UP_ROUNDS) % contestants.length;
      const { call, before } = contestants[index];
      await before?.();
      const nanoseconds = (await time(call, calls)) / calls;
      if (round >= 0) times[index].push(nanoseconds);
    }
  }
  return times;
}

/** The median ratio of the rounds, and both medians for information. */
export function compare(ours, theirs) {
  return {
    ratio: median(ours.map((time, round) => time / theirs[round])),
    ours: median(ours),
    theirs: median(theirs),
  };
}

/** A row of the table; over its target, a ratio is too high. */
export function row(what, against, comparison, target = null) {
  return { what, against, target, ...comparison };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Nanoseconds of `calls` calls, each awaited before the next, as a user awaits a token. */
export async function awaited(call, calls) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i += 1) consume(await call(i));
  return Number(process.hrtime.bigint() - start);
}

/** Nanoseconds of `calls` calls without the waiting: what the call itself costs. */
export async function called(call, calls) {
  const promises = new Array(calls);
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i += 1) promises[i] = call(i);
  const elapsed = Number(process.hrtime.bigint() - start);
  for (const token of await Promise.all(promises)) consume(token);
  return elapsed;
}

// Read by nobody and visible to everybody, so that no compiler may drop a call.
export let consumed;
function consume(result) {
  consumed = result;
}
