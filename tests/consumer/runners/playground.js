/** The page of `www/`, as it was staged with the package, in a browser. The arguments are `env` and the browser. */
import { fileURLToPath } from 'node:url';
import { By, until } from 'selenium-webdriver';
import { withBrowser } from '../../browsers.js';
import { startStatic } from '../../servers/static.js';
import { drive } from '../suite/page.js';

const [, browser] = process.argv.slice(2);
const server = await startStatic(fileURLToPath(new URL('../../../target/www', import.meta.url)));
try {
  const result = await withBrowser(browser, (driver) => drive(driver, { By, until }, `${server.url}/`));
  console.log(JSON.stringify(result));
} finally {
  await server.stop();
}
