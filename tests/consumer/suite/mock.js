/**
 * Servers of a few lines, for answers that a real one adds nothing to. They go
 * where a user would put a `fetch` of their own, so the package under test
 * cannot tell them from one.
 */
import { started } from './harness.js';

/** A secret with every character that some encoding treats in its own way. */
export const HARD_SECRET = 'hard secret+/=%:&é"\\~';

/** A config of the generic provider that speaks to `fetch`, once. */
export const oauth2 = (fetch, changes = {}) => ({
  tokenEndpoint: 'https://auth.example.com/token',
  clientId: 'client',
  clientSecret: HARD_SECRET,
  retries: 0,
  fetch,
  ...changes,
});

/** A config of `emporix` that speaks to `fetch`, once. */
export const emporix = (fetch, changes = {}) => ({
  tenant: 'acme',
  clientId: 'client',
  clientSecret: HARD_SECRET,
  retries: 0,
  fetch,
  ...changes,
});

/**
 * A `fetch` that gives these answers in turn, the last one for ever, and keeps
 * what it was asked in `asked`. An answer is a Response, the makings of one
 * (`status`, `headers`, `json` or `text`), or a function of the request's
 * number and the request that yields either. Without answers it grants.
 */
export function answering(...answers) {
  const asked = [];
  const fetch = async (input, init) => {
    const request = new Request(input, init);
    const headers = Object.fromEntries(request.headers);
    asked.push({ method: request.method, url: request.url, headers, body: '', init });
    const number = asked.length;
    asked[number - 1].body = await request.text();
    const answer = answers[Math.min(number, answers.length) - 1] ?? granting();
    return respond(typeof answer === 'function' ? await answer(number, asked[number - 1]) : answer);
  };
  fetch.asked = asked;
  return fetch;
}

/** Grants a new token each time: `token-1`, `token-2`… */
export const granting = (fields = {}) => (number) => ({
  json: { access_token: `token-${number}`, token_type: 'Bearer', expires_in: 3600, ...fields },
});

/** Refuses as RFC 6749 has it. */
export const refusing = (error = 'invalid_client', status = 401, fields = {}) => ({
  status,
  json: { error, ...fields },
});

export function respond(answer) {
  if (answer instanceof Response) return answer;
  const { status = 200, headers = {}, json, text } = answer;
  if (json === undefined) return new Response(text ?? null, { status, headers });
  return new Response(JSON.stringify(json), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** A promise and the two functions that settle it: holds an answer back until the case says so. */
export function gate() {
  const made = {};
  made.promise = started(new Promise((open, slam) => Object.assign(made, { open, slam })));
  return made;
}

/** A JWT with these claims. Its signature is no signature: a client has no business checking it. */
export function jwt(claims) {
  const part = (value) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** Base64 of the UTF-8 bytes; `btoa` alone stops at Latin-1. */
export function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
