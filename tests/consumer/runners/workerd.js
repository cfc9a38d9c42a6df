/**
 * Workers: `worker.js`, bundled by esbuild or by wrangler, in workerd. The arguments are `env`, the bundler, a folder for
 * what it writes, and the program.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bin, version } from '../../tools.js';
import { startWorkerd } from '../../workerd.js';
import { bundle } from '../../workers.js';

const [env, bundler, folder, program] = process.argv.slice(2);
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
const COMPATIBILITY_DATE = '2025-10-01';

await bundlers[bundler]();
const workerd = await startWorkerd(program, folder, [{ folder, date: COMPATIBILITY_DATE, flags: [] }]);
try {
  const answer = await fetch(workerd.urls[0], { method: 'POST', body: env });
  const told = await answer.text();
  if (!answer.ok) throw new Error(`${told}${workerd.log()}`);
  const build = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  const title = bundler === 'wrangler' ? `wrangler ${version('wrangler')}, ${build}` : build;
  console.log(JSON.stringify({ version: title, ...JSON.parse(told) }));
} finally {
  await workerd.stop();
}
