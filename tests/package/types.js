/** The types as a user's compiler sees them. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { version } from '../tools.js';
import { check } from './checks.js';
import { completionCases } from './types/completions.js';
import { run } from './types/run.js';
import { otherDefaults } from './types/schema.js';

const published = (name) => readFileSync(new URL(`../consumer/node_modules/tokenlet/${name}`, import.meta.url), 'utf8');
const declarations = published('index.d.ts');
const cases = {
  'types: index.d.ts has no `any`': () => {
    const code = declarations.replace(/\/\*.*?\*\/|\/\/.*?$/gms, '');
    assert.deepEqual(code.match(/.*\bany\b.*/g) ?? [], []);
  },
  'types: the comments of a descriptor have the defaults of the schema': () => {
    assert.deepEqual(otherDefaults(JSON.parse(published('descriptor.schema.json')), declarations), []);
  },
  ...completionCases(),
};
// The compilers are done before the first case begins.
await check(`typescript ${version('typescript')}`, cases, await run());
