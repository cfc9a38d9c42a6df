// A `fetch` that reaches no network: it hands the request to a simulated vendor and counts what arrives.
import { Refusal, vendors } from './vendors.js';

/** Long enough to be seen, so that a hundred calls at once really meet a request under way. */
const LATENCY_MS = 350;

export class Simulation {
  /** Requests that arrived, whatever became of them. */
  requests = 0;
  /** `usual`, `never`, or a number of seconds as text: the values of the control in the page. */
  lifetime = 'usual';
  /** `well`, `shaky` (every other request fails) or `down`. */
  health = 'well';

  /** `onRequest({ method, url, status })` is told of every answer. */
  constructor(id, onRequest) {
    this.vendor = vendors[id];
    this.onRequest = onRequest;
  }

  /** What Tokenlet's `fetch` option takes; bound, because it is called as a plain function. */
  fetch = async (input, init) => {
    const request = new Request(input, init);
    this.requests += 1;
    const body = await request.text();
    await delay(LATENCY_MS, request.signal);
    const { status, headers, body: answer } = this.#answer(request, body);
    // A URL is shown without its query, which holds secrets with some vendors.
    this.onRequest({ method: request.method, url: request.url.split('?', 1)[0], status });
    return new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json', ...headers } });
  };

  #answer({ url, headers }, body) {
    const query = new URL(url).searchParams;
    const failing = this.health === 'down' || (this.health === 'shaky' && this.requests % 2 === 1);
    try {
      if (failing) throw new Refusal(503, { error: 'temporarily_unavailable', error_description: 'the simulated vendor is unwell' });
      return { status: 200, body: this.vendor.answer({ headers, body, query, lifetime: this.#granted(query) }) };
    } catch (refusal) {
      if (refusal instanceof Refusal) return refusal;
      throw refusal;
    }
  }

  /** The lifetime to grant in seconds, or null for none. */
  #granted(query) {
    if (this.lifetime === 'never') return null;
    return this.lifetime === 'usual' ? this.vendor.usual(query) : Number(this.lifetime);
  }
}

const delay = (milliseconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    reject(signal.reason);
  });
});
