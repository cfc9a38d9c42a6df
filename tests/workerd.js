/**
 * workerd by itself: Workers on ports of 127.0.0.1. Builds of last year start like those of today, which no version of
 * miniflare does.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { modules } from './workers.js';

/**
 * Starts `program` with `workers`, each with the `folder` that it was bundled into, a `date` and `flags`. Resolves to their
 * `urls`, to `log()`, which is all that workerd had to say, and to `stop()`. `folder` is for what workerd is told.
 */
export async function startWorkerd(program, folder, workers) {
  const file = path.join(folder, 'config.capnp');
  const entries = workers.map((worker, index) => entry(worker, index, folder));
  await writeFile(file, configuration(await Promise.all(entries)));
  const child = spawn(program, ['serve', '--verbose', '--control-fd=3', file], { stdio: ['ignore', 'inherit', 'pipe', 'pipe'] });
  let notes = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    notes += text;
  });
  const ended = new Promise((resolve) => {
    child.once('error', (fault) => resolve(fault.message)).once('close', (code, signal) => resolve(code ?? signal));
  });
  const broken = ended.then((how) => {
    throw new Error(`workerd ended with ${how}: ${notes}`);
  });
  // It is told to end at last, and nobody waits for it by then.
  broken.catch(() => {});
  const stop = () => {
    child.kill('SIGKILL');
    return ended;
  };
  return { urls: await Promise.race([listening(child.stdio[3], workers.length), broken]), log: () => notes, stop };
}

/** The addresses of `count` sockets, which are named after their places in the list. */
async function listening(control, count) {
  const urls = [];
  for await (const line of createInterface(control)) {
    const { event, socket, port } = JSON.parse(line);
    if (event === 'listen') urls[socket] = `http://127.0.0.1:${port}`;
    if (Object.keys(urls).length === count) return urls;
  }
  // Closed too early: workerd has ended, and how it did tells more.
  return new Promise(() => {});
}

/** One Worker as https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp has it. Files are named as seen `from` there. */
async function entry({ folder, date, flags }, index, from) {
  const embedded = (await modules(folder)).map(({ name, type, file }) => {
    return `(name = ${quoted(name)}, ${type} = embed ${quoted(path.relative(from, file))})`;
  });
  const traits = [
    `modules = [${embedded.join(', ')}]`,
    `compatibilityDate = ${quoted(date)}`,
    `compatibilityFlags = [${flags.map(quoted).join(', ')}]`,
    'globalOutbound = "loopback"',
  ];
  return {
    service: `(name = "${index}", worker = (${traits.join(', ')}))`,
    socket: `(name = "${index}", address = "127.0.0.1:0", http = (), service = "${index}")`,
  };
}

function configuration(entries) {
  const services = ['(name = "loopback", network = (allow = ["local"]))', ...entries.map(({ service }) => service)];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.join(', ')}],
  sockets = [${entries.map(({ socket }) => socket).join(', ')}],
);
`;
}

/** Cap'n Proto quotes a text as JSON does. */
const quoted = JSON.stringify;
