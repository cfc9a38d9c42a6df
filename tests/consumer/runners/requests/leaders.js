/** Ten callers wait for a token that another is getting, and something becomes of that one. */
import { includes, is, ok, same, sleep } from '../../suite/harness.js';
import { tally, until } from './client.js';

export const leaders = {
  'the leader is reset': (row) => outlive(row, 1),
  'three leaders in a row are reset': (row) => outlive(row, 3),
  'the leader answers early': answerEarly,
  'the leader answers at once': answerAtOnce,
  "the leader's own fetch fails": failAlone,
};

/**
 * The origin tells who leads, and who leads is reset, until so many `deaths`. Each call but the last shows that a leader was
 * really gone: had nobody noticed, its own would have been the only one.
 */
async function outlive(row, deaths) {
  const client = row.open({ delayMs: SLOW_MS, lifetimeSeconds: 3_600 });
  const requests = [client.send({ caller: 0 })];
  await until(() => client.calls() > 0, 'the leader to reach the origin');
  for (let caller = 1; caller <= FOLLOWERS; caller += 1) requests.push(client.send({ caller }));
  // Mostly they wait by then, but one that comes later meets the same promise, and has the same right to a token.
  await sleep(SETTLING_MS);
  // What is kept alive has no second leader.
  const expected = row.keeps ? 1 : deaths + 1;
  const survivors = new Set(requests);
  for (let dead = 0; dead < Math.max(1, expected - 1); dead += 1) {
    await until(() => client.calls() > dead, `leader ${dead + 1} to reach the origin`);
    const leader = requests[Number(client.callers[dead])];
    leader.reset();
    survivors.delete(leader);
  }
  await conclude(client, [...survivors].map(({ answer }) => answer), expected);
}

/** A handler that does not wait for its token to the end. */
async function answerEarly({ keeps, open }) {
  const client = open({ delayMs: SLOW_MS, lifetimeSeconds: 3_600 });
  const leader = client.ask({ patienceMs: SETTLING_MS });
  await until(() => client.calls() > 0, 'the leader to reach the origin');
  const followers = follow(client);
  is(await leader, 'too late', 'what the leader got');
  await conclude(client, followers, keeps ? 1 : 2);
}

/** A handler that does not wait at all, so that its call need not even have left. */
async function answerAtOnce({ keeps, open }) {
  const client = open({ delayMs: SLOW_MS, lifetimeSeconds: 3_600 });
  is(await client.ask({ patienceMs: 0 }), 'too late', 'what the leader got');
  const followers = follow(client);
  await Promise.all(followers);
  const expected = client.calls();
  ok(expected === 1 || (!keeps && expected === 2), `${keeps ? 'one call' : 'one call or two'} to the origin, not ${expected}`);
  await conclude(client, followers, expected);
}

/** What fails through the leader's own function is no failure of the others: one of them leads, in a request of its own. */
async function failAlone({ open }) {
  const client = open({ delayMs: SLOW_MS, lifetimeSeconds: 3_600 });
  const leader = client.ask({ failsAfterMs: 2 * SETTLING_MS, policy: { retries: 0 } });
  await sleep(SETTLING_MS / 2);
  const followers = follow(client);
  includes(await leader, 'TokenError', 'what the leader got');
  await conclude(client, followers, 1);
}

const follow = (client) => Array.from({ length: FOLLOWERS }, (_, caller) => client.ask({ caller }));

/** All of them got the token of the last call, and so does the next. */
async function conclude({ ask, calls, token }, followers, expected) {
  const answers = await Promise.all(followers.map((answer) => answer.catch((fault) => fault.message)));
  same(tally(answers), { [token(expected)]: followers.length }, 'what the followers got');
  is(await ask(), token(expected), 'what a later request got');
  is(calls(), expected, 'calls to the origin');
}

const FOLLOWERS = 10;

/** Longer than a dead leader goes undetected, so that a living one has to be told from it. */
const SLOW_MS = 3_000;

/** Enough for ten callers to arrive, and a third of what the origin takes. */
const SETTLING_MS = 1_000;
