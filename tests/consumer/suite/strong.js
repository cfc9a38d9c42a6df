/** What the chapters against `servers/strong-server.js` share: where it is, what went to it, and what was in that. */
import { is } from './harness.js';

/** A function that resolves to what the server tells of itself, asked once. */
export function strongServer({ strong }) {
  let about;
  return async () => {
    about ??= await (await fetch(strong)).json();
    return about;
  };
}

/** A `fetch` that keeps what it was asked, and passes it on: to `send`, or to the runtime's own. */
export function recording(send = (input, init) => fetch(input, init)) {
  const asked = [];
  const recorded = (input, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    asked.push({ method: init.method ?? 'GET', url: String(input), headers, body: init.body });
    return send(input, init);
  };
  recorded.asked = asked;
  return recorded;
}

/** What a token request, as it was recorded, has in its form. */
export const formOf = ({ body }) => new URLSearchParams(body);

/** The header and the claims of the assertion in a token request. */
export const assertionOf = (request) => partsOf(formOf(request).get('client_assertion'));

/** The header and the claims of the proof that a request came with, or undefined where it has none. */
export const proofOf = ({ headers }) => headers.dpop && partsOf(headers.dpop);

/** The header and the claims of a JWT. */
export function partsOf(jwt) {
  const [header, claims] = jwt.split('.').slice(0, 2).map((part) => {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  });
  return { header, claims };
}

/** Base64url of the SHA-256 of bytes. */
export async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCharCode(...hash)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Runs `body` with a clock that runs as ever, but is wrong by so many milliseconds. */
export async function withWrongClock(skew, body) {
  const { now } = Date;
  const wrong = () => now() + skew;
  try {
    Date.now = wrong;
    is(Date.now, wrong, 'the clock');
    return await body();
  } finally {
    Date.now = now;
  }
}

/** Whether this runtime's WebCrypto can do Ed25519, which came later than the others. */
export const hasEd25519 = () => crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']).then(() => true, () => false);
