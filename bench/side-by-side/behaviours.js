// Which of the behaviours that Tokenlet is tested with are put to everybody, and the client that meets each.

import { behaviours } from '../../tests/consumer/suite/hostile-behaviours.js';
import { CREDENTIALS } from './client.js';

/** By name, without what only Tokenlet could be told by a descriptor. */
export function comparableBehaviours() {
  return Object.fromEntries(Object.entries(behaviours).filter(([, { provider }]) => provider === undefined));
}

/** A secret by which a request tells, wherever it arrives, what it was made for. */
export function clientOf(behaviour) {
  return { ...CREDENTIALS, clientSecret: `${CREDENTIALS.clientSecret}-${behaviour}` };
}
