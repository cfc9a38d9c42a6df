/**
 * What happens between the requests of a Worker, for they share one instance: `requests/worker.js` in one build of workerd,
 * in every row of the matrix. The arguments are a folder for the bundles, and the program.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCounting } from '../../servers/counting.js';
import { startWorkerd } from '../../workerd.js';
import { bundle } from '../../workers.js';
import { same } from '../suite/harness.js';
import { chaos } from './requests/chaos.js';
import { openClient, tally } from './requests/client.js';
import { discoveries } from './requests/discovery.js';
import { startIssuers } from './requests/issuers.js';
import { leaders } from './requests/leaders.js';
import { hidden, matrix } from './requests/matrix.js';
import { burials, issuerBurials } from './requests/memory.js';
import { proofs } from './requests/proofs.js';
import { refreshes } from './requests/refreshes.js';
import { signings } from './requests/signing.js';
import { stalls } from './requests/stall.js';

const [folder, program] = process.argv.slice(2);
const worker = fileURLToPath(new URL('requests/worker.js', import.meta.url));
const [, ownDate] = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().split(' ');

const rows = matrix(ownDate);
/** One that does without and one that has a `waitUntil`, for what goes by that alone. */
const either = [false, true].map((keeps) => rows.find((row) => row.keeps === keeps));
const burying = [...pair(either, burials), ...pair(either.map(strong), issuerBurials)];
/** Each has an instance of its own. */
const graves = burying.map(({ row, ...rest }) => ({ row: { ...row }, ...rest }));

await Promise.all([bundle(worker, path.join(folder, 'plain')), bundle(worker, path.join(folder, 'hidden'), [hidden])]);
const places = [...rows, ...graves.map(({ row }) => row)];
const workerd = await startWorkerd(program, folder, places.map((row) => ({ ...row, folder: path.join(folder, row.bundled) })));
const [origin, issuers] = await Promise.all([startCounting(), startIssuers()]);
try {
  for (const [index, row] of places.entries()) {
    row.url = workerd.urls[index];
    row.issue = (traits) => openClient(row.url, row.order, issuers.open(traits));
    row.open = row.isStrong ? row.issue : (traits) => openClient(row.url, row.order, origin.open(traits));
  }
  // All of a phase at once, for most of the time is spent waiting. What counts milliseconds comes before the throngs.
  const phases = [
    pair(rows, { ...leaders, ...refreshes }),
    pair(rows.map(strong), { ...leaders, ...refreshes }),
    pair(rows, { ...discoveries, ...proofs }),
    pair(either, stalls),
    [...pair(rows, chaos), ...pair(rows.map(strong), chaos)],
    [...pair(rows, signings), ...graves],
  ];
  const verdicts = [];
  for (const cases of phases) verdicts.push(...await Promise.all(cases.map(judge)));
  verdicts.push(await judge({ row: { name: 'all dates' }, title: 'nothing was thrown that nobody caught', play: quiet }));
  const failures = verdicts.flat();
  const most = Math.max(...graves.map(({ row }) => row.bytes ?? 0));
  const version = `workerd ${ownDate}, ${Math.round(most)} B a death`;
  console.log(JSON.stringify({ version, passed: verdicts.length - failures.length, failed: failures.length, skipped: 0, failures }));
} finally {
  await workerd.stop();
  await Promise.all([origin.stop(), issuers.stop()]);
}

/** The same for callers whose tokens take all that there is: metadata, assertions and proofs. */
function strong(row) {
  return { ...row, name: `${row.name}, signed`, isStrong: true, open: row.issue };
}

function pair(rows, scenarios) {
  return rows.flatMap((row) => Object.entries(scenarios).map(([title, play]) => ({ row, title, play })));
}

/** As it would be in a timer whose owner is gone. Broken connections are told in other words. */
function quiet() {
  same(tally(workerd.log().split('\n').filter((line) => line.includes('source = Uncaught'))), {}, 'what workerd had to say');
}

/** The failure of a case, in a list that is empty when it passed. */
async function judge({ row, title, play }) {
  try {
    await play(row);
    return [];
  } catch (fault) {
    return [{ name: `${row.name}: ${title}`, message: fault.message }];
  }
}
