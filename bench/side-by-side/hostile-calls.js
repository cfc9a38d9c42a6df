// The calls of one subject to a hostile server: `node hostile-calls.js <subject> <project> <url>` prints, as JSON, how they ended.

import { clientOf, comparableBehaviours } from './behaviours.js';
import { CALL_LIMIT_MS, FLOOD_LIMIT_MS, outcome, sleep } from './client.js';
import { loadSubject } from './subjects.js';

/** A token that has expired at once may be shared for a second. */
const AGAIN_MS = 1_500;

/** Nearly at once, since some take long, but no crowd. */
const APART_MS = 50;

const MEGABYTE = 1_000_000;

const [name, project, url] = process.argv.slice(2);
const subject = await loadSubject(name, project);
const [floods, others] = partition(Object.entries(comparableBehaviours()), ([, { answer }]) => answer.ending === 'flood');

const facts = {};
await Promise.all(
  others.map(async ([behaviour], i) => {
    await sleep(i * APART_MS);
    facts[behaviour] = await call(behaviour, CALL_LIMIT_MS);
  }),
);
// One after the other, for they share the memory that is measured.
for (const [behaviour] of floods) facts[behaviour] = await weighed(() => call(behaviour, FLOOD_LIMIT_MS));
console.log(JSON.stringify(facts));
// Those that hang would hold the process.
process.exit();

async function call(behaviour, limitMs) {
  const client = subject.open({ ...clientOf(behaviour), tokenEndpoint: `${url}/${behaviour}/token` });
  const { token, error, took } = await outcome(client.getToken, limitMs);
  const ended = Date.now();
  const requests = await requestsFor(behaviour);
  if (error !== undefined) return { error: String(error), own: subject.isOwn(Object(error)), took, requests };
  if (token === undefined) return { hung: true, requests };
  await sleep(AGAIN_MS);
  await outcome(client.getToken, limitMs);
  const kept = (await requestsFor(behaviour)) === requests;
  // JSON has neither NaN nor Infinity.
  const lifetime = token.expiresAt === null ? null : String(token.expiresAt - ended);
  return { token: token.accessToken ?? '', lifetime, kept, requests };
}

async function requestsFor(behaviour) {
  const counts = await (await fetch(`${url}/count`)).json();
  return counts[behaviour]?.requests ?? 0;
}

/** With the most `megabytes` that were held meanwhile beyond what was before. */
async function weighed(task) {
  globalThis.gc();
  const before = held();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, held());
  }, 10);
  const ended = await task();
  clearInterval(watch);
  return { ...ended, megabytes: (most - before) / MEGABYTE };
}

function held() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function partition(items, belongs) {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}
