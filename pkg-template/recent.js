// What is remembered of keys and servers: a Worker may see any number of them, and its memory has an end.

const MOST_REMEMBERED = 1000;

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
