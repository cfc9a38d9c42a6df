/**
 * The smallest test harness that runs in every runtime: it needs promises and
 * `setTimeout`, nothing else. A chapter receives `test` and names its cases;
 * they run one after the other, because they share one cache and one clock.
 */

/** A case that takes longer than this hangs: the slowest good one waits for two retries. */
const CASE_LIMIT_MS = 8_000;

class Skipped extends Error {}

/** Ends the case without a verdict, where a runtime lacks what it is about. */
export function skip(reason) {
  throw new Skipped(reason);
}

/** Runs the cases that `chapters` (name → function of `test`) declare, `before` each of them. */
export async function runChapters(chapters, before, report) {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const [chapter, declare] of Object.entries(chapters)) {
    const cases = [];
    declare((name, body) => cases.push({ name: `${chapter}: ${name}`, body }));
    for (const { name, body } of cases) {
      const verdict = await judge(body, before);
      result[verdict.outcome] += 1;
      if (verdict.outcome === 'failed') result.failures.push({ name, message: verdict.message });
      report?.({ name, ...verdict });
    }
  }
  return result;
}

async function judge(body, before) {
  try {
    await before();
    await within(CASE_LIMIT_MS, Promise.resolve().then(body));
    return { outcome: 'passed' };
  } catch (thrown) {
    if (thrown instanceof Skipped) return { outcome: 'skipped', message: thrown.message };
    return { outcome: 'failed', message: describe(thrown) };
  }
}

/** Fails rather than wait for ever. The timer is cleared, so that no process outlives its suite. */
export function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not settle within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Marks a promise that a case awaits only later. Were the case to fail before
 * that, an unhandled rejection would take the whole run with it.
 */
export function started(promise) {
  promise.catch(() => {});
  return promise;
}

export const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

export function fail(message) {
  throw new Error(message);
}

export function ok(condition, expectation) {
  if (!condition) fail(`expected ${expectation}`);
}

/** Identity, as `Object.is` has it. */
export function is(actual, expected, what = 'value') {
  if (!Object.is(actual, expected)) fail(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Equality of plain data; the order of keys does not matter. */
export function same(actual, expected, what = 'value') {
  const [got, wanted] = [sorted(actual), sorted(expected)];
  // What is shown is cut short, and would compare as equal where only the ends differ.
  if (JSON.stringify(got) !== JSON.stringify(wanted)) fail(`${what}: expected ${show(wanted)}, got ${show(got)}`);
}

export function includes(text, part, what = 'text') {
  if (!String(text).includes(part)) fail(`${what}: expected it to include ${show(part)}, got ${show(text)}`);
}

export function excludes(text, part, what = 'text') {
  if (String(text).includes(part)) fail(`${what}: expected it not to include ${show(part)}, got ${show(text)}`);
}

/** `low <= actual <= high`; a millisecond either way is rounding. */
export function between(actual, low, high, what = 'number') {
  const inside = typeof actual === 'number' && actual >= low - 1 && actual <= high + 1;
  if (!inside) fail(`${what}: expected ${low} to ${high}, got ${show(actual)}`);
}

/** What `call` rejects with. A synchronous throw fails the case: no promise-returning function may do that. */
export async function rejection(call) {
  let promise;
  try {
    promise = call();
  } catch (thrown) {
    fail(`expected a rejected promise, got the synchronous throw of ${describe(thrown)}`);
  }
  let value;
  try {
    value = await promise;
  } catch (thrown) {
    return thrown;
  }
  return fail(`expected a rejection, got ${show(value)}`);
}

/**
 * The `TokenError` that `call` rejects with, after comparing the fields in
 * `expected`. `names` lists what the message has to mention: messages may be
 * reworded, but never so that the reader cannot find the fault.
 */
export async function refused(call, { names = [], ...expected }) {
  const error = await rejection(call);
  if (error?.name !== 'TokenError') fail(`expected a TokenError, got ${describe(error)}`);
  for (const [field, value] of Object.entries(expected)) same(error[field], value, `${field} of "${error.message}"`);
  for (const name of [names].flat()) includes(error.message, name, 'message');
  return error;
}

function describe(thrown) {
  if (!(thrown instanceof Error)) return show(thrown);
  return `${thrown.name}: ${thrown.message}`;
}

/** Readable in a log whatever it is, and short enough for one line. */
function show(value) {
  let text;
  try {
    text = typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
