/**
 * An origin that remembers every request: GET /seen tells them, POST /reset forgets them, and anything else answers a token,
 * so that a client which was led astray to it is rewarded and thereby found out.
 */
import { json, listen, openToEveryOrigin, record } from './http.js';

export function startWitness() {
  return listen(openToEveryOrigin(witness()));
}

function witness() {
  let seen = [];
  return (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /seen':
        return json(200, seen);
      case 'POST /reset':
        seen = [];
        return { status: 204 };
      default:
        seen.push(record(request));
        return json(200, { access_token: `seen-${seen.length}`, token_type: 'Bearer', expires_in: 3600 });
    }
  };
}
