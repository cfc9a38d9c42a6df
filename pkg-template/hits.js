// The fast path: which token a config got last time. It finds; only the core says whether what it
// found is still fresh.

import { alike } from './snapshot.js';

// An index into the core's entries, not a cache of its own: dropping it costs one slow call a config.
const MOST_FOUND = 10_000;

export class Hits {
  #found = new Map();
  #last = { provider: undefined, names: [], values: [] };

  // What `remember` was told for the same provider and content, in the same order of fields.
  find(provider, config) {
    const names = Object.keys(config);
    if (isSame(this.#last, provider, config, names)) return this.#last;
    const found = this.#found.get(textOf(provider, config, names));
    if (found === undefined || !isSame(found, provider, config, names)) return undefined;
    this.#last = found;
    return found;
  }

  // Takes snapshots, which nobody else holds.
  remember(provider, config, { token, slot, serial }) {
    const names = Object.keys(config);
    const values = names.map((name) => config[name]);
    if (this.#found.size >= MOST_FOUND) this.clear();
    this.#last = { provider, names, values, token, slot, serial, maxAge: config.maxAge ?? -1 };
    this.#found.set(textOf(provider, config, names), this.#last);
    return this.#last;
  }

  clear() {
    this.#found.clear();
    this.#last = { provider: undefined, names: [], values: [] };
  }
}

const isSame = (found, provider, config, names) => {
  if (found.provider !== provider && !alike(found.provider, provider)) return false;
  const { names: known, values } = found;
  if (known.length !== names.length) return false;
  for (let at = 0; at < names.length; at++) {
    const name = names[at];
    if (name !== known[at]) return false;
    const value = config[name];
    if (value !== values[at] && !alike(values[at], value)) return false;
  }
  return true;
};

// Tells configs apart well enough to look one up; `isSame` then compares every field.
const textOf = (provider, config, names) => {
  let text = typeof provider === 'string' ? provider : provider.id;
  for (let at = 0; at < names.length; at++) {
    const value = config[names[at]];
    if (typeof value === 'string') text += `\0${value}`;
    else if (typeof value !== 'function' && typeof value !== 'symbol') text += `\0${Array.isArray(value) ? value.join() : typeof value}`;
  }
  return text;
};
