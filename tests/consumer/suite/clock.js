/**
 * A clock that a case can move. Both of a runtime's clocks are replaced,
 * since the package believes the one that says more time has passed.
 */
import { skip } from './harness.js';

/** Runs `body(advance)` with clocks that stand still until `advance(milliseconds)` is called. */
export async function withClock(body) {
  const [wall, monotonic] = [Date.now, performance.now];
  const [wallStart, monotonicStart] = [Date.now(), performance.now()];
  let elapsed = 0;
  try {
    replaceNow(Date, () => wallStart + elapsed);
    replaceNow(performance, () => monotonicStart + elapsed);
    return await body((milliseconds) => {
      elapsed += milliseconds;
    });
  } finally {
    replaceNow(Date, wall);
    replaceNow(performance, monotonic);
  }
}

function replaceNow(owner, now) {
  try {
    Object.defineProperty(owner, 'now', { value: now, writable: true, configurable: true });
  } catch {
    // Some runtimes refuse and some ignore it: what counts is checked below.
  }
  if (owner.now !== now) skip('the clock cannot be replaced in this runtime');
}
