// Who hears of events. The core tells of them only while somebody listens.

import { invalidConfig } from './token-error.js';

// What the facts are called that the core tells of each type.
const FACTS = {
  request: ['attempt', 'url'],
  response: ['status', 'duration'],
  token: ['lifetime', 'background'],
  retry: ['delay', 'code'],
  failure: ['code'],
  clock_skew: ['skew'],
};

export const onEventOf = (core) => {
  const listeners = new Set();

  // Whatever a listener does, throws or rejects with changes nothing for anybody else.
  const tell = ([type, provider, ...facts]) => {
    const named = (FACTS[type] ?? []).map((name, at) => [name, facts[at]]);
    const event = Object.freeze({ type, provider, at: Date.now(), ...Object.fromEntries(named) });
    for (const listener of [...listeners]) {
      try {
        Promise.resolve(listener(event)).catch(() => {});
      } catch {
        // Told to nobody: whoever observes has no say.
      }
    }
  };

  const listen = (glue) => glue.listen(listeners.size > 0 ? tell : undefined);

  return (listener) => {
    if (typeof listener !== 'function') throw invalidConfig('listener: expected a function');
    // Each call counts for itself, also with a function that listens already.
    const own = (event) => listener(event);
    listeners.add(own);
    if (listeners.size === 1) core.use(listen);
    return () => {
      listeners.delete(own);
      core.tell(listen);
    };
  };
};
