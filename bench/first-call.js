// Prints how many milliseconds a fresh process takes from loading one subject to its first token:
// `node first-call.js tokenlet|msal|badgateway <project>`. The runtime's own `fetch` classes load
// lazily and for everyone alike, so they are loaded before the clock starts.

import * as subjects from './subjects.js';

const [name, project] = process.argv.slice(2);
const open = name === 'tokenlet' ? subjects.tokenlet(project) : subjects[name];
new Request('https://localhost/', { signal: new AbortController().signal });
await (await subjects.endpoint()).json();

const start = performance.now();
await open(subjects.endpoint);
console.log(performance.now() - start);
