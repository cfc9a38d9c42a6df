// Checks that the README quotes the table of the last run: `node quoted.js` exits with 1 if not.

import { isQuoted } from './results.js';

if (!(await isQuoted())) {
  console.error('the README does not quote bench/RESULTS.md: run `cargo xtask bench`');
  process.exitCode = 1;
}
