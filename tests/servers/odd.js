/**
 * Origins that do what a token endpoint or an API should not: `url`, its `twin`, and `other`, which is foreign to both.
 *
 * On `url`, with any method:
 *   /answer?spec=…            what the JSON says, see `play`; an array is played in order, one a request, the last for good
 *   /redirect/:status         to `other`/sink, and /redirect-within/:status to /landing of this origin
 *   /slow?ms=…                a token, late
 *   /hang                     nothing, until the server stops
 *   /landing                  a token
 *   /count                    how many requests each path had (this one and /reset not counted)
 *   /reset                    counts from zero, and plays every `spec` from its start
 *   /api/echo                 the method, URL, headers and body that arrived, also as the header X-Echo
 *   /api/redirect/:status     to `other`/sink with ?to=other, to /api/echo with ?to=within, and else to where ?to= says
 *   /api/endless              the beginning of a body, and no more until the server stops
 *   /api/unauthorized-once    401 at the first sight of an Authorization value, then 200
 *
 * `twin` is the same once more. `other` is the witness of `witness.js`.
 */
import { json, listen, openToEveryOrigin, record, startedByHand, text } from './http.js';
import { startWitness } from './witness.js';

export async function startOdd() {
  const other = await startWitness();
  const [odd, twin] = await Promise.all([0, 1].map(() => listen(openToEveryOrigin(trap(other.url)))));
  return {
    url: odd.url,
    twin: twin.url,
    other: other.url,
    stop: async () => {
      await Promise.all([odd.stop(), twin.stop(), other.stop()]);
    },
  };
}

function trap(other) {
  const counts = new Map();
  const played = new Map();
  const greeted = new Set();

  const routes = {
    '/answer': ({ query, url }) => {
      const script = [JSON.parse(new URLSearchParams(query).get('spec'))].flat();
      const turn = played.get(url) ?? 0;
      played.set(url, turn + 1);
      return play(script[Math.min(turn, script.length - 1)]);
    },
    '/redirect/': ({ status }) => redirect(status, `${other}/sink`),
    '/redirect-within/': ({ status }) => redirect(status, '/landing'),
    '/slow': async ({ query }) => {
      const late = Number(new URLSearchParams(query).get('ms'));
      await new Promise((resolve) => setTimeout(resolve, late).unref());
      return token();
    },
    '/hang': () => new Promise(() => {}),
    '/landing': () => token(),
    '/api/echo': (request) => json(200, record(request), { 'x-echo': JSON.stringify(record(request)) }),
    '/api/redirect/': ({ status, query }) => {
      const to = new URLSearchParams(query).get('to');
      return redirect(status, { other: `${other}/sink`, within: '/api/echo' }[to] ?? to);
    },
    '/api/endless': () => ({ perform: (outgoing, headers) => outgoing.writeHead(200, headers).write('{') }),
    '/api/unauthorized-once': ({ headers }) => {
      const { authorization = '' } = headers;
      if (greeted.has(authorization)) return json(200, { authorization });
      greeted.add(authorization);
      return json(401, { error: 'invalid_token' }, { 'www-authenticate': 'Bearer error="invalid_token"' });
    },
  };

  return (request) => {
    if (request.path === '/count') return json(200, Object.fromEntries(counts));
    if (request.path === '/reset') {
      counts.clear();
      played.clear();
      greeted.clear();
      return { status: 204 };
    }
    counts.set(request.path, (counts.get(request.path) ?? 0) + 1);
    const [, path, status] = /^(.*?)(30[12378])?$/.exec(request.path);
    const route = routes[path];
    return route ? route({ ...request, status: Number(status) }) : text(404, 'no such page\n');
  };
}

/**
 * One answer of a `spec`: `status` (200), `headers`, and `body`, which is sent as it is when a string and as JSON when
 * not. `times` repeats the body, for answers that no address could hold; `cut` breaks the connection half-way through it.
 */
function play({ status = 200, headers = {}, body = '', times = 1, cut = false }) {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: sent.repeat(times), cut };
}

function redirect(status, location) {
  return text(status, 'look elsewhere\n', { location });
}

let serial = 0;

function token() {
  serial += 1;
  return json(200, { access_token: `odd-${serial}`, token_type: 'Bearer', expires_in: 3600 });
}

if (startedByHand(import.meta.url)) {
  const { url, twin, other } = await startOdd();
  console.log(`url    ${url}\ntwin   ${twin}\nother  ${other}`);
}
