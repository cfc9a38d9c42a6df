// What is remembered of keys and servers: a Worker may see any number of them, and its memory has an end.

// More than the cache has room for by default: with its number, a key would lose its tokens.
const MOST_REMEMBERED = 10_000;

/** A map that forgets what was used least recently. */
export class Recent {
  #map = new Map();

  get(name) {
    const value = this.#map.get(name);
    if (value !== undefined) this.set(name, value);
    return value;
  }

  set(name, value) {
    this.#map.delete(name);
    this.#map.set(name, value);
    if (this.#map.size > MOST_REMEMBERED) this.#map.delete(this.#map.keys().next().value);
  }

  clear() {
    this.#map.clear();
  }
}
