/** Checks of named things: each passes, or throws what is wrong. They are told as the suite tells its cases. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const NONE = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** Prints the outcome of `cases` (name → function), added to that of others before them. */
export async function check(version, cases, before = NONE) {
  let { passed, failed, skipped } = before;
  const failures = [...before.failures];
  for (const [name, body] of Object.entries(cases)) {
    try {
      await body();
      passed += 1;
    } catch (thrown) {
      failed += 1;
      failures.push({ name, message: thrown.message });
    }
  }
  console.log(JSON.stringify({ version, passed, failed, skipped, failures }));
}

/** What a script of Node.js prints; where it fails, that is the message. */
export async function printed(script, ...args) {
  try {
    return (await promisify(execFile)(process.execPath, [script, ...args])).stdout;
  } catch ({ stdout, stderr }) {
    throw new Error(`${stdout}${stderr}`.trim());
  }
}
