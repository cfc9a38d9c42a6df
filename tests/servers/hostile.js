/**
 * A token endpoint that does its worst, in every way that `consumer/suite/hostile-behaviours.js` and `hostile-echoes.js` know:
 *
 *   /:behaviour/token   that behaviour; `?spelling=…` says how an echo spells the secret, and each query has turns of its own
 *   /good/token         a token; /same-token/token the same one for ever, and /expired-token/token a new one that is expired
 *   /count              of each behaviour `requests`, those still `open`, and the `bytes` that its floods could send
 *   /reset              counts from zero
 *
 * `other` is the witness of `witness.js`, where no request may ever arrive.
 *
 * By hand: `node tests/servers/hostile.js`.
 */
import { behaviours } from '../consumer/suite/hostile-behaviours.js';
import { echoing, issuing } from '../consumer/suite/hostile-echoes.js';
import { perform } from './hostile/perform.js';
import { json, listen, openToEveryOrigin, startedByHand, text } from './http.js';
import { startWitness } from './witness.js';

export async function startHostile() {
  const other = await startWitness();
  const hostile = await listen(openToEveryOrigin(endpoint(other.url)));
  return {
    url: hostile.url,
    other: other.url,
    stop: async () => {
      await Promise.all([hostile.stop(), other.stop()]);
    },
  };
}

function endpoint(other) {
  const tallies = new Map();
  const turns = new Map();
  return (request) => {
    if (request.path === '/count') return json(200, Object.fromEntries(tallies));
    if (request.path === '/reset') {
      tallies.clear();
      turns.clear();
      return { status: 204 };
    }
    const [, name, page] = request.path.split('/');
    const answer = ANSWERS[name];
    if (answer === undefined || page !== 'token') return text(404, 'no such page\n');
    const tally = tallies.get(name) ?? { requests: 0, open: 0, bytes: 0 };
    tallies.set(name, tally);
    tally.requests += 1;
    const turn = (turns.get(request.url) ?? 0) + 1;
    turns.set(request.url, turn);
    const spelling = new URLSearchParams(request.query).get('spelling');
    const facts = { turn, now: Date.now(), other, spelling, ...credentials(request) };
    return performed(typeof answer === 'function' ? answer(facts) : answer, tally);
  };
}

/** An answer that counts itself as open until the connection is done with it. */
function performed(answer, tally) {
  return {
    perform: (outgoing, headers) => {
      tally.open += 1;
      // Clients go away here, and the answer to that is written all the same.
      outgoing.on('error', () => {});
      outgoing.once('close', () => {
        tally.open -= 1;
      });
      perform(outgoing, headers, answer, tally);
    },
  };
}

/** RFC 6749, section 2.3.1: both halves are form-encoded. */
function credentials({ headers }) {
  const [, encoded] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return {};
  const [id, secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':').map((half) => new URLSearchParams(`=${half}`).get(''));
  return { id, secret };
}

const grant = (access_token, expires_in) => ({ body: { access_token, token_type: 'Bearer', expires_in } });

const ANSWERS = {
  good: ({ turn }) => grant(`good-token-${turn}`, 3600),
  'same-token': () => grant('same-token', 3600),
  'expired-token': ({ turn }) => grant(`expired-token-${turn}`, 0),
  ...Object.fromEntries(Object.entries({ ...behaviours, ...echoing, ...issuing }).map(([name, { answer }]) => [name, answer])),
};

if (startedByHand(import.meta.url)) {
  const { url, other } = await startHostile();
  console.log(`url    ${url}\nother  ${other}`);
}
