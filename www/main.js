// Loads the package as any page would, starts the bench, and says so when either fails.
import { byId } from './dom.js';

const page = document.documentElement.dataset;

function failed(error) {
  page.error = String(error?.message ?? error);
  const line = byId('loading');
  line.hidden = false;
  line.classList.add('failed');
  line.textContent = page.ready === 'true'
    ? `Something went wrong in the page: ${page.error}`
    : `The package could not be loaded: ${page.error}. "cargo xtask serve" builds it and serves this page.`;
}

addEventListener('error', (event) => failed(event.error ?? event.message));
addEventListener('unhandledrejection', (event) => failed(event.reason));

try {
  const [tokenlet, { startBench }] = await Promise.all([import('tokenlet'), import('./bench.js')]);
  await startBench(tokenlet);
  byId('loading').hidden = true;
  page.ready = 'true';
} catch (error) {
  failed(error);
}
