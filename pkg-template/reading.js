// What callers pass, read once, with an error that says so where it can not be.

import { snapshot } from './snapshot.js';
import { TokenError, invalidConfig } from './token-error.js';

/** What reading a caller's data gives. */
export const readable = (read) => {
  try {
    return read();
  } catch (error) {
    throw error instanceof TokenError ? error : invalidConfig('what was passed can not be read: a getter threw', error);
  }
};

/** A snapshot, or an error that says why there is none. */
export const copied = (call) => readable(() => snapshot(call));

/** A function that gives what `read` gives now, or throws what it throws now. */
export const attempt = (read) => {
  try {
    const value = readable(read);
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

/** A copy of options, without what objects inherit. A signal stays what it is. Without `names`, the core checks the fields. */
export const own = (options, names) => readable(() => {
  if (typeof options !== 'object' && options !== undefined) throw invalidConfig('options: expected an object');
  const copy = { __proto__: null, ...options };
  for (const name in copy) {
    if (names !== undefined && copy[name] !== undefined && !names.includes(name)) {
      throw invalidConfig(`options.${name}: unknown field; known: ${names.join(', ')}`);
    }
    if (name !== 'signal') copy[name] = snapshot(copy[name]);
  }
  return copy;
});
