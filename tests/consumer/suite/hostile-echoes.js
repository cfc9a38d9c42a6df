/**
 * Token endpoints that send back what they know: the secret they were sent, or the token they issued. As in
 * `hostile-behaviours.js`, where the members of an entry are described, `answer` is what the server does and `error` what a
 * caller is told of it. `answer` is given `echo`, which is what comes back.
 */
import { base64 } from './mock.js';

/** With every character that an encoding treats in its own way, and none that a header cannot carry. */
export const SECRET = 'hostile secret+/=%:&"\\~ of nobody else';

/** What the endpoints of `issuing` grant once, and send back ever after. It begins as all tokens here do. */
export const ISSUED = 'hostile-token.issued-before+/~==';

const formEncoded = (text) => new URLSearchParams({ '': text }).toString().slice(1);
const urlSafe = (text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const pair = (id, secret) => `${formEncoded(id)}:${formEncoded(secret)}`;

/** How the secret, or what was made of it for the request, may be spelt. */
export const SPELLINGS = {
  raw: (_, secret) => secret,
  percent: (_, secret) => encodeURIComponent(secret),
  'percent in lower case': (_, secret) => encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
  form: (_, secret) => formEncoded(secret),
  JSON: (_, secret) => JSON.stringify(secret).slice(1, -1),
  base64: (_, secret) => base64(secret),
  base64url: (_, secret) => urlSafe(base64(secret)),
  'the raw pair': (id, secret) => `${id}:${secret}`,
  'base64 of the raw pair': (id, secret) => base64(`${id}:${secret}`),
  'base64url of the raw pair': (id, secret) => urlSafe(base64(`${id}:${secret}`)),
  'what HTTP Basic carried': (id, secret) => base64(pair(id, secret)),
};

/** RFC 9110, section 5.6.4: a quoted string escapes its quotes and backslashes. */
const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const refusal = (changes) => ({ code: 'oauth', retryable: false, status: 401, error: 'invalid_client', ...changes });
const places = {
  'description': {
    answer: (echo) => ({ status: 401, body: { error: 'invalid_client', error_description: `not ${echo} again` } }),
    error: refusal(),
  },
  'details': {
    answer: (echo) => ({ status: 401, body: { error: 'invalid_client', request: { [echo]: [{ authorization: echo }] } } }),
    error: refusal(),
  },
  'text': {
    answer: (echo) => ({ status: 401, headers: { 'content-type': 'text/plain' }, body: `not ${echo} again` }),
    error: refusal({ error: null }),
  },
  'page': {
    answer: (echo) => ({ status: 502, headers: { 'content-type': 'text/html' }, body: `<h1>${echo}</h1>` }),
    error: { code: 'http', retryable: true, status: 502 },
  },
  'challenge': {
    answer: (echo) => ({
      status: 401,
      headers: {
        'www-authenticate': `Bearer error="invalid_client", error_description=${quoted(`not ${echo} again`)}, realm=${quoted(echo)}`,
      },
    }),
    error: refusal(),
  },
  'reason phrase': {
    answer: (echo) => ({ status: 502, reason: `not ${echo} again` }),
    error: { code: 'http', retryable: true, status: 502 },
  },
  'location': {
    answer: (echo, other) => ({ status: 307, headers: { location: `${other}/?${encodeURIComponent(echo)}` } }),
    error: { code: 'redirect', retryable: false, status: 307 },
    inBrowsers: { status: null },
  },
  'answer without a token': {
    answer: (echo) => ({ body: { echo } }),
    error: { code: 'invalid_response', retryable: false, status: 200 },
  },
  'answer that is no JSON': {
    answer: (echo) => ({ body: `{"echo":"${echo}` }),
    error: { code: 'invalid_response', retryable: true, status: 200 },
  },
  'answer that is no HTTP': {
    answer: (echo) => ({ head: `${echo}\r\n`, ending: 'close' }),
    error: { code: 'network', retryable: true },
  },
};

const granted = { body: { access_token: ISSUED, token_type: 'Bearer', expires_in: 3600 } };

/** By their place: what sends back the secret, in the spelling that the request's query asks for. */
export const echoing = named('echo-in', (answer) => ({ id, secret, spelling, other }) => answer(SPELLINGS[spelling](id, secret), other));

/** By their place: what grants ISSUED at first, and then sends it back in that spelling. */
export const issuing = named('issued-in', (answer) => ({ turn, id, spelling, other }) =>
  turn === 1 ? granted : answer(SPELLINGS[spelling](id, ISSUED), other));

function named(prefix, answered) {
  const entries = Object.entries(places).map(([place, { answer, ...outcome }]) => [
    `${prefix}-${place.replaceAll(' ', '-')}`,
    { ...outcome, answer: answered(answer) },
  ]);
  return Object.fromEntries(entries);
}
