// Drives the page in `www/` as a person would, with selenium-webdriver.
//
// The page stands for the browser's use of the package without a bundler: an import map, the inlined entry, and a
// content security policy that forbids every connection.

/** What each simulated vendor answers to a wrong secret: the code of the error, and the status. */
const REFUSALS = {
  abtasty: ['http', '400'],
  emporix: ['oauth', '401'],
  firstvision: ['oauth', '401'],
  'firstvision-query': ['oauth', '401'],
  oauth2: ['oauth', '401'],
};

const READY_MS = 15_000;
const SETTLE_MS = 10_000;

/**
 * @param driver A session of selenium-webdriver.
 * @param tools `By` and `until` of the same selenium-webdriver.
 * @param url Where the staged page is served.
 * @returns `{ passed, failed, skipped, failures: [{ name, message }] }`
 */
export async function drive(driver, { By, until }, url) {
  const page = new Page(driver, By, until);
  const report = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const check = async (name, scenario) => {
    try {
      await scenario();
      report.passed += 1;
    } catch (error) {
      report.failed += 1;
      report.failures.push({ name: `page: ${name}`, message: String(error?.message ?? error) });
    }
  };

  await driver.get(url);
  await check('loads the package and is ready', () => page.ready());
  // Without the package nothing else can be tried, and each scenario would wait in vain.
  if (report.failed > 0) return report;

  await check('lists the vendors', async () => equal(await page.vendors(), Object.keys(REFUSALS)));
  await check('shows a fault in the config at its field', () => faultAtField(page));
  for (const vendor of Object.keys(REFUSALS)) {
    await check(`${vendor}: two calls make one request`, () => twoCalls(page, vendor));
    await check(`${vendor}: no secret is shown`, () => noSecret(page, vendor));
    await check(`${vendor}: a hundred calls at once make one request`, () => hundredCalls(page, vendor));
    await check(`${vendor}: an invalidated token is asked for anew`, () => invalidated(page, vendor));
    await check(`${vendor}: a wrong secret shows the refusal`, () => wrongSecret(page, vendor));
  }
  await check('has run into no error of its own', async () => equal(await page.faults(), []));
  return report;
}

async function faultAtField(page) {
  await page.choose('emporix');
  const [tenant, fault] = [await page.find('#field-tenant'), await page.find('#field-tenant-fault')];
  await tenant.sendKeys(' x');
  await page.wait(async () => (await fault.getText()).includes('tenant'), 'the fault at the field');
  equal(await tenant.getAttribute('aria-invalid'), 'true');
  await tenant.clear();
  await tenant.sendKeys('acme');
  await page.wait(async () => !(await fault.isDisplayed()), 'the end of the fault');
}

async function twoCalls(page, vendor) {
  await page.choose(vendor);
  await page.press('get', 1);
  await page.press('get', 1);
  equal(await page.counts(), { calls: 2, requests: 1 });
  equal(await page.attribute('#token', 'data-state'), 'fresh');
}

async function noSecret(page, vendor) {
  await page.choose(vendor);
  const [id, secret] = [await page.value('#field-clientId'), await page.value('#field-clientSecret')];
  equal(await page.attribute('#field-clientSecret', 'type'), 'password');
  const [preview, shown] = [await page.text('#request'), await page.text('#bench')];
  if (!/^POST https:/.test(preview)) throw new Error(`the preview is no request: ${preview}`);
  for (const spelling of spellings(id, secret)) {
    if (shown.includes(spelling)) throw new Error(`the page shows the secret as ${spelling}`);
  }
}

async function hundredCalls(page, vendor) {
  await page.choose(vendor);
  await page.press('clear', 0);
  const before = await page.counts();
  await page.press('hundred', 100);
  equal(await page.counts(), { calls: before.calls + 100, requests: before.requests + 1 });
}

async function invalidated(page, vendor) {
  await page.choose(vendor);
  await page.press('get', 1);
  const before = await page.counts();
  await page.press('invalidate', 0);
  equal(await page.attribute('#token', 'data-state'), 'dropped');
  await page.press('get', 1);
  equal(await page.counts(), { calls: before.calls + 1, requests: before.requests + 1 });
  equal(await page.attribute('#token', 'data-state'), 'fresh');
}

async function wrongSecret(page, vendor) {
  await page.choose(vendor);
  await page.press('wrong', 1);
  equal([await page.text('#failure h3'), await page.field('code'), await page.field('status')], ['TokenError', ...REFUSALS[vendor]]);
  equal([await page.field('retryable'), await page.field('attempts')], ['false', '1']);
  const message = await page.text('#failure .message');
  if (message === '' || message.includes('not the secret')) throw new Error(`the message is "${message}"`);
  await page.press('get', 1);
  equal(await (await page.find('#failure')).isDisplayed(), false);
}

class Page {
  constructor(driver, By, until) {
    Object.assign(this, { driver, By, until });
  }

  find = (selector) => this.driver.findElement(this.By.css(selector));
  text = async (selector) => (await this.find(selector)).getText();
  value = async (selector) => (await this.find(selector)).getProperty('value');
  attribute = async (selector, name) => (await this.find(selector)).getAttribute(name);
  field = (name) => this.text(`#failure [data-field="${name}"] dd`);
  wait = (condition, what) => this.driver.wait(condition, SETTLE_MS, `waited in vain for ${what}`);

  async ready() {
    const root = await this.driver.wait(this.until.elementLocated(this.By.css('html[data-ready], html[data-error]')), READY_MS, 'neither ready nor failed');
    equal(await root.getAttribute('data-error'), null);
  }

  async vendors() {
    const choices = await this.driver.findElements(this.By.css('#vendors input'));
    return Promise.all(choices.map((choice) => choice.getProperty('value')));
  }

  /** Chooses a vendor that grants its usual lifetime, so that no token ages while a slow machine looks at it. */
  async choose(vendor) {
    await (await this.find(`#vendors label:has([value="${vendor}"])`)).click();
    await (await this.find('#lifetime option[value="usual"]')).click();
    await this.wait(async () => (await this.text('#snippet')).includes(`'${vendor}'`), `the form of ${vendor}`);
  }

  /** Presses a button and waits until the calls it makes are counted and settled. */
  async press(action, calls) {
    const before = await this.counts();
    await (await this.find(`[data-action="${action}"]`)).click();
    const settled = async () => (await this.counts()).calls === before.calls + calls && (await this.attribute('#outcome', 'aria-busy')) === 'false';
    await this.wait(settled, `${calls} calls of "${action}" to settle`);
  }

  async counts() {
    const [calls, requests] = [await this.text('#calls'), await this.text('#requests')];
    return { calls: Number(calls), requests: Number(requests) };
  }

  /** What the page reports of itself, and what the console holds where the browser lets it be read. */
  async faults() {
    const own = await this.attribute('html', 'data-error');
    const console = await this.driver.manage().logs().get('browser').catch(() => []);
    const severe = console.filter(({ level }) => level.name === 'SEVERE').map(({ message }) => message);
    return own === null ? severe : [own, ...severe];
  }
}

/** The spellings under which a secret could slip into what is shown. */
function spellings(id, secret) {
  const formEncoded = (text) => new URLSearchParams({ '': text }).toString().slice(1);
  const base64 = (text) => Buffer.from(text).toString('base64');
  const pairs = [`${id}:${secret}`, `${formEncoded(id)}:${formEncoded(secret)}`];
  return [secret, encodeURIComponent(secret), formEncoded(secret), JSON.stringify(secret).slice(1, -1), base64(secret), ...pairs.map(base64)];
}

function equal(actual, expected) {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`expected ${wanted}, found ${found}`);
}
