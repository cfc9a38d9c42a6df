/** An issuer's metadata is on its way, for which callers wait who are getting their tokens, and something becomes of who asked. */
import { includes, is, same, sleep } from '../../suite/harness.js';
import { until } from './client.js';

export const discoveries = {
  'the leader is reset while metadata is on its way': (row) => outlive(row, 1, 1),
  'who asks for metadata is reset, which clients share': (row) => outlive(row, 1, CLIENTS),
  'three in a row who ask for metadata are reset, which clients share': (row) => outlive(row, 3, CLIENTS),
  'the leader answers early while metadata is on its way': answerEarly,
  'the fetch of who asks for metadata fails, which clients share': failAlone,
};

/**
 * The origin tells who asks for metadata, and who does is reset, until so many `deaths`: more than those ask once more, and what
 * is kept alive asks once.
 */
async function outlive(row, deaths, clients) {
  const door = row.issue({ metadataMs: SLOW_MS });
  const policies = door.clients.slice(0, clients).map(shared);
  const order = (caller) => ({ caller, policy: policies[caller % clients] });
  const requests = [door.send(order(0))];
  await until(() => door.seekers.length > 0, 'the leader to ask for metadata');
  for (let caller = 1; caller <= FOLLOWERS; caller += 1) requests.push(door.send(order(caller)));
  await sleep(SETTLING_MS);
  const expected = row.keeps ? 1 : deaths + 1;
  const survivors = new Set(requests);
  for (let dead = 0; dead < Math.max(1, expected - 1); dead += 1) {
    await until(() => door.seekers.length > dead, `leader ${dead + 1} to ask for metadata`);
    const leader = requests[Number(door.seekers[dead])];
    leader.reset();
    survivors.delete(leader);
  }
  const followers = requests.map((request, caller) => ({ ...request, ...order(caller) }));
  await conclude(door, followers.filter((_, caller) => survivors.has(requests[caller])), expected);
}

/** Callers without a `fetch` of their own share metadata as they are. */
async function answerEarly({ keeps, issue }) {
  const door = issue({ metadataMs: SLOW_MS });
  const leader = door.ask({ patienceMs: SETTLING_MS });
  await until(() => door.seekers.length > 0, 'the leader to ask for metadata');
  const followers = follow(door, door.clients);
  is(await leader, 'too late', 'what the leader got');
  await conclude(door, followers, keeps ? 1 : 2);
}

/** What fails through the function of one client is no failure of the others. */
async function failAlone({ issue }) {
  const door = issue({ metadataMs: SLOW_MS });
  const policies = door.clients.map(shared);
  const leader = door.ask({ failsAfterMs: 2 * SETTLING_MS, policy: { ...policies[0], retries: 0 } });
  await sleep(SETTLING_MS / 2);
  const followers = follow(door, policies);
  includes(await leader, 'TokenError', 'what the leader got');
  await conclude(door, followers, 1);
}

/** Two callers of each client. */
function follow(door, policies) {
  const callers = [...policies, ...policies];
  return callers.map((policy) => ({ ...door.send({ policy }), policy }));
}

/** Callers who bring functions of their own share metadata within a partition. */
const shared = (client) => ({ ...client, partition: 'all of them' });

/** Each of them got the token of its own client, and so does the next. */
async function conclude(door, followers, expected) {
  const answers = await Promise.all(followers.map(({ answer }) => answer.catch((fault) => fault.message)));
  const tokens = door.callers.map((_, call) => door.token(call + 1));
  const holders = answers.map((answer) => door.holders[tokens.indexOf(answer)] ?? answer);
  same(holders, followers.map(({ policy }) => policy.clientId), 'whose tokens the followers got');
  is(door.calls(), new Set(door.holders).size, 'token requests, one for each client');
  const [{ policy }] = followers;
  is(await door.ask({ policy }), answers[0], 'what a later request got');
  is(door.seekers.length, expected, 'requests for metadata');
  same(door.refusals, [], 'what the origin refused');
}

const CLIENTS = 5;
const FOLLOWERS = 10;

/** Longer than a dead leader goes undetected, so that a living one has to be told from it. */
const SLOW_MS = 3_000;

/** Enough for ten callers to arrive, and a third of what the origin takes. */
const SETTLING_MS = 1_000;
