/**
 * What the README repeats from elsewhere: the table of providers, and that of the last benchmark.
 *
 *     node tests/package/readme.js            rewrites the table of providers from src/catalogue
 *     node tests/package/readme.js --check    changes nothing, and exits 1 when either table differs from its source
 *
 * The benchmark writes its own table; here it is only compared.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const README = new URL('README.md', ROOT);
const CATALOGUE = new URL('src/catalogue/', ROOT);
const RESULTS = new URL('bench/RESULTS.md', ROOT);
const SECTION = /(?<=<!-- providers -->\n).*?(?=<!-- \/providers -->)/s;

/** These methods prove who the client is by other means than a shared secret. */
const WITHOUT_SECRET = ['private_key_jwt', 'tls_client_auth', 'none'];

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
    const fields = fieldsOf(each);
    const list = (required) => fields.filter((field) => field.required === required).map(shown).join(', ');
    return [code(each.id), each.title, list(true), list(false), `[page](${each.docs})`];
  });
  const lines = [['Provider', 'What it is', 'Required', 'Optional', 'Documentation'], Array(5).fill('---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('');
}

/** What the config takes besides the common fields, and those of them that this provider demands or gives a default. */
function fieldsOf({ params = {}, auth = {}, request = {}, scope = {} }) {
  const fields = Object.entries(params).map(([name, { required = true, default: value, enum: choices }]) => {
    const others = choices?.filter((choice) => choice !== value).map(code).join(', ');
    return { name, required: required && value === undefined, note: [value && code(value), others && `or ${others}`] };
  });
  if (request.url?.includes('{tokenEndpoint}')) fields.push({ name: 'tokenEndpoint', required: true });
  if (!WITHOUT_SECRET.includes(auth.method)) fields.push({ name: 'clientId', required: true }, { name: 'clientSecret', required: true });
  if (!scope.fixed) fields.push({ name: 'scope', required: scope.required === true, note: [scopeNote(scope)] });
  return fields;
}

function scopeNote({ append, default: scopes = [] }) {
  const text = scopes.length > 0 && code(scopes.join(' '));
  return append && text ? `sent after ${text}` : text;
}

function shown({ name, note = [] }) {
  const text = note.filter(Boolean).join(', ');
  return text === '' ? code(name) : `${code(name)} (${text})`;
}

function code(text) {
  return `\`${text}\``;
}
