/**
 * A Worker that computes for long, while nothing else of it can run: when it is done, signs of life are overdue as if their
 * giver had died. It stalls the whole process, so that this wants a time of its own.
 */
import { is, same, sleep } from '../../suite/harness.js';
import { tally } from './client.js';

export const stalls = { 'the Worker computes for two seconds': outwait };

async function outwait({ open }) {
  const { ask, calls, token } = open({ delayMs: 6_000, lifetimeSeconds: 3_600 });
  const answers = [];
  // Apart, so that whenever the Worker is at it, somebody is just about to look for the leader.
  for (let caller = 0; caller <= 10; caller += 1) {
    answers.push(ask({ caller }));
    await sleep(70);
  }
  is(await ask({ computesMs: 2_200 }), 'computed', 'what the Worker answered');
  same(tally(await Promise.all(answers)), { [token(1)]: answers.length }, 'what the callers got');
  is(calls(), 1, 'calls to the origin');
}
