/**
 * Workers: `worker.js`, bundled by esbuild or by wrangler, in workerd. The arguments are `env`, the bundler and a folder
 * for what it writes. MINIFLARE_WORKERD_PATH chooses the build of workerd.
 */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { bin, version } from '../../tools.js';

const [env, bundler, folder] = process.argv.slice(2);
const worker = fileURLToPath(new URL('worker.js', import.meta.url));

const bundlers = {
  esbuild: () =>
    build({
      entryPoints: [worker],
      outdir: folder,
      bundle: true,
      format: 'esm',
      conditions: ['workerd'],
      external: ['cloudflare:*'],
      loader: { '.wasm': 'copy' },
      logLevel: 'warning',
    }),
  wrangler: () => {
    const options = ['--name=suite', `--compatibility-date=${COMPATIBILITY_DATE}`, '--dry-run', `--outdir=${folder}`];
    execFileSync(process.execPath, [bin('wrangler', 'wrangler'), 'deploy', worker, ...options], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
      // Metrics, and the banner, which looks for a newer version, would leave the loopback.
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', XDG_CONFIG_HOME: folder },
    });
  },
};

/** The latest that the oldest build among the runs knows, so that all of them are given the same. */
const COMPATIBILITY_DATE = '2026-07-01';

await bundlers[bundler]();
const manifest = { mainModule: 'worker.js', modules: await modules() };
const miniflare = new Miniflare({
  cf: false,
  enableDevRegistry: false,
  telemetry: { enabled: false },
  workers: [{ config: { name: 'suite', compatibilityDate: COMPATIBILITY_DATE, manifest } }],
});
try {
  const answer = await miniflare.dispatchFetch('http://suite.test', { method: 'POST', body: env });
  const told = await answer.text();
  if (!answer.ok) throw new Error(told);
  const workerd = execFileSync(process.env.MINIFLARE_WORKERD_PATH, ['--version'], { encoding: 'utf8' }).trim();
  const title = bundler === 'wrangler' ? `wrangler ${version('wrangler')}, ${workerd}` : workerd;
  console.log(JSON.stringify({ version: title, ...JSON.parse(told) }));
} finally {
  await miniflare.dispose();
}

/** What the bundler wrote, beside maps and notes of its own: a script, and the wasm that it imports as a module. */
async function modules() {
  const types = { '.js': 'esm', '.wasm': 'wasm' };
  const names = (await readdir(folder)).filter((name) => path.extname(name) in types);
  const read = async (name) => [name, { type: types[path.extname(name)], contents: await readFile(path.join(folder, name)) }];
  return Object.fromEntries(await Promise.all(names.map(read)));
}
