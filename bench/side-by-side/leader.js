// In a Worker, the request that asked for the token goes away, and others wait for what it asked.

import http from 'node:http';
import { outcome, sleep } from './client.js';
import { startIssuer } from './issuer.js';
import { measured, NONE } from './rows.js';
import { startWorker, WORKERD } from './workerd.js';

const FOLLOWERS = 10;
const LATENCY_MS = 3_000;
const SETTLING_MS = 1_000;
const CALL_LIMIT_MS = 20_000;

/** A runtime that takes the leader's request down with it leaves the followers to make one of their own. */
const FEW = { ideal: 'one, or two if the first is lost', good: (requests) => requests <= 2 };

export async function leader(subjects, project) {
  const ends = await Promise.all(subjects.map((subject) => lose(subject, project)));
  const row = (what, name, traits) => measured(what, ends.map((end) => end[name] ?? 'does not load'), traits);
  return {
    title: 'The leader that is reset',
    told:
      `A Worker in workerd ${WORKERD.date}, with the client in its module. One request asks a server that takes ${LATENCY_MS / 1_000} s, ` +
      `${FOLLOWERS} follow, and then the client of the first is gone with RST. Nobody waits longer than ${CALL_LIMIT_MS / 1_000} s.`,
    rows: [
      row(`followers without a token, of ${FOLLOWERS}`, 'unserved', NONE),
      row('requests', 'requests', FEW),
      row('later requests without a token, of 1', 'broken', NONE),
    ],
    notes: ends.flatMap(({ fault }, i) => (fault === undefined ? [] : [`\`${subjects[i].packageName}\` does not load: ${fault}`])),
  };
}

async function lose(subject, project) {
  const issuer = await startIssuer({ lifetimeSeconds: 3_600, behave: () => sleep(LATENCY_MS) });
  const worker = await startWorker(subject, project, issuer.tokenEndpoint).catch(unstarted);
  try {
    return worker.fault === undefined ? await play(worker.url, issuer) : { fault: worker.fault };
  } finally {
    await worker.stop();
    await issuer.stop();
  }
}

async function play(url, issuer) {
  const leave = lead(url);
  await outcome(() => issuer.asked, CALL_LIMIT_MS);
  const followers = Array.from({ length: FOLLOWERS }, () => ask(url));
  await sleep(SETTLING_MS);
  leave();
  const unserved = (await Promise.all(followers)).filter(({ token }) => token === undefined).length;
  const later = await ask(url);
  return { unserved, requests: issuer.requests(), broken: later.token === undefined ? 1 : 0 };
}

/** In place of a Worker, why there is none: what bundlers and workerd say first, in one line. */
function unstarted({ message }) {
  return { fault: message.split('\n').slice(0, 2).join(' '), stop() {} };
}

/** A client that goes away with RST, since workerd does not notice an ordinary close. */
function lead(url) {
  const request = http.request(url, { method: 'POST' }).on('error', () => {});
  request.end();
  return () => request.socket.resetAndDestroy();
}

/** A token is what the Worker answers with 200. */
function ask(url) {
  return outcome(async () => {
    const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(CALL_LIMIT_MS) });
    return answer.ok ? answer.text() : undefined;
  }, CALL_LIMIT_MS);
}
