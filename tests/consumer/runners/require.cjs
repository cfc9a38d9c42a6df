/** `require` in Node. The argument is `env`. */
const assert = require('node:assert');
const tokenlet = require('tokenlet');

async function main() {
  // Two instances would mean two caches, and twice the requests, in a process that mixes both module systems.
  const imported = await import('tokenlet');
  assert.strictEqual(imported.getToken, tokenlet.getToken, 'import and require give different instances');

  const { run } = await import('../suite/index.js');
  const report = ({ outcome, name }) => console.error(outcome, name);
  const result = await run(tokenlet, JSON.parse(process.argv[2]), report);
  console.log(JSON.stringify({ version: process.versions.node, ...result }));
}

main();
