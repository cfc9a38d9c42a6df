// Prints what first uses take in a fresh process: `node use.js <part> <project>`, where a part is `createFetch` or what
// a sample of `tests/samples` describes. It is JSON, in milliseconds: `instantiation`, a call that is refused at once;
// `plain`, the first `getToken('oauth2', …)` after it; `first` and `second`, the uses of the part. The runtime's own
// `fetch` classes load lazily and for everyone alike, so they are loaded before the clock starts, and keys are made.

import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const PLAIN = 'oauth2';
const CREATE_FETCH = 'createFetch';
const API = 'https://api.example.com';

const [part, project] = process.argv.slice(2);
const { createFetch, getToken } = createRequire(`${project}/`)('tokenlet');
new Request(API, { signal: new AbortController().signal });
await new Response('{}').json();

const plainSample = await sampleOf(PLAIN);
const sample = part === CREATE_FETCH ? plainSample : await sampleOf(part);
let callers = 0;
let asked = 0;
const use = part === CREATE_FETCH ? carry : () => ask(sample);

const instantiation = await timed(() => getToken('', {}).catch(() => {}));
const plain = await timed(() => ask(plainSample));
// The plain call is itself the first use of what it uses.
const first = part === PLAIN ? plain : await timed(use);
const second = await timed(use);
if (asked !== callers) throw new Error(`${callers} callers made ${asked} requests for tokens`);
console.log(JSON.stringify({ instantiation, plain, first, second }));

async function sampleOf(name) {
  const text = await readFile(new URL(`../../tests/samples/${name}.json`, import.meta.url), 'utf8');
  // Twice, for a key that is JSON within JSON; any other then has its line breaks written out, which is as good.
  return JSON.parse(text.replace('<RS256>', () => escaped(escaped(newKey()))));
}

/** A key for those samples that leave it open. */
function newKey() {
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' };
  return generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding }).privateKey;
}

function escaped(string) {
  return JSON.stringify(string).slice(1, -1);
}

/** Asks for a token as another caller than those before, who would find theirs. */
function ask(sample) {
  callers += 1;
  return getToken(sample.provider, configOf(sample, callers));
}

/** Makes a `fetch`, and has it carry one request with the token of the plain call. */
function carry() {
  const options = { origins: [API], fetch: async () => new Response('') };
  return createFetch(PLAIN, configOf(plainSample, 1), options)(API);
}

/** The sample's config, with an endpoint that answers at once as the vendor's would. */
function configOf({ config, discovery, answer }, caller) {
  const fetch = async (url) => {
    if (url === discovery?.url) return answering(discovery.answer);
    asked += 1;
    return answering(answer);
  };
  return { ...config, fetch, partition: `${caller}` };
}

function answering({ status, headers, body }) {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
}

async function timed(call) {
  const start = performance.now();
  await call();
  return performance.now() - start;
}
