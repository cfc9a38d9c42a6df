/**
 * Real browsers, driven through their own WebDriver programs. Those are started here rather than by selenium-webdriver,
 * which would download one that it does not find.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Builder } from 'selenium-webdriver';
import { needed, onPath } from './drivers.js';

/** Opens `browser` with a profile that ends with it, and resolves to what `use` makes of it and the browser's version. */
export async function withBrowser(browser, use) {
  const { program, capabilities, hasScreen } = BROWSERS[browser];
  const started = [];
  try {
    const screen = hasScreen ? {} : { DISPLAY: await startScreen(started) };
    const server = await startDriver(needed(browser, program), screen, started);
    const driver = await new Builder().disableEnvironmentOverrides().usingServer(server).withCapabilities(capabilities()).build();
    try {
      await driver.manage().setTimeouts({ script: SCRIPT_LIMIT_MS });
      const version = (await driver.getCapabilities()).get('browserVersion');
      return { version, ...(await use(driver)) };
    } finally {
      await driver.quit();
    }
  } finally {
    for (const child of started.reverse()) child.kill();
  }
}

const BROWSERS = {
  chromium: {
    program: 'chromedriver',
    hasScreen: true,
    capabilities: () => ({
      browserName: 'chrome',
      'goog:chromeOptions': {
        // Containers run as root and with a small /dev/shm, and Chromium starts with neither by default.
        args: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
      },
    }),
  },
  firefox: {
    program: 'geckodriver',
    hasScreen: true,
    // Where Debian's name is not on PATH, geckodriver knows better where Firefox is.
    capabilities: () => ({ browserName: 'firefox', 'moz:firefoxOptions': { args: ['-headless'], binary: onPath('firefox-esr') } }),
  },
  webkit: {
    program: 'WebKitWebDriver',
    hasScreen: false,
    capabilities: () => ({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: needed('webkit', 'MiniBrowser'), args: ['--automation'] },
    }),
  },
};

async function startDriver(program, screen, started) {
  const port = await freePort();
  const child = spawn(program, [`--port=${port}`], { stdio: ['ignore', 2, 2], env: { ...process.env, ...screen } });
  started.push(child);
  const server = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + START_LIMIT_MS; Date.now() < end; await sleep(50)) {
    const status = await fetch(`${server}/status`, { signal: AbortSignal.timeout(START_LIMIT_MS) }).catch(() => undefined);
    if (status?.ok) return server;
  }
  throw new Error(`${program} did not start within ${START_LIMIT_MS} ms`);
}

/** MiniBrowser has no headless mode. Xvfb takes a free display, and writes its number once it can be used. */
async function startScreen(started) {
  const child = spawn(needed('webkit', 'Xvfb'), ['-displayfd', '3', '-nolisten', 'tcp'], { stdio: ['ignore', 2, 2, 'pipe'] });
  started.push(child);
  const [number] = await once(child.stdio[3], 'data', { signal: AbortSignal.timeout(START_LIMIT_MS) });
  return `:${String(number).trim()}`;
}

/** WebKitWebDriver takes no port 0, so that one has to be found for it. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const START_LIMIT_MS = 20_000;

/** The whole suite is one script to WebDriver. */
const SCRIPT_LIMIT_MS = 150_000;
