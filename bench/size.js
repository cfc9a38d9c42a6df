// What users of the package ship: `node size.js [--project <directory>] [--wasm <named.wasm>]`.
//
// Bundles a minimal Worker and a minimal page and prints what is in them, in bytes, raw and
// gzipped. Exits with 1 when the wasm and all JavaScript of the Worker are over the limit. With
// `--wasm`, an output of wasm-bindgen or wasm-opt that still has its name section, it prints by
// crate and module what the wasm is made of instead.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { partsOf } from './wasm-parts.js';

const LIMIT = 60 * 1024;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: here('../tests/consumer') },
    wasm: { type: 'string' },
  },
});

if (options.wasm === undefined) await printBundles();
else print(['bytes', 'part of the wasm'], partsOf(await readFile(options.wasm)));

async function printBundles() {
  const worker = await bundle({
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    loader: { '.wasm': 'copy' },
  });
  const page = await bundle({ platform: 'browser' });
  const total = gzipped(worker.wasm) + gzipped(worker.js);

  print(
    ['raw', 'gzip -9', 'in a bundled Worker'],
    [
      [worker.wasm.length, gzipped(worker.wasm), 'wasm'],
      [worker.js.length, gzipped(worker.js), 'all JavaScript, of which'],
      ...(await scripts(worker.inputs)),
      [worker.wasm.length + worker.js.length, total, `together; the limit is ${LIMIT}`],
    ],
  );
  print(
    ['raw', 'gzip -9', 'in a page, the wasm inlined'],
    [[page.js.length, gzipped(page.js), 'all JavaScript']],
  );
  if (total > LIMIT) {
    console.error(`the bundled Worker is ${total - LIMIT} bytes over its limit`);
    process.exitCode = 1;
  }
}

async function bundle(settings) {
  const { outputFiles, metafile } = await build({
    entryPoints: [here('worker.js')],
    nodePaths: [`${options.project}/node_modules`],
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
  const { inputs } = metafile.outputs['dist/worker.js'];
  return { wasm: output('.wasm'), js: output('.js'), inputs };
}

/** One line a file: its bytes in the bundle, and what it would be gzipped alone. */
async function scripts(inputs) {
  const lines = Object.entries(inputs).map(async ([path, { bytesInOutput }]) => {
    const source = await readFile(here(path));
    const { code } = await transform(source, { minify: true, format: 'esm' });
    return [bytesInOutput, gzipped(code), `  ${basename(path)} (gzipped alone)`];
  });
  return (await Promise.all(lines)).sort(([a], [b]) => b - a);
}

function gzipped(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

/** Prints a table whose last column is text and whose others are numbers. */
function print(heading, lines) {
  for (const line of [heading, ...lines]) {
    const numbers = line.slice(0, -1).map((cell) => String(cell).padStart(9));
    console.log([...numbers, line.at(-1)].join('  '));
  }
  console.log();
}
