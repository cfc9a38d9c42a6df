/** `import` in Node, Deno and Bun, each resolving the package by its own conditions. The argument is `env`. */
import * as tokenlet from 'tokenlet';
import process from 'node:process';
import { run } from '../suite/index.js';

const { deno, bun, node } = process.versions;
const report = ({ outcome, name }) => console.error(outcome, name);
const result = await run(tokenlet, JSON.parse(process.argv[2]), report);
console.log(JSON.stringify({ version: deno ?? bun ?? node, ...result }));
