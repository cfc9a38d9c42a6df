// What a token costs, in ratios: `node bench.js [--check] [--project <directory>]`.
//
// Prints a table, writes it to RESULTS.md and quotes it in the README. `--project` is where the
// package is installed; with `--check`, a row over its target makes the process exit with 1.
//
// The tolerance, all of it: while a row is over its target there are up to ATTEMPTS full runs, and
// the best of each row counts. A shared machine spoils a ratio now and then; code that is too slow
// is over its target in every run.

import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { publish } from './results.js';
import { prepare } from './rows.js';

const ATTEMPTS = 3;

const consumer = fileURLToPath(new URL('../tests/consumer', import.meta.url));
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    project: { type: 'string', default: consumer },
  },
});

const run = await prepare(options.project);
let rows = await run();
for (let attempt = 1; attempt < ATTEMPTS && rows.some(isOver); attempt += 1) {
  const again = await run();
  rows = rows.map((row, i) => (again[i].ratio < row.ratio ? again[i] : row));
}

const table = render(rows);
console.log(table);
await publish(table);
if (options.check && rows.some(isOver)) process.exitCode = 1;

function isOver({ ratio, target }) {
  return target !== null && ratio > target;
}

function render(rows) {
  return [
    '| Tokenlet | Against | Ratio | Target | Tokenlet took | The other took |',
    '|---|---|--:|---|--:|--:|',
    ...rows.map(renderRow),
    '',
    'Below 1, Tokenlet is faster. A ratio is the median of rounds that alternate in one process;',
    `the times are those of one run (Node ${process.versions.node}, ${cpus()[0].model.trim()}).`,
  ].join('\n');
}

function renderRow(row) {
  const ratio = row.ratio < 0.1 ? row.ratio.toPrecision(1) : row.ratio.toFixed(2);
  const limit = row.target === null ? '' : `≤ ${row.target.toFixed(1)}`;
  const target = isOver(row) ? `${limit}, **over**` : limit;
  const cells = [row.what, row.against, ratio, target, duration(row.ours), duration(row.theirs)];
  return `| ${cells.join(' | ')} |`;
}

function duration(nanoseconds) {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toFixed(1)} µs`;
  return `${(nanoseconds / 1e6).toFixed(1)} ms`;
}
