/**
 * What the README repeats from elsewhere: the table of providers, and that of the last benchmark.
 *
 *     node tests/package/readme.js            rewrites the table of providers from src/catalogue
 *     node tests/package/readme.js --check    changes nothing, and exits 1 when either table differs from its source
 *
 * The benchmark writes its own table; here it is only compared.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fields } from '../../pkg-template/fields.js';

const ROOT = new URL('../../', import.meta.url);
const README = new URL('README.md', ROOT);
const CATALOGUE = new URL('src/catalogue/', ROOT);
const RESULTS = new URL('bench/RESULTS.md', ROOT);
const SECTION = /(?<=<!-- providers -->\n).*?(?=<!-- \/providers -->)/s;

const readme = readFileSync(README, 'utf8');
if (!SECTION.test(readme)) throw new Error('README.md has lost the markers of its provider table');
const written = readme.replace(SECTION, () => table(descriptors()));

if (!process.argv.includes('--check')) {
  writeFileSync(README, written);
} else if (written !== readme) {
  console.error('the provider table in README.md differs from src/catalogue: run `node tests/package/readme.js`');
  process.exitCode = 1;
}

// Before the first benchmark there is nothing to quote.
if (existsSync(RESULTS)) await import('../../bench/quoted.js');

function descriptors() {
  const read = (name) => JSON.parse(readFileSync(new URL(name, CATALOGUE), 'utf8'));
  const all = readdirSync(CATALOGUE).filter((name) => name.endsWith('.json')).map(read);
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function table(all) {
  const rows = all.map((each) => {
    const [required, optional] = [true, false].map((side) => fields(each).filter((field) => field.required === side));
    const call = `getToken('${each.id}', { ${required.map(({ name }) => name).join(', ')} })`;
    return [`[${code(each.id)}](${each.docs})`, each.title, code(call), optional.map((field) => shown(field, each)).join(', ')];
  });
  const lines = [['Provider', 'What it is', 'Call', 'Optional'], Array(4).fill('---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

/** An optional field, and in brackets what it is when it is left out and what else it can be. */
function shown({ name, default: value, enum: choices }, { scope }) {
  const others = choices?.filter((choice) => choice !== value).map(code).join(', ');
  const after = name === 'scope' && scope?.append && `sent after ${code(scope.default.join(' '))}`;
  const note = [value !== null && code(value), others && `or ${others}`, after].filter(Boolean).join(', ');
  return note === '' ? code(name) : `${code(name)} (${note})`;
}

function code(text) {
  return `\`${text}\``;
}
