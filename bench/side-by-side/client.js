// The client that every subject is, and waiting for it, but not for ever.

export const CREDENTIALS = { clientId: 'side-by-side-client', clientSecret: 'side-by-side-secret-3q2-7wAf0Uo9Jx1mZrT8' };

/** How a call ended: `{ token }`, `{ error }`, or neither when it took longer than `limitMs`; and how many milliseconds it `took`. */
export async function outcome(call, limitMs) {
  const begun = performance.now();
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, limitMs, {});
  });
  const ended = Promise.resolve()
    .then(call)
    .then(
      (token) => ({ token }),
      (error) => ({ error }),
    );
  const how = await Promise.race([ended, late]);
  clearTimeout(timer);
  return { ...how, took: performance.now() - begun };
}

export const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

/** Longer than any documented timeout of a subject, so that one which ends by itself is told from one which hangs. */
export const CALL_LIMIT_MS = 33_000;

/** A flood is over by then, and what is read of it is read. */
export const FLOOD_LIMIT_MS = 12_000;
