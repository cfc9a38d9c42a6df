// A token endpoint at its worst: the behaviours that Tokenlet is tested with, and the outcome that stands beside each.

import { fileURLToPath } from 'node:url';
import { execute } from '../../tests/execute.js';
import { startHostile } from '../../tests/servers/hostile.js';
import { clientOf, comparableBehaviours } from './behaviours.js';
import { CALL_LIMIT_MS, FLOOD_LIMIT_MS } from './client.js';
import { LATE_MS, MOST_MEGABYTES, MOST_REQUESTS, verdict } from './verdict.js';

const LIMIT_MS = 150_000;

/** Each subject in a process of its own, so that what it takes of memory is its own. */
export async function hostile(subjects, project) {
  const facts = await Promise.all(subjects.map((subject) => suffer(subject, project)));
  return {
    title: 'The hostile server',
    told:
      'A token endpoint that misbehaves, and what one call comes to with the options that everybody has by default; who got a token ' +
      "asks again a second later. What should come of it is what Tokenlet's own tests expect, so that a client which is stricter " +
      'has ✗ where the token could have been used. A *clear error* is of a kind of its own, by its class or code; any other is a ' +
      `*raw exception*. What *hangs* has no end within ${CALL_LIMIT_MS / 1_000} s (a flood: ${FLOOD_LIMIT_MS / 1_000} s); an end after ` +
      `${LATE_MS / 1_000} s is too late, and more than ${MOST_REQUESTS} requests for one call or ${MOST_MEGABYTES} MB in memory are ` +
      'too many. Where a lifetime is missing or makes no sense, an error will do as well as a token that is not kept for ever. Who ' +
      'keeps no tokens can only tell a lifetime.',
    rows: Object.entries(comparableBehaviours()).map(([name, expected]) => ({
      what: `\`${name}\``,
      noise: 0,
      cells: subjects.map(({ keeps }, i) => {
        const { text, good } = verdict(expected, facts[i][name], keeps);
        return { text, good, badness: good ? 0 : 1 };
      }),
    })),
  };
}

async function suffer({ name }, project) {
  const server = await startHostile();
  try {
    const script = fileURLToPath(new URL('hostile-calls.js', import.meta.url));
    const command = [process.execPath, '--expose-gc', script, name, project, server.url];
    const { code, stdout, stderr } = await execute(command, { limitMs: LIMIT_MS });
    if (code !== 0) throw new Error(`the calls of ${name} ended with ${code}: ${stderr.slice(-2_000)}`);
    const calls = JSON.parse(stdout.trim().split('\n').at(-1));
    const seen = await (await fetch(`${server.other}/seen`)).json();
    const astray = seen.map(({ headers, body }) => decoded(headers.authorization) + body);
    const leaks = (behaviour) => astray.some((text) => text.includes(clientOf(behaviour).clientSecret));
    return Object.fromEntries(Object.entries(calls).map(([behaviour, call]) => [behaviour, { ...call, leaked: leaks(behaviour) }]));
  } finally {
    await server.stop();
  }
}

function decoded(authorization = '') {
  return Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8');
}
