/**
 * What happens between the requests of a Worker, for they share one instance: `requests-worker.js` in several builds of
 * workerd, under compatibility dates that differ in what becomes of a promise whose request has ended, and with each
 * way to a `waitUntil`. The arguments are a folder for the bundles, and the builds.
 */
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { startCounting } from '../../servers/counting.js';
import { bundle, manifest, SECLUDED } from '../../workers.js';
import { is, ok, same, sleep, started } from '../suite/harness.js';

const [folder, ...programs] = process.argv.slice(2);
const worker = fileURLToPath(new URL('requests-worker.js', import.meta.url));

/** A build knows every date up to its own. */
const compatibilities = (ownDate) => [
  { date: ownDate, flags: [] },
  { date: ownDate, flags: ['no_handle_cross_request_promise_resolution'] },
  { date: '2023-12-01', flags: [] },
  // Here `navigator` does not tell the package where it runs.
  { date: '2023-12-01', flags: ['no_global_navigator'] },
];

/** Beside the one in the config the runtime's is hidden, so that neither stands in for the other. */
const sources = [
  { waitUntil: 'none', bundled: 'hidden' },
  { waitUntil: 'from the config', bundled: 'hidden', bound: true },
  { waitUntil: "the runtime's", bundled: 'plain' },
];

