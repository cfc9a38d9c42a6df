/** Where the pinned tools and runtimes of `package.json` are. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('node_modules/', import.meta.url));

/** The script behind a command of a package, to be run by a Node.js of choice: what `.bin` has would take the first on PATH. */
export function bin(name, command) {
  return path.join(modules, name, manifest(name).bin[command]);
}

export function version(name) {
  return manifest(name).version;
}

/**
 * A program that npm has under one name a platform, as in `node24-linux-x64`; undefined where there is none for this one.
 * The package `node` would choose by itself, but in a script that installs what no lock file has seen.
 */
export function platformProgram(name, program) {
  const file = `${modules}${name}-${platform}-${arch}/bin/${program}`;
  return existsSync(file) ? file : undefined;
}

function manifest(name) {
  return JSON.parse(readFileSync(`${modules}${name}/package.json`, 'utf8'));
}
