// What each part of the package costs: `node weights.js [--project <directory>] [--wasm <named.wasm>]`.
//
// Prints the tables and writes them to WEIGHTS.md. `--project` is where the package is installed; `--wasm` is its module
// with the name section still in it, which `cargo xtask bench` makes. What is printed is for information: nothing is held
// against a limit here, `size.js` does that. It takes about a minute.

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { additions, exportsOf, FOR_PEOPLE, scripts, worker } from './bundle.js';
import { weigh } from './weights/bytes.js';
import { firstUses, INSTANTIATION, OWN } from './weights/first-uses.js';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: here('../tests/consumer') },
    wasm: { type: 'string', default: here('../target/bindgen/named.wasm') },
  },
});

const project = path.resolve(options.project);
const { providers } = createRequire(`${project}/`)('tokenlet');
const vendors = (await providers()).map(({ id }) => id);
const weights = weigh(await readFile(options.wasm), vendors);
const shipped = await readFile(`${project}/node_modules/tokenlet/tokenlet.wasm`);
if (!shipped.equals(weights.bytes)) throw new Error(`${options.wasm} is not of the package in ${project}: run cargo xtask bench`);
const exported = await additions(project);
const everything = exportsOf(project).filter((name) => name !== FOR_PEOPLE);
const { inputs } = await worker(project, everything);
const files = await scripts(inputs);
const uses = await firstUses(project, vendors);

const page = render();
console.log(page);
await writeFile(here('WEIGHTS.md'), page);

function render() {
  const { catalogue, wholeCatalogue, language, wholeLanguage, others, wholeModule } = weights;
  return [
    '# What each part costs',
    '',
    'Measured and written by `node bench/weights.js`, in bytes. Gzipped, a part of the wasm weighs what leaving it out would save. A',
    'first use is told in ratios, medians of fresh processes: to the first `getToken(\'oauth2\', …)` of the same process, with the',
    'wasm instantiated already, and to the second use. Below 1, the first use takes less. Instantiating takes as long as',
    `${ratio(uses.get(INSTANTIATION).plain)} of those first calls (Node ${process.versions.node}, ${cpus()[0].model.trim()}).`,
    '',
    ...usedTable('The catalogue', [...catalogue, sum(catalogue), wholeCatalogue, [0, 0, OWN]]),
    `The last, \`${OWN}\`, is no built-in: it stands for a descriptor of one's own.`,
    '',
    ...table('The language', [...language, sum(language), wholeLanguage]),
    ...table('The rest of the wasm', [...others, wholeModule]),
    ...usedTable('What an export adds to `getToken`', exported),
    ...table(`The JavaScript of a Worker that uses all of it but \`${FOR_PEOPLE}\``, [...files, sum(files)]),
    'Of the JavaScript, what is gzipped is each file alone.',
    '',
  ].join('\n');
}

function table(heading, lines) {
  return [`| ${heading} | Raw | Gzipped |`, '|---|--:|--:|', ...lines.map(row), ''];
}

/** The same with first uses, which not every line needs to have. */
function usedTable(heading, lines) {
  const used = lines.map((line) => {
    const { plain, second } = uses.get(line.at(-1)) ?? {};
    return `${row(line)} ${ratio(plain)} | ${ratio(second)} |`;
  });
  return [`| ${heading} | Raw | Gzipped | First use ÷ plain | First ÷ second |`, '|---|--:|--:|--:|--:|', ...used, ''];
}

function row([raw, gzipped, name]) {
  return `| ${name} | ${raw} | ${gzipped} |`;
}

function sum(lines) {
  const add = (column) => lines.reduce((total, line) => total + line[column], 0);
  return [add(0), add(1), 'the sum of these'];
}

function ratio(number) {
  return number === undefined ? '' : number.toFixed(2);
}
