/**
 * Runs the suite wherever the package is used, one runtime after the other, against servers on loopback.
 *
 * `node tests/run.js` runs everything, `node tests/run.js node24-esm chromium` what it names. The last line counts, and
 * the exit code is 1 when anything failed, or was skipped where CI is `true`: there, what is not tested is not known.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execute } from './execute.js';
import { allRuns } from './runs.js';
import { startAuthorizationServer } from './servers/authorization-server.js';
import { startData } from './servers/data.js';
import { startGrants } from './servers/grants.js';
import { startHostile } from './servers/hostile.js';
import { startKeyServer } from './servers/key-server.js';
import { startOdd } from './servers/odd.js';
import { startStrongServer } from './servers/strong-server.js';
import { startUnicodeServer } from './servers/unicode-server.js';
import { accounts, startVendors } from './servers/vendors.js';

/** Several times what the slowest run takes. */
const RUN_LIMIT_MS = 180_000;

/** The end of what a crashed runner printed; the fault is there. */
const SHOWN_CHARACTERS = 2_000;

/** Of each run: where all cases fail, they mostly fail for one reason. */
const SHOWN_FAILURES = 20;

const runs = choose(process.argv.slice(2));
const servers = await startServers();
const results = [];
print({ name: 'run', version: 'version', passed: 'passed', failed: 'failed', skipped: 'skipped', seconds: 'seconds' });
for (const run of runs) {
  const result = run.missing ? skip(run) : await perform(run, servers.env);
  results.push(result);
  print(result);
}
await servers.stop();
conclude(results);

function choose(names) {
  const all = allRuns();
  const unknown = names.filter((name) => !all.some((run) => run.name === name));
  if (unknown.length > 0) {
    console.error(`there is no run ${unknown.join(', ')}; there are ${all.map((run) => run.name).join(', ')}`);
    process.exit(2);
  }
  return names.length > 0 ? all.filter((run) => names.includes(run.name)) : all;
}

async function startServers() {
  const starting = [
    startVendors(), startAuthorizationServer(), startUnicodeServer(), startOdd(), startHostile(), startData(), startStrongServer(),
    startKeyServer(), startGrants(),
  ];
  const [vendors, oidc, unicode, odd, hostile, data, strong, keys, grants] = await Promise.all(starting);
  return {
    env: {
      vendors: vendors.urls,
      accounts,
      oidc: { issuer: oidc.issuer, tokenEndpoint: oidc.tokenEndpoint, clients: oidc.clients },
      unicode: { tokenEndpoint: unicode.tokenEndpoint, clients: unicode.clients },
      odd: { url: odd.url, twin: odd.twin, other: odd.other },
      hostile: { url: hostile.url, other: hostile.other },
      data: data.url,
      strong: strong.about,
      keyServer: keys.url,
      grants: { tokenEndpoint: grants.tokenEndpoint, clients: grants.clients, tokens: grants.tokens, mock: grants.mock },
    },
    stop: () => Promise.all([vendors, oidc, unicode, odd, hostile, data, strong, keys, grants].map((server) => server.stop())),
  };
}

function skip({ name, missing }) {
  return { name, version: `skipped: ${missing}`, passed: 0, failed: 0, skipped: 1, seconds: '', failures: [], missing };
}

/** The result of a run, whatever becomes of it: a crash is a failure, and so is a runner without a case. */
async function perform({ name, runtime, command, variables }, env) {
  const begun = Date.now();
  const folder = await mkdtemp(path.join(tmpdir(), 'tokenlet-'));
  try {
    await reset(env);
    const line = command(JSON.stringify({ ...env, runtime }), folder);
    // Browsers that are ended in a hurry leave their profiles behind, which then go with the folder.
    const surroundings = { ...variables, NO_COLOR: '1', TMPDIR: folder };
    const { code, stdout, stderr } = await execute(line, { variables: surroundings, limitMs: RUN_LIMIT_MS });
    const result = { version: '', passed: 0, failed: 0, skipped: 0, failures: [], ...lastLine(stdout) };
    if (code !== 0 || result.passed + result.failed === 0) {
      const ending = code === 0 ? 'no case at all' : code;
      result.failed += 1;
      result.failures.push({ name: `the runner ended with ${ending}`, message: `${stdout}${stderr}`.trim().slice(-SHOWN_CHARACTERS) });
    }
    return { name, ...result, seconds: ((Date.now() - begun) / 1_000).toFixed(1) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Every run finds the servers as the first one did. */
async function reset({ vendors, odd, hostile }) {
  for (const origin of [vendors.control, odd.url, odd.other, hostile.url, hostile.other]) {
    const answer = await fetch(`${origin}/reset`, { method: 'POST', signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`${origin}/reset answered ${answer.status}`);
  }
}

/** What a runner tells; the libraries in it may have printed lines of their own before. */
function lastLine(stdout) {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1));
  } catch {
    return {};
  }
}

function print({ name, version, passed, failed, skipped, seconds }) {
  const numbers = [passed, failed, skipped, seconds].map((number) => String(number).padStart(8));
  console.log(name.padEnd(20) + version.padEnd(36) + numbers.join(''));
}

function conclude(results) {
  for (const { name, failures } of results) {
    for (const failure of failures.slice(0, SHOWN_FAILURES)) {
      console.log(`\n${name}: ${failure.name}\n  ${failure.message.replaceAll('\n', '\n  ')}`);
    }
    if (failures.length > SHOWN_FAILURES) console.log(`\n${name}: and ${failures.length - SHOWN_FAILURES} more`);
  }
  const sum = (count) => results.reduce((total, result) => total + result[count], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  const unknown = process.env.CI === 'true' && results.some((result) => result.missing);
  process.exitCode = sum('failed') > 0 || unknown ? 1 : 0;
}
