/** Whoever asks a Worker for tokens: requests that can be cut off, and names by which the origin knows who led. */
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { ok, sleep, started } from '../../suite/harness.js';

/** How long the slowest call may take: a flight, and the takeover of another. */
const LIMIT_MS = 45_000;

/**
 * The callers of one config, which nobody else shares, at a `door` of the origin. `send(order)` gives the `answer` and a way to
 * `reset()`, `ask(order)` the answer alone; `calls()` is how many reached the token endpoint.
 */
export function openClient(url, order, door) {
  const { provider, api, config = secretly(door) } = door;
  const send = ({ policy, ...more } = {}) => post(url, { provider, api, ...order, ...more, config: { ...config, ...policy } });
  return { ...door, send, ask: (more) => send(more).answer, calls: () => door.callers.length };
}

/** A connection of its own, straight into workerd. Its end is a RST, since workerd does not notice an ordinary close. */
export function post(url, body) {
  const request = http.request(url, { method: 'POST', agent: false, signal: AbortSignal.timeout(LIMIT_MS) });
  const answer = new Promise((resolve, reject) => {
    request.on('error', reject).on('response', (response) => text(response).then(resolve, reject));
  });
  request.end(JSON.stringify(body));
  return { answer: started(answer), reset: () => request.socket.resetAndDestroy() };
}

export async function until(holds, what) {
  const begun = Date.now();
  while (!holds()) {
    ok(Date.now() - begun < LIMIT_MS, `${what} within ${LIMIT_MS} ms`);
    await sleep(10);
  }
}

/** How often each text is there. */
export function tally(texts) {
  const counts = {};
  for (const each of texts) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}

/** A door of `counting.js` takes whatever it is told. */
const secretly = ({ tokenEndpoint }) => ({ tokenEndpoint, clientId: 'client', clientSecret: "the client's secret" });
