// The fast path: which token a config got last time. It finds; only the core says whether what it
// found is still fresh.

import { alike, isRecord } from './snapshot.js';

// An index into the core's entries, not a cache of its own: dropping it costs one slow call a config.
const MOST_FOUND = 10_000;

/**
 * A tree that asks of a config only what tells it from the others: mostly one value, where joining
 * all of them to a key would take longer than all the rest. What is at the end has the last word.
 */
export class Hits {
  #root = new Map();
  #count = 0;
  // One config after another is mostly the same one.
  #last;

  // What `remember` was told for the same provider and content, in the same order of fields.
  find(provider, config) {
    const names = Object.keys(config);
    if (this.#last !== undefined && isSame(this.#last, provider, config, names)) return this.#last;
    let found = this.#root.get(providerKey(provider));
    while (found instanceof Branch) found = found.next.get(found.at < names.length ? key(config[names[found.at]]) : undefined);
    if (found === undefined || !isSame(found, provider, config, names)) return undefined;
    this.#last = found;
    return found;
  }

  // Takes snapshots, which nobody else holds. A token that is its caller's own belongs to the config's `fetch`, too.
  remember(provider, config, { token, slot, serial, isOwn }) {
    const names = Object.keys(config);
    const values = names.map((name) => config[name]);
    const hit = { provider, names, values, token, slot, serial, fetch: isOwn && config.fetch, maxAge: config.maxAge ?? -1 };
    if (++this.#count > MOST_FOUND) this.clear();
    this.#last = hit;
    let level = this.#root;
    let branch = providerKey(provider);
    for (;;) {
      let found = level.get(branch);
      if (!(found instanceof Branch)) {
        const at = found === undefined ? -1 : firstDifference(found.values, values);
        if (at < 0) {
          level.set(branch, hit);
          return hit;
        }
        found = new Branch(at, found);
        level.set(branch, found);
      }
      level = found.next;
      branch = key(values[found.at]);
    }
  }

  clear() {
    this.#root = new Map();
    this.#count = 0;
    this.#last = undefined;
  }
}

// Where configs part by their value number `at`.
class Branch {
  constructor(at, hit) {
    this.at = at;
    this.next = new Map([[key(hit.values[at]), hit]]);
  }
}

const firstDifference = (known, values) => {
  const longer = known.length > values.length ? known : values;
  return longer.findIndex((_, at) => key(known[at]) !== key(values[at]));
};

const providerKey = (provider) => (typeof provider === 'string' ? provider : provider.id);

// Values that are alike have the same key; those that have it need not be alike. As JSON, every NaN equals itself. What is neither
// array nor record, such as a CryptoKey, is like itself alone.
const key = (value) => {
  if (typeof value === 'function') return 'function';
  const isPlain = typeof value === 'object' && (Array.isArray(value) || isRecord(value));
  return isPlain || typeof value === 'number' ? JSON.stringify(value) : value;
};

const isSame = (found, provider, config, names) => {
  const { names: known, values, fetch } = found;
  if (known.length !== names.length || !alike(found.provider, provider) || (fetch && fetch !== config.fetch)) return false;
  for (let at = 0; at < names.length; at++) {
    if (names[at] !== known[at] || !alike(values[at], config[names[at]])) return false;
  }
  return true;
};