/** Runtimes before August 2025 export no `waitUntil`. */
const hidden = {
  name: 'cloudflare:workers without waitUntil',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:workers$/ }, (module) => ({ path: module.path, namespace: 'hidden' }));
    onLoad({ filter: /.*/, namespace: 'hidden' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const scenarios = {
  'the leader is reset': (row) => outliveLeader(row, leadUntilReset),
  'the leader answers early': (row) => outliveLeader(row, leadForAWhile),
  'a stale token is refreshed': refresh,
};

/** Ten callers wait for the leader's token when the leader goes away. */
async function outliveLeader({ keeps, open }, lead) {
  const client = open({ delayMs: SLOW_MS, lifetimeSeconds: 3_600 });
  const { ask, calls, token } = client;
  const leave = lead(client);
  await until(() => calls() > 0, 'the leader to reach the origin');
  const followers = Array.from({ length: 10 }, () => ask().catch((fault) => fault.message));
  // Mostly they wait by then, but one that comes later meets the same promise, and has the same right to a token.
  await sleep(SETTLING_MS);
  await leave();
  // Two calls show that the leader was really gone: had nobody noticed, its own would have been the only one.
  const expected = keeps ? 1 : 2;
  same(tally(await Promise.all(followers)), { [token(expected)]: followers.length }, 'what the followers got');
  is(await ask(), token(expected), 'what a later request got');
  is(calls(), expected, 'calls to the origin');
}

/** A client that goes away with RST, since workerd does not notice an ordinary close. */
function leadUntilReset({ url, order }) {
  const request = http.request(url, { method: 'POST' }).on('error', () => {});
  request.end(JSON.stringify(order));
  return () => request.socket.resetAndDestroy();
}

/** A handler that does not wait for its token to the end. */
function leadForAWhile({ ask }) {
  const answer = started(ask({ patienceMs: SETTLING_MS }));
  return async () => is(await answer, 'too late', 'what the leader got');
}

/**
 * A token of 10 s is stale after 5.3 to 6.5 s, as chance will have it, and in its last chance after 9 s. The stale one is
 * answered while the request for the next goes on behind the answer; without a `waitUntil` that is left to the last chance.
 */
async function refresh({ keeps, open }) {
  const { ask, calls, token } = open({ delayMs: 500, lifetimeSeconds: 10 });
  is(await ask(), token(1), 'the first token');
  // By now its age is what the origin took.
  const begun = Date.now();
  const at = (milliseconds) => sleep(begun + milliseconds - Date.now());
  await at(7_200);
  is(await ask(), token(1), 'the stale token');
  await at(8_600);
  is(calls(), keeps ? 2 : 1, 'calls to the origin before the last chance');
  await at(9_200);
  is(await ask(), token(2), 'the token after it');
  is(calls(), 2, 'calls to the origin');
}

/** Longer than a dead leader goes undetected, so that a living one has to be told from it. */
const SLOW_MS = 3_000;

/** Enough for ten callers to arrive, and a third of what the origin takes. */
const SETTLING_MS = 1_000;

/** Twice what the slowest answer takes: a leader's death found out, and a request in its place. */
const LIMIT_MS = 12_000;

const origin = await startCounting();
await Promise.all([bundle(worker, path.join(folder, 'plain')), bundle(worker, path.join(folder, 'hidden'), [hidden])]);
const builds = [];
try {
  for (const program of programs) builds.push(await startBuild(program));
  const rows = builds.flatMap((build) => build.rows);
  // All at once, for nearly all of the time is spent waiting.
  const cases = rows.flatMap((row) => Object.entries(scenarios).map((scenario) => judge(row, scenario)));
  const failures = (await Promise.all(cases)).flat();
  const version = `workerd ${builds.map(({ date }) => date).join(', ')}`;
  const [failed, passed] = [failures.length, cases.length - failures.length];
  console.log(JSON.stringify({ version, passed, failed, skipped: 0, failures }));
} finally {
  await Promise.all(builds.map(({ miniflare }) => miniflare.dispose()));
  await origin.stop();
}

/** One process of workerd, with a Worker and a port of its own for each row. */
async function startBuild(program) {
  const [, ownDate] = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().split(' ');
  const plans = compatibilities(ownDate).flatMap((dated) => sources.map((source) => ({ ...dated, ...source })));
  const workers = plans.map(async ({ date, flags, bundled }, index) => ({
    config: {
      name: `row-${index}`,
      compatibilityDate: date,
      compatibilityFlags: flags,
      manifest: await manifest(worker, path.join(folder, bundled)),
    },
    // Straight into workerd: a proxy in between need not pass a reset on.
    dev: { unsafeDirectSockets: [{ port: 0 }] },
  }));
  // Miniflare reads it whenever it starts workerd.
  process.env.MINIFLARE_WORKERD_PATH = program;
  const miniflare = new Miniflare({ ...SECLUDED, workers: await Promise.all(workers) });
  await miniflare.ready;
  const rows = plans.map(async ({ date, flags, waitUntil, bound }, index) => {
    const url = await miniflare.unsafeGetDirectURL(`row-${index}`);
    return {
      name: `workerd ${ownDate}, ${[date, ...flags].join(' with ')}, waitUntil ${waitUntil}`,
      keeps: waitUntil !== 'none',
      open: (traits) => openClient(url, bound, origin.open(traits)),
    };
  });
  return { date: ownDate, miniflare, rows: await Promise.all(rows) };
}

/** Whoever asks the Worker at `url` for one token: a config of its own, which nobody else shares. */
function openClient(url, bound, { tokenEndpoint, calls, token }) {
  const order = { bound, config: { tokenEndpoint, clientId: 'client', clientSecret: "the client's secret" } };
  const ask = async (more) => {
    const body = JSON.stringify({ ...order, ...more });
    const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(LIMIT_MS) });
    return answer.text();
  };
  return { url, order, ask, calls, token };
}

async function until(holds, what) {
  const begun = Date.now();
  while (!holds()) {
    ok(Date.now() - begun < LIMIT_MS, `${what} within ${LIMIT_MS} ms`);
    await sleep(10);
  }
}

/** How often each text is there. */
function tally(texts) {
  const counts = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

/** The failure of a case, in a list that is empty when it passed. */
async function judge(row, [scenario, play]) {
  try {
    await play(row);
    return [];
  } catch (fault) {
    return [{ name: `${row.name}: ${scenario}`, message: fault.message }];
  }
}
