// The fast path: which token a config got last time. It finds; only the core says whether what it
// found is still fresh.

import { alike } from './snapshot.js';

// An index into the core's entries, not a cache of its own: dropping it costs one slow call a config.
const MOST_FOUND = 10_000;

/**
 * A tree of maps whose levels are the provider and then the config's values, in their order. A branch
 * is only as deep as it takes to tell its configs apart: that is mostly one lookup, and joining
 * the values to a key would take longer than all the rest.
 */
export class Hits {
  #root = new Map();
  #count = 0;

  // What `remember` was told for the same provider and content, in the same order of fields.
  find(provider, config) {
    const names = Object.keys(config);
    let found = this.#root.get(providerKey(provider));
    for (let at = 0; found instanceof Map; at++) found = found.get(key(config[names[at]]));
    return found !== undefined && isSame(found, provider, config, names) ? found : undefined;
  }

  // Takes snapshots, which nobody else holds.
  remember(provider, config, { token, slot, serial }) {
    const names = Object.keys(config);
    const values = names.map((name) => config[name]);
    const hit = { provider, names, values, token, slot, serial, maxAge: config.maxAge ?? -1 };
    if (++this.#count > MOST_FOUND) this.clear();
    let level = this.#root;
    let branch = providerKey(provider);
    for (let at = 0; ; at++) {
      const found = level.get(branch);
      if (found instanceof Map) {
        level = found;
      } else if (found === undefined || at >= names.length || isSame(found, provider, config, names)) {
        level.set(branch, hit);
        return hit;
      } else {
        const deeper = new Map([[key(found.values[at]), found]]);
        level.set(branch, deeper);
        level = deeper;
      }
      branch = key(values[at]);
    }
  }

  clear() {
    this.#root = new Map();
    this.#count = 0;
  }
}

const providerKey = (provider) => (typeof provider === 'string' ? provider : provider.id);

// Values that are alike have the same key. The reverse need not hold: `isSame` has the last word.
const key = (value) => (typeof value === 'object' ? JSON.stringify(value) : typeof value === 'function' ? 'function' : value);

const isSame = (found, provider, config, names) => {
  const { names: known, values } = found;
  if (known.length !== names.length || !alike(found.provider, provider)) return false;
  for (let at = 0; at < names.length; at++) {
    if (names[at] !== known[at] || !alike(values[at], config[names[at]])) return false;
  }
  return true;
};
