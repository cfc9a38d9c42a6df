// Tokenlet beside its peers where things go wrong: `node side-by-side.js [--project <directory>]`.
//
// Prints the tables and writes them to SIDE-BY-SIDE.md. `--project` is where the package is installed; the peers are those of
// package.json. Nothing leaves the machine, and every call has a limit: it takes about two minutes, most of them spent waiting.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { herd } from './side-by-side/herd.js';
import { hostile } from './side-by-side/hostile.js';
import { leader } from './side-by-side/leader.js';
import { outage } from './side-by-side/outage.js';
import { rejected } from './side-by-side/rejected.js';
import { render } from './side-by-side/render.js';
import { loadSubjects } from './side-by-side/subjects.js';

const { values: options } = parseArgs({
  options: {
    project: { type: 'string', default: fileURLToPath(new URL('../tests/consumer', import.meta.url)) },
  },
});

const project = path.resolve(options.project);
const subjects = await loadSubjects(project);
const scenarios = [];
// One after the other: what one costs is not to slow the next.
for (const play of [hostile, herd, outage, leader, rejected]) scenarios.push(await play(subjects, project));

const page = render(subjects, scenarios);
console.log(page);
await writeFile(new URL('SIDE-BY-SIDE.md', import.meta.url), `${page}\n`);
