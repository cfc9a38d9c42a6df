/**
 * Every run of the JavaScript tests, as data: its name, the `runtime` that the suite is told, the command, and `missing`,
 * the reason why it cannot be had here. A command gets `env` as JSON for its first argument and prints one line of JSON
 * at its end: `{ version, passed, failed, skipped, failures: [{ name, message }] }`.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { missingFor } from './drivers.js';
import { platformProgram } from './tools.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const runner = (name) => here(`consumer/runners/${name}`);

/** wrangler and selenium-webdriver ask for more than the Node.js 20 that may have started us. */
const node = platformProgram('node24', 'node') ?? process.execPath;

/** One of a year ago and the newest: they differ in what becomes of the promises of a request that has ended. */
const WORKERD_BUILDS = ['2025-10', '2026-11'];

export function allRuns() {
  return [
    ...['20', '22', '24', '26'].flatMap(inNode),
    inDeno(),
    { name: 'bun', runtime: 'bun', command: (env) => [here('node_modules/.bin/bun'), runner('esm.js'), env] },
    ...WORKERD_BUILDS.map((build) => inWorkerd(`workerd-${build}`, build, 'esbuild')),
    inWorkerd('wrangler', '2026-11', 'wrangler'),
    ...WORKERD_BUILDS.map(betweenRequests),
    { name: 'edge-light', runtime: 'edge-light', command: (env) => [node, runner('edge-light.js'), env] },
    ...['chromium', 'firefox', 'webkit'].flatMap(inBrowser),
    ...['esbuild', 'rollup', 'vite', 'webpack'].map(bundled),
    { name: 'key-damage', command: () => [node, here('package/damaged-keys.js')] },
    { name: 'wire', command: () => [node, here('wire/run.js')] },
    { name: 'tarball', command: () => [node, here('package/tarball.js')] },
    { name: 'types', command: () => [node, here('package/types.js')] },
  ];
}

function inNode(major) {
  const program = platformProgram(`node${major}`, 'node');
  const missing = program ? undefined : `npm has no node ${major} for this platform`;
  return [
    // One of each pair lives elsewhere: what says no zone is not local time.
    { name: `node${major}-esm`, runtime: 'node', missing, variables: { TZ: 'America/New_York' }, command: (env) => [program, runner('esm.js'), env] },
    { name: `node${major}-cjs`, runtime: 'node', missing, command: (env) => [program, runner('require.cjs'), env] },
  ];
}

/** The network is the only permission that the package needs. */
function inDeno() {
  return {
    name: 'deno',
    runtime: 'deno',
    variables: { DENO_NO_UPDATE_CHECK: '1' },
    command: (env) => [here('node_modules/.bin/deno'), 'run', '--allow-net=127.0.0.1', runner('esm.js'), env],
  };
}

function inWorkerd(name, build, bundler) {
  return {
    name,
    runtime: 'workerd',
    missing: withoutWorkerd(build),
    command: (env, folder) => [node, runner('workerd.js'), env, bundler, folder, workerd(build)],
  };
}

function betweenRequests(build) {
  return {
    name: `requests-${build}`,
    missing: withoutWorkerd(build),
    command: (_env, folder) => [node, runner('workerd-requests.js'), folder, workerd(build)],
  };
}

function workerd(build) {
  return platformProgram(`workerd-${build}`, 'workerd');
}

function withoutWorkerd(build) {
  return workerd(build) ? undefined : `npm has no workerd of ${build} for this platform`;
}

function inBrowser(browser) {
  const missing = missingFor(browser);
  const unstaged = existsSync(here('../target/www/index.html')) ? undefined : 'target/www was not staged';
  return [
    { name: browser, runtime: 'browser', missing, command: (env) => [node, runner('browser.js'), env, browser] },
    { name: `playground-${browser}`, missing: missing ?? unstaged, command: (env) => [node, runner('playground.js'), env, browser] },
  ];
}

function bundled(bundler) {
  return {
    name: `page-${bundler}`,
    runtime: 'browser',
    missing: missingFor('chromium'),
    command: (env, folder) => [node, here('package/bundle.js'), env, bundler, folder],
  };
}
