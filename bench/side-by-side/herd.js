// A thousand calls at once while there is no token yet, as when a server starts under load.

import { CALL_LIMIT_MS, CREDENTIALS, outcome, sleep } from './client.js';
import { startIssuer } from './issuer.js';
import { measured, NONE, ONE } from './rows.js';

const CALLS = 1_000;
const LATENCY_MS = 100;

/** One subject after the other, since a thousand connections leave little for anyone else. */
export async function herd(subjects) {
  const crowds = [];
  for (const subject of subjects) crowds.push(await crowd(subject));
  const values = (name) => crowds.map((numbers) => numbers[name]);
  return {
    title: 'The herd',
    told: `${CALLS} calls at once, without a token yet, at a server that takes ${LATENCY_MS} ms.`,
    rows: [
      measured('requests', values('requests'), ONE),
      measured('different tokens', values('tokens'), ONE),
      measured('failed calls', values('failed'), NONE),
    ],
  };
}

async function crowd({ open }) {
  const issuer = await startIssuer({ lifetimeSeconds: 3_600, behave: () => sleep(LATENCY_MS) });
  const { getToken } = open({ ...CREDENTIALS, tokenEndpoint: issuer.tokenEndpoint });
  const ended = await Promise.all(Array.from({ length: CALLS }, () => outcome(getToken, CALL_LIMIT_MS)));
  const requests = issuer.requests();
  await issuer.stop();
  const tokens = ended.flatMap(({ token }) => token?.accessToken ?? []);
  return { requests, tokens: new Set(tokens).size, failed: CALLS - tokens.length };
}
