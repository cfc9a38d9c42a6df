/**
 * Keys, and a token endpoint for each case that signs with one.
 *
 * `GET /keys` gives what `keys/openssl.js` makes, as `{ keys, others }`. `POST /cases` takes what a case expects of a request,
 * see `keys/strict.js`, with `key` a name in `keys` or a JWK, and gives the `tokenEndpoint` that accepts this and nothing
 * else. A refusal says in words what is wrong and, where the case has `echo`, tells the assertion back, as some servers do.
 *
 * By hand: `node tests/servers/key-server.js`.
 */
import { json, listen, openToEveryOrigin, startedByHand, text } from './http.js';
import { makeKeys, makeOthers } from './keys/openssl.js';
import { Refusal, check } from './keys/strict.js';

export async function startKeyServer() {
  const [keys, others] = await Promise.all([makeKeys(), makeOthers()]);
  const cases = [];
  /** No assertion is taken twice, whichever case it was meant for. */
  const seen = new Set();

  const server = await listen(openToEveryOrigin((request) => {
    const [, place, number] = request.path.split('/');
    switch (`${request.method} /${place}`) {
      case 'GET /keys':
        return json(200, { keys, others });
      case 'POST /cases':
        return json(200, open(JSON.parse(request.body)));
      case 'POST /token':
        return answerTokenRequest(request, cases[number], seen);
      default:
        return text(404, 'expected GET /keys, POST /cases or POST /token/<case>\n');
    }
  }));

  function open({ key, ...expected }) {
    const tokenEndpoint = `${server.url}/token/${cases.length}`;
    cases.push({ ...expected, key: keys[key]?.publicJwk ?? key, tokenEndpoint, name: cases.length, granted: 0 });
    return { tokenEndpoint };
  }

  return server;
}

async function answerTokenRequest(request, expected, seen) {
  try {
    await check(request, expected, seen);
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    const assertion = new URLSearchParams(request.body.toString('utf8')).get('client_assertion');
    const told = expected.echo ? `${fault.message}, in ${assertion}` : fault.message;
    return json(401, { error: 'invalid_client', error_description: told });
  }
  expected.granted += 1;
  return json(200, { access_token: `signed-${expected.name}-${expected.granted}`, token_type: 'Bearer', expires_in: 3600 });
}

if (startedByHand(import.meta.url)) {
  const { url } = await startKeyServer();
  console.log(url);
}
