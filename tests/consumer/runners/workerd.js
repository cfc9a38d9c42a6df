/**
 * Workers: `worker.js`, bundled by esbuild or by wrangler, in workerd. The arguments are `env`, the bundler and a folder
 * for what it writes. MINIFLARE_WORKERD_PATH chooses the build of workerd.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { bin, version } from '../../tools.js';
import { bundle, manifest, SECLUDED } from '../../workers.js';

const [env, bundler, folder] = process.argv.slice(2);
const worker = fileURLToPath(new URL('worker.js', import.meta.url));

const bundlers = {
  esbuild: () => bundle(worker, folder),
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
const config = { name: 'suite', compatibilityDate: COMPATIBILITY_DATE, manifest: await manifest(worker, folder) };
const miniflare = new Miniflare({ ...SECLUDED, workers: [{ config }] });
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
