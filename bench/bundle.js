// Bundles of the package as a user's bundler makes them: what is used is in them, and nothing else.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

/** Whatever the catalogue tells people comes with this one, and it is counted apart. */
export const FOR_PEOPLE = 'providers';

const WORKER = {
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*'],
  loader: { '.wasm': 'copy' },
};
const PAGE = { platform: 'browser' };

/** The names of everything that the package exports. */
export function exportsOf(project) {
  return Object.keys(createRequire(`${project}/`)('tokenlet'));
}

/** The Worker of `worker.js`, which uses `getToken`, and besides it these of the package's exports. */
export function worker(project, names = []) {
  return bundle(project, names, WORKER);
}

/** The same for a browser, where the wasm is in the JavaScript. */
export function page(project, names = []) {
  return bundle(project, names, PAGE);
}

/** What each other export adds to the JavaScript of a Worker that uses `getToken`: `[raw, gzipped, name]`. */
export async function additions(project) {
  const { js } = await worker(project);
  const names = exportsOf(project).filter((name) => name !== 'getToken');
  const lines = names.map(async (name) => {
    const more = await worker(project, [name]);
    return [more.js.length - js.length, gzipped(more.js) - gzipped(js), name];
  });
  return (await Promise.all(lines)).sort(([, a], [, b]) => b - a);
}

/** The files in a bundle, the largest first: `[raw, gzipped alone, name]`, of which `raw` is what is in the bundle. */
export async function scripts(inputs) {
  const files = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const lines = files.map(async ([file, { bytesInOutput }]) => {
    const { code } = await transform(await readFile(here(file)), { minify: true, format: 'esm' });
    return [bytesInOutput, gzipped(code), path.basename(file)];
  });
  return (await Promise.all(lines)).sort(([a], [b]) => b - a);
}

export function gzipped(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

async function bundle(project, names, settings) {
  const again = names.length > 0 ? `export { ${names.join(', ')} } from 'tokenlet';` : '';
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { default } from './worker.js';\n${again}`, resolveDir: here('.') },
    nodePaths: [`${project}/node_modules`],
    absWorkingDir: here('.'),
    outdir: here('dist'),
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    metafile: true,
    ...settings,
  });
  const output = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.contents;
  const { inputs } = metafile.outputs['dist/stdin.js'];
  return { wasm: output('.wasm'), js: output('.js'), inputs };
}

function here(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}
