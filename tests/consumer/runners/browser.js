/** A page that loads the package's own files, in a browser. The arguments are `env` and the browser. */
import { fileURLToPath } from 'node:url';
import { withBrowser } from '../../browsers.js';
import { startStatic } from '../../servers/static.js';
import { runInPage } from '../page/drive.js';

const [env, browser] = process.argv.slice(2);
const server = await startStatic(fileURLToPath(new URL('..', import.meta.url)));
try {
  const result = await withBrowser(browser, (driver) => runInPage(driver, `${server.url}/page/`, JSON.parse(env)));
  console.log(JSON.stringify(result));
} finally {
  await server.stop();
}
