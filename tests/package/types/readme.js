/** The examples of the README, as a module for the compiler: what they call and pass is held against the types. */

/** What examples stand on: earlier ones, and what their reader has. */
const GIVEN = `
declare const environment: Environment;
declare const request: Request;
declare const client: { tokenEndpoint: string; clientId: string };
declare const clientId: string;
declare const clientSecret: string;
declare const url: string;
`;

/** What later examples take up. */
const SHARED = /^const (?:credentials|acme) = \{.*?^\};$/gms;

/** One function for each example, so that each has names of its own; those that later ones take up are shared. */
export function readmeTest(readme) {
  const blocks = [...readme.matchAll(/^( *)```js\n(.*?)^ *```$/gms)].map(([, indent, code]) => code.replaceAll(`\n${indent}`, '\n').trimStart());
  const all = blocks.join('\n');
  return [
    "import { TokenError, createClient, createFetch, getToken, onEvent, previewRequest } from 'tokenlet';",
    "import type { ProviderConfig, ProviderDescriptor } from 'tokenlet';",
    ...new Set(all.match(/^import .* from '(?!tokenlet).*$/gm)),
    ...environment(all),
    GIVEN,
    ...all.match(SHARED).map(typed),
    ...blocks.map(exampleOf),
    '',
  ].join('\n');
}

/** What examples take from their environment: texts, and the binding of a certificate. */
function environment(all) {
  const names = new Set(all.match(/\b[A-Z]+(?:_[A-Z]+)*\b(?=[,;:) }\n.])/g));
  const typeOf = (name) => (name === 'CERTIFICATE' ? '{ fetch: typeof fetch }' : 'string');
  return ['interface Environment {', ...[...names].map((name) => `  readonly ${name}: ${typeOf(name)};`), '}'];
}

function exampleOf(code, at) {
  const own = code.replace(/^import .*$/gm, '').replace(SHARED, '').replace('export default {', 'return {');
  return `export async function example${at + 1}() {\n${typed(own)}\n}`;
}

/** JavaScript as a user of TypeScript would have to write it. */
function typed(code) {
  return code
    .replaceAll('process.env', 'environment')
    .replaceAll('fetch(request, env)', 'fetch(request: Request, env: Environment)')
    .replace(/^const (acme|next|ghost) = (\{.*?\});$/gms, 'const $1 = $2 satisfies ProviderDescriptor;')
    .replace(/^(const credentials = \{.*?^\});$/gms, "$1 satisfies ProviderConfig['oauth2'];")
    // The types of undici and those of Node's own are not always of one version.
    .replace(/\(input, init\) => (.*);/, '(input: string | URL | Request, init?: object) => $1 as unknown as Promise<Response>;');
}
