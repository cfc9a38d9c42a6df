// Writes the part of `index.d.ts` that says what each built-in provider takes, from the descriptors in `src/catalogue`.
//
//     node pkg-template/generate-types.js            rewrites the section between the markers
//     node pkg-template/generate-types.js --check    changes nothing, and exits 1 when the section differs
//
// A descriptor's `help`, `default`, `enum`, `required` and `kind` become the field's documentation and type, so that what an
// editor shows and what the core enforces have one source. This file is not published.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fields, whole } from './fields.js';

const CATALOGUE = new URL('../src/catalogue/', import.meta.url);
const TYPES = new URL('./index.d.ts', import.meta.url);
const SECTION = /^\/\/ <generated: provider configs>\n[^]*?^\/\/ <\/generated>$/m;
const WIDTH = 120;

/** What those who write code should know of a field besides its help. */
const REMARKS = {
  baseUrl: ' Refused together with `tokenEndpoint`.',
  scope: ' An array does as well; order and repeats do not change which token is cached.',
};

const files = readdirSync(CATALOGUE).filter((name) => name.endsWith('.json')).sort(byName);
const descriptors = whole(files.map((name) => JSON.parse(readFileSync(new URL(name, CATALOGUE), 'utf8'))));

const before = readFileSync(TYPES, 'utf8');
if (!SECTION.test(before)) throw new Error('index.d.ts has lost the markers of its generated section');
const after = before.replace(SECTION, () => section(descriptors));

if (!process.argv.includes('--check')) {
  writeFileSync(TYPES, after);
} else if (after !== before) {
  console.error('index.d.ts differs from src/catalogue: run `node pkg-template/generate-types.js`');
  process.exitCode = 1;
}

function section(all) {
  const map = all.map((each) => [...comment([`${each.title}.`], '  '), `  ${key(each.id)}: ${configName(each.id)};`].join('\n'));
  return [
    '// <generated: provider configs>',
    '// Written by generate-types.js from src/catalogue/*.json: change those and run it again.',
    '',
    '/** What each built-in provider takes: the key is the provider\'s name, the value its config. */',
    'export interface ProviderConfig {',
    map.join('\n'),
    '}',
    '',
    ...all.map(configInterface),
    '// </generated>',
  ].join('\n');
}

function configInterface(descriptor) {
  const about = [`Config of \`${descriptor.id}\`: ${descriptor.title}.`];
  if (descriptor.verified) about.push(descriptor.verified);
  if (descriptor.docs) about.push(`@see ${descriptor.docs}`);
  return [
    ...comment(about, ''),
    `export interface ${configName(descriptor.id)} extends CommonConfig {`,
    ...fields(descriptor).map(declaration),
    ...additions(descriptor),
    ...refusals(descriptor),
    '}',
    '',
  ].join('\n');
}

function declaration(field) {
  const { name, required, help, default: byDefault } = field;
  const type = fieldType(field);
  const lines = [`${help}${REMARKS[name] ?? ''}`];
  if (byDefault !== null) lines.push(`@defaultValue \`${type === 'number' ? byDefault : quoted(byDefault)}\``);
  return [...comment(lines, '  '), `  ${key(name)}${required ? '' : '?'}: ${type};`].join('\n');
}

function fieldType({ name, enum: values, kind }) {
  if (name === 'clientSecret') return 'ClientSecret';
  if (name === 'scope') return 'string | readonly string[]';
  if (values) return values.map(quoted).join(' | ');
  if (kind === 'key') return 'PrivateKey';
  return kind === 'int' ? 'number' : 'string';
}

/** What is no field of a form: claims for the grant that takes them. */
function additions(descriptor) {
  if (!fields(descriptor).some(({ name }) => name === 'grant')) return [];
  const about = 'Claims of the assertion that asks for the token (RFC 7523, section 3), with the grant `jwt_bearer` alone. They add to '
    + 'what is there by itself, or replace it: `iss` and `sub`, the client id; `aud`, as `assertionAudience` says; `iat`, `exp` and `jti`.';
  return [...comment([about], '  '), '  assertionClaims?: AssertionClaims;'];
}

/** The common fields that this provider refuses. */
function refusals(descriptor) {
  const takes = (name) => fields(descriptor).some((field) => field.name === name);
  const refused = [];
  if (!takes('clientSecret')) refused.push('  /** Not used by this provider. */', '  clientSecret?: never;');
  if (descriptor.scope?.fixed) refused.push('  /** Fixed by this provider. */', '  scope?: never;');
  return refused;
}

/** A TSDoc comment: one line when it fits, otherwise each part as a paragraph of its own, tags last. */
function comment(parts, indent) {
  const safe = parts.map(escaped);
  const oneLine = `${indent}/** ${safe[0]} */`;
  if (safe.length === 1 && oneLine.length <= WIDTH) return [oneLine];
  const text = safe.filter((part) => !part.startsWith('@'));
  const tags = safe.filter((part) => part.startsWith('@'));
  const paragraphs = [...text.map((part) => wrap(part, indent)), tags].filter((part) => part.length > 0);
  const lines = paragraphs.flatMap((part, index) => (index === 0 ? part : ['', ...part]));
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** TSDoc reads a brace outside of code as the start of a tag. */
function escaped(text) {
  const outsideOfCode = (part, index) => (index % 2 === 0 ? part.replace(/[{}]/g, '\\$&') : part);
  return text.replaceAll('*/', '*\\/').split('`').map(outsideOfCode).join('`');
}

function wrap(text, indent) {
  const room = WIDTH - indent.length - ' * '.length;
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** `firstvision-query` becomes `FirstvisionQueryConfig`. */
function configName(id) {
  return `${id.split(/[^a-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Config`;
}

function key(name) {
  return /^[a-zA-Z_$][\w$]*$/.test(name) ? name : quoted(name);
}

function quoted(text) {
  return `'${String(text).replace(/[\\']/g, '\\$&')}'`;
}

/** File names are compared without their extension, so that `firstvision` comes before `firstvision-query`. */
function byName(a, b) {
  const [left, right] = [a, b].map((name) => name.slice(0, -'.json'.length));
  return left < right ? -1 : Number(left > right);
}
