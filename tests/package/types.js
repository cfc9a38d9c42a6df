/** The types as a user's compiler sees them. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { version } from '../tools.js';
import { check } from './checks.js';
import { run } from './types/run.js';

const declarations = readFileSync(new URL('../consumer/node_modules/tokenlet/index.d.ts', import.meta.url), 'utf8');
const cases = {
  'types: index.d.ts has no `any`': () => {
    const code = declarations.replace(/\/\*.*?\*\/|\/\/.*?$/gms, '');
    assert.deepEqual(code.match(/.*\bany\b.*/g) ?? [], []);
  },
};
await check(`typescript ${version('typescript')}`, cases, await run());
