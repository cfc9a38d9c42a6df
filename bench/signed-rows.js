// The rows about signatures: what comes on top of the signature itself, and what a key in the config costs a hit.

import { compare, race, row } from './measure.js';
import { KEYS, openidClient, seen, sign, tokenlet, withKey, withSecret } from './signed-subjects.js';

const HITS = { rounds: 61, calls: 5_000 };
const SIGNED = { rounds: 31, calls: 200 };

// An object is compared member by member, since it may be another one each time.
const MOST_HITS = { PEM: 3, JWK: 20, CryptoKey: 3 };
const PEER = '`openid-client`';

/** Loads both subjects; each call of the result measures these rows anew. */
export async function prepareSigned(project) {
  const ours = tokenlet(project);
  const theirs = await openidClient();
  await verified(ours, theirs);
  return async () => [...(await misses(ours, theirs)), ...(await requests(ours, theirs)), ...(await hits(ours))];
}

async function misses(ours, theirs) {
  const [miss, plain, peer] = await race(
    [
      { call: () => ours.miss(withKey(KEYS.PEM)) },
      { call: async () => [await ours.miss(withSecret()), await sign()] },
      { call: theirs.miss },
    ],
    SIGNED,
  );
  const what = 'a miss with `private_key_jwt`';
  return [
    row(what, 'one with `client_secret_post`, and a bare signature', compare(miss, plain), 4),
    row(what, PEER, compare(miss, peer)),
  ];
}

async function requests(ours, theirs) {
  const bearer = ours.api(false);
  const [request, plain, peer] = await race(
    [
      { call: ours.api(true) },
      { call: async () => [await bearer(), await sign()] },
      { call: theirs.api() },
    ],
    SIGNED,
  );
  const what = 'an API request with DPoP';
  return [
    row(what, 'one with a bearer token, and a bare signature', compare(request, plain), 6),
    row(what, PEER, compare(request, peer)),
  ];
}

async function hits(ours) {
  const configs = [withSecret, ...Object.values(KEYS).map((key) => () => withKey(key))];
  for (const config of configs) {
    await ours.fill(config());
    // The first hit of a config that is written another way, here without `fetch`, is slower.
    await ours.hit(config());
  }
  const [plain, ...keyed] = await race(configs.map((config) => ({ call: () => ours.hit(config()) })), HITS);
  return Object.keys(KEYS).map((form, i) =>
    row(`a hit, its key a ${form}`, 'one with a client secret', compare(keyed[i], plain), MOST_HITS[form]),
  );
}

/** Refuses subjects that do not sign what they are to sign, or sign what they are not. */
async function verified(ours, theirs) {
  const expected = async (call, change) => {
    const before = { ...seen };
    await call();
    for (const [what, count] of Object.entries(seen)) {
      if (count - before[what] !== (change[what] ?? 0)) throw new Error(`${what}: ${count - before[what]} of ${change[what] ?? 0}`);
    }
  };
  for (const miss of [() => ours.miss(withKey(KEYS.PEM)), theirs.miss]) await expected(miss, { tokens: 1, assertions: 1 });
  await expected(() => ours.miss(withSecret()), { tokens: 1 });
  const [bearer, bound] = [false, true].map(ours.api);
  for (const api of [bearer, bound]) await api();
  await expected(bearer, { requests: 1 });
  for (const api of [bound, theirs.api()]) await expected(api, { requests: 1, proofs: 1 });
}
