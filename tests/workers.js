/** What the runs in workerd share: a Worker bundled as its users bundle it, and the modules that workerd is given then. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/** Bundles `worker` into `folder`. Plugins come before what is left to workerd. */
export function bundle(worker, folder, plugins = []) {
  return build({
    entryPoints: [worker],
    outdir: folder,
    bundle: true,
    format: 'esm',
    conditions: ['workerd'],
    external: ['cloudflare:*'],
    loader: { '.wasm': 'copy' },
    logLevel: 'warning',
    plugins,
  });
}

/**
 * What a bundler wrote into `folder`, beside maps and notes of its own: first the script, which is the Worker, then the wasm
 * that it imports as a module.
 */
export async function modules(folder) {
  const types = { '.js': 'esModule', '.wasm': 'wasm' };
  const names = (await readdir(folder)).filter((name) => path.extname(name) in types).sort(scriptFirst);
  return names.map((name) => ({ name, type: types[path.extname(name)], file: path.resolve(folder, name) }));
}

const scriptFirst = (one, other) => path.extname(one).localeCompare(path.extname(other));
