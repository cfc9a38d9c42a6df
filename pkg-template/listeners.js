// Who hears of events. The core tells of them only while somebody listens.

import { invalidConfig } from './token-error.js';

export class Listeners {
  #listeners = new Set();
  #core;

  connect(core) {
    this.#core = core;
    this.#update();
  }

  // Each call counts for itself, also with a function that listens already.
  add(listener) {
    if (typeof listener !== 'function') throw invalidConfig('listener: expected a function');
    const own = (event) => listener(event);
    this.#listeners.add(own);
    this.#update();
    return () => {
      this.#listeners.delete(own);
      this.#update();
    };
  }

  #update() {
    this.#core?.listen(this.#listeners.size > 0 ? this.#tell : undefined);
  }

  // Whatever a listener does, throws or rejects with changes nothing for anybody else.
  #tell = (event) => {
    Object.freeze(Object.assign(event, { at: Date.now() }));
    for (const listener of [...this.#listeners]) {
      try {
        Promise.resolve(listener(event)).catch(() => {});
      } catch {
        // Told to nobody: whoever observes has no say.
      }
    }
  };
}
