// A caller's own signal ends that caller's wait, and nobody else's.

import { invalidConfig } from './token-error.js';

/**
 * What `work` gives, unless the caller's own signal is aborted first: that detaches this caller and nobody else. Rejects with
 * the signal's reason, as `fetch` does.
 */
export const heeding = async (signal, work) => {
  if (signal === undefined || signal === null) return work();
  if (['addEventListener', 'removeEventListener'].some((name) => typeof signal[name] !== 'function')) {
    throw invalidConfig('options.signal: expected an AbortSignal');
  }
  if (signal.aborted) throw signal.reason;
  let abort;
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};
