/**
 * What an editor offers in calls that are still being written, which no compiler sees: the answers of TypeScript's own language
 * server. `node completions.js [package directory]` asks about another package than the installed one.
 */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { argv, execPath, pid } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bin, version } from '../../tools.js';
import { check } from '../checks.js';

/** Named cases for {@link check}. Each links the package where the compilers of `run.js` look for it: never run both at once. */
export function completionCases(packageDirectory = CONSUMER) {
  return Object.fromEntries(FUNCTIONS.map((name) => [`types: an editor completes and explains a call of ${name}`, async () => {
    const declarations = readFileSync(join(packageDirectory, 'index.d.ts'), 'utf8');
    const questions = [...completions(name), hover(name, declarations)];
    const answers = await askEditor(packageDirectory, questions);
    assert.deepEqual(questions.flatMap((question, at) => faults(question, answers[at])), []);
  }]));
}

/** Where `|` stands, the completions are to have all of `wanted` and none of `foreign`. */
function completions(name) {
  const question = (given, wanted, foreign) => ({ method: 'textDocument/completion', code: `${name}(${given})`, wanted, foreign });
  const common = ['timeout', 'fetch'];
  const foreign = ['assertionClaims', 'accountId'];
  return [
    question("'|'", ['emporix', 'github-app', 'oauth2'], ['tenant']),
    question("'emporix', { | }", ['tenant', 'clientId', 'clientSecret', ...common], [...foreign, 'installation']),
    question("'emporix', { clientId: 'a', | }", ['tenant', 'clientSecret', ...common], [...foreign, 'installation', 'clientId']),
    question("'github-app', { | }", ['installation', 'privateKey', ...common], [...foreign, 'tenant']),
    question("{ id: 'a', | }, {}", ['request', 'extends', 'assertion', 'auth'], ['tenant']),
    question("{ id: 'a', request: { | } }, {}", ['url', 'query', 'body'], ['Promise']),
    question("'pingone', { tld: '|' }", ['com', 'ca', 'eu', 'com.au', 'sg', 'asia'], ['client_secret_post']),
  ];
}

/** Over its name, a right call is to show the first line of the overload's comment, all but the links in it. */
function hover(name, declarations) {
  const rest = name === 'invalidate' ? ", 'token'" : '';
  const code = `|${name}('emporix', { tenant: 'a', clientId: 'b', clientSecret: 'c' }${rest})`;
  const comment = new RegExp(`^/\\*\\*\\n \\* (.*)\\n(?: \\*.*\\n)+export function ${name}<`, 'm');
  const [, summary = 'a comment'] = declarations.match(comment) ?? [];
  return { method: 'textDocument/hover', code, wanted: summary.split(/\{@link \S+\}/), foreign: ['DescriptorConfig'] };
}

function faults({ code, wanted, foreign }, answer) {
  // To a client that does not ask for more, an optional field is told by its label alone.
  const told = answer?.contents?.value ?? (answer?.items ?? []).map(({ label }) => label.replace(/\?$/, ''));
  return [
    ...wanted.filter((each) => !told.includes(each)).map((each) => `${code} lacks ${each}`),
    ...foreign.filter((each) => told.includes(each)).map((each) => `${code} has ${each}`),
  ];
}

/** Opens the questions as lines of one file, and resolves to the answers. Nothing is left behind, whatever happens. */
async function askEditor(packageDirectory, questions) {
  const link = join(HERE, 'node_modules/tokenlet');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(resolve(packageDirectory), link, 'dir');
  // The file has to be there to be of the project. Its text has errors, and stays in the editor, where no compiler meets it.
  writeFileSync(FILE, 'export {};\n');
  const bounds = { stdio: ['pipe', 'pipe', 'inherit'], timeout: LIMIT_MS, killSignal: 'SIGKILL' };
  const server = spawn(execPath, [bin('typescript', 'tsc'), '--lsp', '--stdio'], bounds);
  const ending = once(server, 'exit').then(([code, signal]) => {
    throw new Error(`the language server ended with ${code ?? signal} before it had answered`);
  });
  try {
    return await Promise.race([converse(server, questions), ending]);
  } finally {
    server.kill('SIGKILL');
    rmSync(FILE, { force: true });
    rmSync(link, { force: true });
  }
}

async function converse(server, questions) {
  const { request, notify } = connect(server);
  const uri = pathToFileURL(FILE).href;
  const text = [IMPORT, ...questions.map(({ code }) => code.replace('|', '')), ''].join('\n');
  await request('initialize', { processId: pid, rootUri: pathToFileURL(HERE).href, capabilities: {} });
  notify('initialized', {});
  notify('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } });
  return Promise.all(questions.map(({ method, code }, at) => {
    return request(method, { textDocument: { uri }, position: { line: at + 1, character: code.indexOf('|') } });
  }));
}

/** The Language Server Protocol: messages of JSON-RPC, each behind a header with its length. */
function connect({ stdin, stdout }) {
  const waiting = [];
  let received = Buffer.alloc(0);
  const send = (message) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const heed = ({ id, method, result, error }) => {
    if (method === undefined) {
      waiting[id](error ? Promise.reject(new Error(error.message)) : result);
    } else if (id !== undefined) {
      // What the server asks of an editor may be declined.
      send({ id, result: null });
    }
  };
  stdout.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const start = received.indexOf('\r\n\r\n') + 4;
      const end = start + Number(/Content-Length: (\d+)/i.exec(received.subarray(0, start))?.[1]);
      if (start < 4 || received.length < end) return;
      const message = JSON.parse(received.subarray(start, end));
      received = received.subarray(end);
      heed(message);
    }
  });
  // A server that is gone is told of by its exit.
  stdin.on('error', () => {});
  return {
    request: (method, params) => new Promise((answer) => {
      send({ id: waiting.push(answer) - 1, method, params });
    }),
    notify: (method, params) => send({ method, params }),
  };
}

const HERE = dirname(fileURLToPath(import.meta.url));
const CONSUMER = resolve(HERE, '../../consumer/node_modules/tokenlet');
const FILE = join(HERE, 'completions.tmp.mts');
const FUNCTIONS = ['getToken', 'createClient', 'createFetch', 'previewRequest', 'invalidate'];
const IMPORT = `import { ${FUNCTIONS.join(', ')} } from 'tokenlet';`;

/** Generous: the answers take about a second. */
const LIMIT_MS = 30_000;

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  await check(`typescript ${version('typescript')}`, completionCases(argv[2]));
}
