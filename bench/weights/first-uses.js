// What parts cost when they are used for the first time, in ratios of two times from one process: `plain`, to the first
// `getToken('oauth2', …)` with the wasm instantiated, and `second`, to the second use. Each is the median of processes
// that alternate.

import { fileURLToPath } from 'node:url';
import { execute } from '../../tests/execute.js';
import { median } from '../measure.js';

const PROCESSES = 9;
const LIMIT_MS = 30_000;
// Room for everything that a process allocates: a collection of garbage takes as long as a use, and would fall on any.
const ROOM = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

/** One of some seventy; what it says is what most of them say. */
export const OWN = 'genesys-cloud';
/** Instantiation is no part of a first use, so that it is told for itself. */
export const INSTANTIATION = 'instantiation';

/** By the id of one of these vendors, one of the names above or `createFetch`: `{ plain, second }`. */
export async function firstUses(project, vendors) {
  const times = new Map([...vendors, OWN, 'createFetch'].map((part) => [part, []]));
  for (let round = 0; round < PROCESSES; round += 1) {
    for (const [part, taken] of times) taken.push(await timesOf(part, project));
  }
  const all = [...times.values()].flat();
  const ratios = [...times].map(([part, taken]) => [part, ratiosOf(taken)]);
  return new Map([...ratios, [INSTANTIATION, { plain: median(all.map((one) => one.instantiation / one.plain)) }]]);
}

function ratiosOf(taken) {
  return {
    plain: median(taken.map(({ first, plain }) => first / plain)),
    second: median(taken.map(({ first, second }) => first / second)),
  };
}

async function timesOf(part, project) {
  const script = fileURLToPath(new URL('use.js', import.meta.url));
  const command = [process.execPath, ...ROOM, script, part, project];
  const { code, stdout, stderr } = await execute(command, { limitMs: LIMIT_MS });
  if (code !== 0) throw new Error(`${part}, used for the first time: ${code}\n${stderr}`);
  return JSON.parse(stdout);
}
