// A Worker of each subject in a workerd of its own, without anything in between that might not pass a reset on.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { platformProgram } from '../../tests/tools.js';

/** The newest build among the pinned ones. It knows every compatibility date up to its own. */
export const WORKERD = { program: platformProgram('workerd-2026-11', 'workerd'), date: '2026-11-17' };

/** `{ url, stop }`, or an error that says why workerd does not take it. */
export async function startWorker({ packageName, file }, project, tokenEndpoint) {
  const folder = await mkdtemp(path.join(tmpdir(), 'side-by-side-'));
  try {
    const modules = await bundle(folder, packageName, file, project);
    await writeFile(path.join(folder, 'config.capnp'), config(modules, tokenEndpoint));
    const { port, end } = await serve(path.join(folder, 'config.capnp'));
    return {
      url: `http://127.0.0.1:${port}/`,
      async stop() {
        await end();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function bundle(folder, packageName, file, project) {
  const contents = `
    import * as library from '${packageName}';
    import * as subject from './subjects/${path.basename(file)}';
    import { serve } from './worker.js';
    export default serve(library, subject);`;
  const { metafile } = await build({
    stdin: { contents, resolveDir: here('.'), sourcefile: 'main.js' },
    nodePaths: [`${project}/node_modules`],
    outfile: path.join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['cloudflare:*'],
    loader: { '.wasm': 'copy' },
    plugins: [nodeModules],
    metafile: true,
    logLevel: 'silent',
  });
  return Object.keys(metafile.outputs).map((output) => path.basename(output));
}

/** Node's own modules stay imports, also where CommonJS requires them, and with the prefix without which workerd has none. */
const nodeModules = {
  name: 'modules of node',
  setup({ onResolve, onLoad }) {
    const known = new Set(builtinModules);
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path: name, kind, namespace }) => {
      const bare = name.replace(/^node:/, '');
      if (!known.has(bare)) return undefined;
      const isImported = namespace === 'required' || kind === 'import-statement';
      return isImported ? { path: `node:${bare}`, external: true } : { path: bare, namespace: 'required' };
    });
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path: name }) => ({
      contents: `import it from 'node:${name}'; module.exports = it;`,
    }));
  },
};

function config(modules, tokenEndpoint) {
  const kinds = { '.js': 'esModule', '.wasm': 'wasm' };
  const embedded = modules
    .sort((a, b) => b.endsWith('.js') - a.endsWith('.js'))
    .map((name) => `(name = "${name}", ${kinds[path.extname(name)]} = embed "${name}")`);
  return `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = .worker),
        (name = "loopback", network = (allow = ["local"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );
    const worker :Workerd.Worker = (
      modules = [${embedded.join(', ')}],
      bindings = [(name = "TOKEN_ENDPOINT", text = "${tokenEndpoint}")],
      globalOutbound = "loopback",
      compatibilityDate = "${WORKERD.date}",
    );`;
}

/** Resolves when workerd listens. One that ends before that does not load the Worker, and has said why. */
async function serve(file) {
  if (WORKERD.program === undefined) throw new Error('there is no workerd in tests/node_modules for this platform');
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'];
  const child = spawn(WORKERD.program, ['serve', '--control-fd=3', file], { stdio, timeout: LIFE_MS, killSignal: 'SIGKILL' });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (told = `${told}${text}`.slice(0, SHOWN_CHARACTERS)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(told.trim())));
    child.stdio[3].setEncoding('utf8').on('data', (line) => resolve(JSON.parse(line).port));
  });
  return {
    port,
    end() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function here(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Longer than any use of it here. */
const LIFE_MS = 90_000;

/** The beginning of what workerd says, where the fault is. */
const SHOWN_CHARACTERS = 1_000;
