/**
 * Keys are imported, and pairs for DPoP made, in requests that end while they do. WebCrypto is slow here: what it began in one
 * request can not be awaited in another.
 */
import { is, same, sleep } from '../../suite/harness.js';
import { tally, until } from './client.js';

export const signings = {
  'a request is reset while it imports a key': (row) => outlive(row, ownKey),
  'a request is reset while it makes a pair': (row) => outlive(row, ownPair),
  'a request answers while it makes a pair': (row) => outlive(row, ownPair, (leader) => leader.answer),
};

/** Others of the same key are about to want it: those who wait for the same token, and those of two others. */
async function outlive({ issue }, need, end = (leader) => leader.reset()) {
  const door = issue({});
  const policy = { ...need(door), timeout: LONG_MS };
  const ask = (scope) => ({ policy: { ...policy, scope }, cryptoMs: SLOW_MS });
  const leader = door.send({ ...ask(), patienceMs: 2 * SETTLING_MS });
  await until(() => door.seekers.length > 0, 'the leader to ask for metadata');
  // It has its answer then, and is at its key.
  await sleep(SETTLING_MS / 2);
  const scopes = [undefined, 'read', 'write'];
  const followers = Array.from({ length: 9 }, (_, number) => door.ask(ask(scopes[number % 3])));
  await sleep(SETTLING_MS);
  is(door.calls(), 0, 'token requests before the end of the first request');
  await end(leader);
  const answers = await Promise.all(followers.map((answer) => answer.catch((fault) => fault.message)));
  const counts = tally(answers);
  same(Object.values(counts), [3, 3, 3], `how many got each of ${Object.keys(counts)}`);
  is(door.calls(), 3, 'token requests');
  is(new Set(door.keys).size, 1, 'keys that tokens are bound to');
  is(await door.ask(ask()), answers[0], 'what a later request got');
  same(door.refusals, [], 'what the origin refused');
}

/** One that is not there yet. */
const ownKey = ({ spare }) => ({ ...spare, dpop: undefined });

/** A pair is a client's own, and every door has its own clients. */
const ownPair = () => ({ clientAuth: 'none', privateKey: undefined, keyId: undefined });

const SETTLING_MS = 1_000;

/** A key may be imported in two steps, its private half and its public one. */
const SLOW_MS = 3_000;
const LONG_MS = 15_000;
