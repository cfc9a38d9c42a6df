/** Opens the page at `url`, which has `main.js` in it, and runs the suite there. */
export async function runInPage(driver, url, env) {
  await driver.get(url);
  await driver.wait(async () => {
    const { ready, fault } = await driver.executeScript('return { ...document.documentElement.dataset };');
    if (fault !== undefined) throw new Error(`the page did not load: ${fault}`);
    return ready === 'true';
  }, LOAD_LIMIT_MS, 'the page did not load in time');
  return driver.executeAsyncScript(RUN_SUITE, env);
}

/** WebDriver's last argument is the callback; a rejection has to be handed over as a value. */
const RUN_SUITE = `
  const [env, done] = arguments;
  runSuite(env).then(done, (fault) => done({ passed: 0, failed: 1, failures: [{ name: 'suite', message: String(fault) }] }));`;

const LOAD_LIMIT_MS = 20_000;
