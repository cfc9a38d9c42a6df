/**
 * Vercel's edge runtime: `worker.js` in the `edge-runtime` virtual machine. The argument is `env`.
 *
 * The host compiles what a function imports as `x.wasm?module` and hands the module over as a global, as Next.js does.
 * So the module comes from another realm, and inside, WebAssembly is refused from bytes, as Vercel refuses it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';
import { version } from '../../tools.js';

const modules = {};
const wasmModules = {
  name: 'wasm modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path: name, resolveDir }) => {
      return { path: path.join(resolveDir, name.replace('?module', '')), namespace: 'wasm' };
    });
    onLoad({ filter: /.*/, namespace: 'wasm' }, async ({ path: file }) => {
      const name = `wasm_${Object.keys(modules).length}`;
      modules[name] = await WebAssembly.compile(await readFile(file));
      return { contents: `export default ${name};` };
    });
  },
};

const { outputFiles: [bundle] } = await build({
  entryPoints: [fileURLToPath(new URL('worker.js', import.meta.url))],
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'worker',
  conditions: ['edge-light'],
  plugins: [wasmModules],
  logLevel: 'warning',
});
const edge = new EdgeVM({
  codeGeneration: { strings: false, wasm: false },
  extend: (context) => Object.assign(context, modules),
  initialCode: `${bundle.text}
    addEventListener('fetch', (event) => event.respondWith(worker.default.fetch(event.request)));`,
});
const answer = await edge.dispatchFetch('http://suite.test', { method: 'POST', body: process.argv[2] });
console.log(JSON.stringify({ version: `vm ${version('@edge-runtime/vm')}`, ...(await answer.json()) }));
