/** What the runs in workerd share: a Worker bundled as its users bundle it, and the modules that workerd is given then. */
import { readdir, readFile } from 'node:fs/promises';
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

/** What a bundler wrote of `worker`, beside maps and notes of its own: a script, and the wasm that it imports as a module. */
export async function manifest(worker, folder) {
  const types = { '.js': 'esm', '.wasm': 'wasm' };
  const names = (await readdir(folder)).filter((name) => path.extname(name) in types);
  const read = async (name) => [name, { type: types[path.extname(name)], contents: await readFile(path.join(folder, name)) }];
  return { mainModule: path.basename(worker), modules: Object.fromEntries(await Promise.all(names.map(read))) };
}

/** Miniflare offline, and silent towards its maker and other instances. */
export const SECLUDED = { cf: false, enableDevRegistry: false, telemetry: { enabled: false } };
