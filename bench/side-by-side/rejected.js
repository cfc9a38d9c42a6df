// An API refuses the token before its time, and everybody who had it wants another.

import { CALL_LIMIT_MS, CREDENTIALS, outcome, sleep } from './client.js';
import { startIssuer } from './issuer.js';
import { measured, ONE } from './rows.js';

const CALLERS = 100;
const LATENCY_MS = 100;

export async function rejected(subjects) {
  const crowds = await Promise.all(subjects.map(renew));
  return {
    title: 'The rejected token',
    told:
      `${CALLERS} callers have the same token and are told 401. Half of them renew it at once, and the other half, which learn ` +
      'it late, when the next token is there already.',
    rows: [measured('requests for the next token', crowds, ONE)],
  };
}

async function renew({ open }) {
  const issuer = await startIssuer({ lifetimeSeconds: 3_600, behave: () => sleep(LATENCY_MS) });
  const client = open({ ...CREDENTIALS, tokenEndpoint: issuer.tokenEndpoint });
  const token = await client.getToken();
  const before = issuer.requests();
  for (let half = 0; half < 2; half += 1) {
    await Promise.all(Array.from({ length: CALLERS / 2 }, () => outcome(() => client.renew(token), CALL_LIMIT_MS)));
  }
  const requests = issuer.requests() - before;
  await issuer.stop();
  return requests;
}
