// What users of the package ship: `node size.js [--project <directory>]`.
//
// Bundles a Worker and a page that use `getToken`, and the same with everything that the package exports, and prints what
// is in them, in bytes, raw and gzipped. Then it prints what each export adds. Exits with 1 when the wasm and all
// JavaScript of either Worker are over the limit; `providers()`, which is for tools and documentation, is not counted.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { additions, exportsOf, FOR_PEOPLE, gzipped, page, scripts, worker } from './bundle.js';

const LIMIT = 80 * 1024;

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const { values: options } = parseArgs({
  options: { project: { type: 'string', default: here('../tests/consumer') } },
});

const project = path.resolve(options.project);
const everything = exportsOf(project).filter((name) => name !== FOR_PEOPLE);
const least = await worker(project);
const most = await worker(project, everything);
const all = await worker(project, [...everything, FOR_PEOPLE]);
const pages = [await page(project), await page(project, everything)];

await printWorker(least, 'in a bundled Worker that uses getToken');
await printWorker(most, `in one that uses everything but ${FOR_PEOPLE}()`, [
  [all.js.length - most.js.length, gzipped(all.js) - gzipped(most.js), `${FOR_PEOPLE}() and its texts, besides`],
]);
print(
  ['raw', 'gzip -9', 'in a page, the wasm inlined'],
  pages.map(({ js }, i) => [js.length, gzipped(js), ['getToken', `everything but ${FOR_PEOPLE}()`][i]]),
);
print(['raw', 'gzip -9', 'what an export adds to getToken'], await additions(project));

judge(least, 'the Worker that uses getToken');
judge(most, `the Worker that uses everything but ${FOR_PEOPLE}()`);

async function printWorker(bundled, heading, besides = []) {
  const { wasm, js, inputs } = bundled;
  print(
    ['raw', 'gzip -9', heading],
    [
      [wasm.length, gzipped(wasm), 'wasm'],
      [js.length, gzipped(js), 'all JavaScript, of which'],
      ...(await scripts(inputs)).map(([raw, alone, name]) => [raw, alone, `  ${name} (gzipped alone)`]),
      [wasm.length + js.length, download(bundled), `together; the limit is ${LIMIT}`],
      ...besides,
    ],
  );
}

function judge(bundled, what) {
  const over = download(bundled) - LIMIT;
  if (over <= 0) return;
  console.error(`${what} is ${over} bytes over its limit of ${LIMIT}`);
  process.exitCode = 1;
}

function download({ wasm, js }) {
  return gzipped(wasm) + gzipped(js);
}

/** Prints a table whose last column is text and whose others are numbers. */
function print(heading, lines) {
  for (const line of [heading, ...lines]) {
    const numbers = line.slice(0, -1).map((cell) => String(cell).padStart(9));
    console.log([...numbers, line.at(-1)].join('  '));
  }
  console.log();
}
