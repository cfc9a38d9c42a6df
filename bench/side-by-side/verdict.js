// What a call came to, in a word or two, and whether it should have: one rule for everybody.

export const LATE_MS = 25_000;
export const MOST_REQUESTS = 5;
export const MOST_MEGABYTES = 50;

/** `expected` is an entry of the behaviours, `fact` what `hostile-calls.js` tells, with its `requests` and whether a secret `leaked`. */
export function verdict(expected, fact, keeps) {
  if (fact.leaked) return bad('secret leaked to another origin');
  if (fact.megabytes > MOST_MEGABYTES) return bad(`buffers over ${Math.floor(fact.megabytes / MOST_MEGABYTES) * MOST_MEGABYTES} MB`);
  if (fact.hung) return bad('hangs');
  if (fact.error !== undefined) return failed(expected, fact);
  if (expected.error) return bad(taken(fact));
  return obtained(expected.token, fact, keeps);
}

function failed(expected, { error, own, took, requests }) {
  const kind = own ? 'clear error' : 'raw exception';
  if (took > LATE_MS) return bad(`${kind} after ${Math.round(took / 1_000)} s`);
  if (requests > MOST_REQUESTS) return bad(`${kind} after ${requests} requests`);
  const mayFail = expected.error !== undefined || !isSensible(expected.token);
  return { text: kind, good: own && mayFail };
}

function taken({ token }) {
  if (token === '') return 'neither token nor error';
  return isHostile(token) ? 'takes it for a token' : "takes another origin's token";
}

function obtained(expected, { token, lifetime, kept }, keeps) {
  if (!isHostile(token)) return bad(taken({ token }));
  const left = lifetime === null ? NaN : Number(lifetime);
  const told = keeps && !kept ? 'token, not kept' : `token, ${span(left, keeps)}`;
  if (isSensible(expected)) {
    const mayGo = !keeps || expected.kept === false;
    return { text: told, good: (kept || mayGo) && agrees(expected, left, keeps) };
  }
  const most = expected.lifetime === 0 ? ROUNDING_MS : LONGEST_GUESS_MS;
  // What is not kept, or could not be for want of a number, does no harm.
  return { text: told, good: keeps ? !kept || left <= most : !(left > most) };
}

/** Whether what the server said of the lifetime can be understood. */
function isSensible({ lifetime }) {
  return lifetime !== 0 && lifetime !== GUESSED_MS;
}

function agrees({ lifetime = HOUR_MS, expiresAt }, left, keeps) {
  if (expiresAt !== undefined) return left > AGES_MS || (keeps && Number.isNaN(left));
  const [least, most] = [lifetime, lifetime].flat().slice(-2);
  return left >= least * 0.99 - ROUNDING_MS && left <= most * 1.01 + ROUNDING_MS;
}

function isHostile(token) {
  return token.startsWith('hostile-token');
}

function span(milliseconds, keeps) {
  if (Number.isNaN(milliseconds)) return keeps ? 'kept for ever' : 'its end unknown';
  if (milliseconds > AGES_MS) return 'for ever';
  if (milliseconds > YEAR_MS) return `${Math.round(milliseconds / YEAR_MS)} years`;
  return `${Math.round(Math.max(0, milliseconds) / 1_000)} s`;
}

const bad = (text) => ({ text, good: false });

const HOUR_MS = 3_600_000;

/** What Tokenlet takes where nothing is said, as others take other values, which are as good. */
const GUESSED_MS = 300_000;
const LONGEST_GUESS_MS = HOUR_MS;

/** Lifetimes are counted in whole seconds, and what was under way may be taken off. */
const ROUNDING_MS = 3_000;

const YEAR_MS = 365 * 24 * HOUR_MS;
const AGES_MS = 100 * YEAR_MS;
