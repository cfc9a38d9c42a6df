/** Which browsers can be driven here: their WebDriver programs, and what those need beside them. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Why `browser` cannot be driven here, or undefined. */
export function missingFor(browser) {
  const missing = Object.entries(NEEDS[browser]).find(([, find]) => find() === undefined);
  return missing && `${missing[0]} was not found`;
}

/** The path of what `missingFor` looks for, by its name. */
export function needed(browser, name) {
  return NEEDS[browser][name]();
}

const NEEDS = {
  chromium: { chromedriver: () => process.env.CHROMEDRIVER ?? onPath('chromedriver') },
  firefox: { geckodriver: () => process.env.GECKODRIVER ?? onPath('geckodriver') ?? cachedGeckodriver() },
  webkit: {
    WebKitWebDriver: () => onPath('WebKitWebDriver'),
    MiniBrowser: () => listed('/usr/lib').flatMap(listed).filter(isWebKit).flatMap(listed).find(isMiniBrowser),
    Xvfb: () => onPath('Xvfb'),
  },
};

export function onPath(program) {
  const candidates = process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, program));
  return candidates.find(isExecutable);
}

/** Debian has no geckodriver; `cargo xtask` builds one into the cache that it shares with its other tools. */
function cachedGeckodriver() {
  const { TOKENLET_CACHE, XDG_CACHE_HOME = path.join(homedir(), '.cache') } = process.env;
  const tools = listed(path.join(TOKENLET_CACHE ?? path.join(XDG_CACHE_HOME, 'tokenlet'), 'tools'));
  const versions = tools.filter((folder) => path.basename(folder).startsWith('geckodriver-'));
  return versions.map((folder) => path.join(folder, 'bin', 'geckodriver')).find(isExecutable);
}

/** Debian keeps WebKit's small browser with the library, as in /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1. */
function isWebKit(folder) {
  return path.basename(folder).startsWith('webkit2gtk-4.');
}

function isMiniBrowser(file) {
  return path.basename(file) === 'MiniBrowser';
}

function listed(folder) {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
