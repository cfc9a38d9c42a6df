/**
 * Two hundred requests for five tokens within three seconds, of which half are reset, each when it likes. Of one token
 * all are, so that nobody is left to take over; of the others, always the first.
 */
import { is, ok, same, sleep } from '../../suite/harness.js';
import { tally } from './client.js';

export const chaos = { 'of two hundred requests half are reset': survive };

async function survive({ keeps, open }) {
  const clients = Array.from({ length: TOKENS }, () => open({ delayMs: 1_000, lifetimeSeconds: 3_600 }));
  const callers = await Promise.all(Array.from({ length: REQUESTS }, (_, number) => call(clients[number % TOKENS], number)));
  is(callers.filter(({ doomed }) => doomed).length, REQUESTS / 2, 'callers who were to be reset');
  const living = callers.filter(({ doomed }) => !doomed);
  for (const client of clients) {
    const own = living.filter((caller) => caller.client === client);
    judge(client, own, keeps);
    is(await client.ask(), client.token(client.calls()), 'what a later request got');
  }
}

/**
 * A dead leader costs the call that it made, and nothing tells a call that died from one that was answered; so beside theirs
 * there is one more. It is counted by name: at most one living caller ever led. What is kept alive has no second leader at all.
 */
function judge({ callers, token }, living, keeps) {
  const tokens = callers.map((_, index) => token(index + 1));
  const failed = living.map(({ answer }) => answer).filter((answer) => !tokens.includes(answer));
  same(tally(failed), {}, 'what callers got who were not reset, instead of a token');
  const names = living.map(({ name }) => name);
  const led = callers.filter((caller) => names.includes(caller)).length;
  ok(led <= 1, `at most one call of a living caller, not ${led} of ${callers.length}`);
  if (keeps) ok(callers.length <= 1, `at most one call to the origin, not ${callers.length}`);
}

/** One caller, from its turn to its answer or its end. */
async function call(client, number) {
  const doomed = number % TOKENS === 0 || Math.floor(number / TOKENS) % 8 < 3;
  await sleep(number * 15);
  const { answer, reset } = client.send({ caller: number });
  if (doomed) {
    // Spread over a second and a half, so that some are not heard yet, some wait for the origin, and some were answered.
    await sleep((number * 631) % 1_500);
    reset();
  }
  return { client, name: String(number), doomed, answer: await answer.catch((fault) => fault.message) };
}

const REQUESTS = 200;
const TOKENS = 5;
