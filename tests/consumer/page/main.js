/** What a page, bundled or not, does with the package: it imports it. `drive.js` calls `runSuite`. */
import * as tokenlet from 'tokenlet';
import { run } from '../suite/index.js';

globalThis.runSuite = (env) => run(tokenlet, env);
document.documentElement.dataset.ready = 'true';
