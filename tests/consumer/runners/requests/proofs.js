/** Tokens are bound to a key that stays in the isolate, and what one request learned of a server all others know. */
import { is, same, sleep } from '../../suite/harness.js';
import { openClient, tally, until } from './client.js';
import { startIssuers } from './issuers.js';

export const proofs = {
  'a token is used after the request that asked for it was reset': useLater,
  'a visitor of the API is reset': (row) => visitAfter(row, {}),
  'the first visitor is reset, of one createFetch for all': (row) => visitAfter(row, { shares: true }),
  'a nonce that one request learned is known to all': rememberNonces,
  'a nonce outlives the request that learned it': inheritNonce,
};

async function useLater({ keeps, issue }) {
  const door = issue({ delayMs: SLOW_MS });
  const leader = door.send();
  await until(() => door.calls() > 0, 'the leader to reach the origin');
  const followers = Array.from({ length: 9 }, () => door.ask({ visits: true }));
  await sleep(SETTLING_MS);
  leader.reset();
  await conclude(door, followers, keeps ? 1 : 2);
}

/** `how` they come. The first is reset twice: on the way to its token, and at the API. */
async function visitAfter({ keeps, issue }, how) {
  const door = issue({ delayMs: SETTLING_MS, apiMs: SETTLING_MS });
  const visits = { visits: true, ...how };
  const first = door.send(visits);
  await until(() => door.calls() > 0, 'the first to reach the token endpoint');
  first.reset();
  const second = door.send(visits);
  await until(() => door.visitors.length > 0, 'the second to reach the API');
  second.reset();
  const followers = Array.from({ length: 9 }, () => door.ask(visits));
  await conclude(door, followers, keeps ? 1 : 2);
}

/** One refusal for each kind of server; the token endpoint and the API here have one origin, and yet are told apart. */
async function rememberNonces(row) {
  await withNonces(row, async (open) => {
    const door = open({});
    is(await door.ask({ visits: true }), door.token(1), 'the first token');
    same(tally(door.refusals), { use_dpop_nonce: 2 }, 'what was refused to the first request');
    const others = door.clients.map((policy) => door.ask({ visits: true, policy: { ...policy, scope: 'read' } }));
    const answers = await Promise.all(others);
    is(new Set(answers).size, door.clients.length, 'tokens of other clients');
    same(tally(door.refusals), { use_dpop_nonce: 2 }, 'what was refused at all');
  });
}

async function inheritNonce(row) {
  await withNonces(row, async (open) => {
    const door = open({ delayMs: SLOW_MS });
    const leader = door.send();
    await until(() => door.calls() > 0, 'the leader to reach the origin');
    const followers = Array.from({ length: 9 }, () => door.ask());
    await sleep(SETTLING_MS);
    leader.reset();
    const answers = await Promise.all(followers);
    same(tally(answers), { [door.token(row.keeps ? 1 : 2)]: 9 }, 'what the followers got');
    same(tally(door.refusals), { use_dpop_nonce: 1 }, 'what was refused');
  });
}

/** At an origin that no other request has been to. */
async function withNonces({ url, order }, play) {
  const { open, stop } = await startIssuers('the nonce');
  try {
    await play((traits) => openClient(url, order, open(traits)));
  } finally {
    await stop();
  }
}

/** All of them used the token of the last call, and so does the next. */
async function conclude(door, followers, expected) {
  const answers = await Promise.all(followers.map((answer) => answer.catch((fault) => fault.message)));
  same(tally(answers), { [door.token(expected)]: followers.length }, 'whose tokens the followers used');
  is(await door.ask({ visits: true }), door.token(expected), 'what a later request used');
  is(door.calls(), expected, 'calls to the token endpoint');
  is(new Set(door.keys).size, 1, 'keys that tokens are bound to');
  same(door.refusals, [], 'what the origin refused');
}

const SLOW_MS = 3_000;
const SETTLING_MS = 1_000;
