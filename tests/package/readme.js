/**
 * What the README repeats from elsewhere: the table of providers, and that of the last benchmark.
 *
 *     node tests/package/readme.js            rewrites the table of providers from src/catalogue
 *     node tests/package/readme.js --check    changes nothing, and exits 1 when either table differs from its source
 *
 * The benchmark writes its own table; here it is only compared.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fields, whole } from '../../pkg-template/fields.js';

const ROOT = new URL('../../', import.meta.url);
const README = new URL('README.md', ROOT);
const CATALOGUE = new URL('src/catalogue/', ROOT);
const RESULTS = new URL('bench/RESULTS.md', ROOT);
/** What a call shows although there may be a key in place of the secret. */
const CREDENTIALS = ['clientId', 'clientSecret'];
const OPTIONS = '#every-option';
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
  return whole(all).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function table(all) {
  const rows = all.map((each) => {
    const taken = fields(each);
    const called = taken.filter(({ name, required }) => required || (taken.some(isSecret) && CREDENTIALS.includes(name)));
    const optional = taken.filter((field) => !called.includes(field));
    const call = `getToken('${each.id}', { ${called.map(({ name }) => name).join(', ')} })`;
    // Where the client may prove itself in many ways, a table of its own says what its fields are.
    const more = taken.some(({ name }) => name === 'grant')
      ? `${optional.map(({ name }) => code(name)).join(', ')}: see [below](${OPTIONS})`
      : optional.map((field) => shown(field, each)).join(', ');
    return [`[${code(each.id)}](${each.docs})`, each.title, code(call), more];
  });
  const lines = [['Provider', 'What it is', 'Call', 'Optional'], Array(4).fill('---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

/** An optional field, and in brackets what it is when it is left out and what else it can be. */
function shown({ name, default: value, enum: choices }, { scope }) {
  const others = choices?.filter((choice) => choice !== value).map(code).join(', ');
  const after = name === 'scope' && scope?.append && `sent after ${code(scope.default.join(' '))}`;
  const note = [value !== null && code(value), others && (value === null ? others : `or ${others}`), after].filter(Boolean).join(', ');
  return note === '' ? code(name) : `${code(name)} (${note})`;
}

function isSecret({ name }) {
  return name === 'clientSecret';
}

function code(text) {
  return `\`${text}\``;
}
