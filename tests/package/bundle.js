/**
 * A page whose bundler knows nothing of the package, in Chromium. The arguments are `env`, the bundler and a folder for
 * what it writes. Every bundler gets its input, its output and what it cannot do without: nothing that is about wasm.
 */
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withBrowser } from '../browsers.js';
import { runInPage } from '../consumer/page/drive.js';
import { startStatic } from '../servers/static.js';
import { version } from '../tools.js';

const [env, bundler, folder] = process.argv.slice(2);
const page = fileURLToPath(new URL('../consumer/page/', import.meta.url));
const entry = `${page}main.js`;

const bundlers = {
  async esbuild() {
    const { build } = await import('esbuild');
    const { warnings } = await build({ entryPoints: [entry], bundle: true, format: 'esm', outdir: folder });
    warnings.forEach(refuse);
  },
  async rollup() {
    const { rollup } = await import('rollup');
    const { nodeResolve } = await import('@rollup/plugin-node-resolve');
    const bundle = await rollup({ input: entry, plugins: [nodeResolve()], onwarn: refuse });
    await bundle.write({ dir: folder });
    await bundle.close();
  },
  async vite() {
    const { build, createLogger } = await import('vite');
    const customLogger = { ...createLogger('warn'), warn: refuse, warnOnce: refuse };
    await build({ root: page, configFile: false, customLogger, build: { outDir: folder, emptyOutDir: true } });
  },
  async webpack() {
    const { default: webpack } = await import('webpack');
    // Webpack warns of size, too, and here most of it is the suite's.
    const compiler = webpack({ mode: 'production', entry, output: { path: folder }, performance: { hints: false } });
    const stats = await new Promise((resolve, reject) => compiler.run((fault, done) => (fault ? reject(fault) : resolve(done))));
    await new Promise((closed) => compiler.close(closed));
    if (stats.hasErrors() || stats.hasWarnings()) refuse(stats.toString('errors-warnings'));
  },
};

/** Users would see the warning in every build of theirs. */
function refuse(warning) {
  throw new Error(warning.message ?? warning.text ?? warning);
}

await bundlers[bundler]();
// Vite makes the page part of the bundle; beside what the others write, the page finds its script as it is.
if (bundler !== 'vite') await copyFile(`${page}index.html`, path.join(folder, 'index.html'));

const server = await startStatic(folder);
try {
  const result = await withBrowser('chromium', (driver) => runInPage(driver, `${server.url}/`, JSON.parse(env)));
  const title = `${bundler} ${version(bundler)}, ${result.version}`;
  console.log(JSON.stringify({ ...result, version: title }));
} finally {
  await server.stop();
}
