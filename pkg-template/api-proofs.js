// Proofs that a request comes from whom its token was given to (RFC 9449, section 7), and what servers say of them.

import { sha256, toBase64Url } from './der.js';
import { sign } from './signing.js';
import { TokenError } from './token-error.js';

// As for tokens: latency and whole seconds are no fault of a clock's.
const CLOCK_TOLERANCE_MS = 30_000;

// Longer ones would make headers that no server takes.
const LONGEST_NONCE = 1024;

/**
 * Makes proofs, and learns from answers.
 *
 * @param learned what is remembered of servers, by origin: the nonce that goes into the next proof, and how far the clock is off
 */
export const proofsOf = (learned) => ({
  // Resolves to how far ahead the time is that it was made for.
  prove: async (url, headers, token, method) => {
    const { nonce, skew = 0 } = learned.get(url.origin) ?? {};
    try {
      const claims = {
        jti: crypto.randomUUID(),
        htm: method,
        htu: url.origin + url.pathname,
        iat: Math.floor((Date.now() + skew) / 1000),
        ath: await hashOf(token),
        nonce,
      };
      const { signatures: [proof] } = await sign([undefined, [{ token, header: { typ: 'dpop+jwt' }, claims }]]);
      headers.set('dpop', proof);
    } catch (thrown) {
      // The runtime's own errors, where it lacks a part of this, have no code.
      const message = 'dpop: this runtime has no WebCrypto; pages have it on https alone';
      throw new TokenError(thrown.code ? thrown : { code: 'unsupported', message });
    }
    return skew;
  },

  // Learns, and names the lesson where an answer refuses the proof alone, for want of what is known now: a nonce, or the server's
  // time. Only a refusal tells the time: other answers may come from a cache, and one that wants a nonce says nothing of the clock.
  heed: ({ origin }, { status, headers }, proven) => {
    const known = learned.get(origin) ?? {};
    const given = headers.get('dpop-nonce');
    const nonce = given?.length <= LONGEST_NONCE ? given : known.nonce;
    const wantsNonce = status === 401 && given !== null && /use_dpop_nonce/.test(headers.get('www-authenticate'));
    const ahead = status === 401 && !wantsNonce ? Date.parse(headers.get('date')) - Date.now() : NaN;
    const isLate = Math.abs(ahead - proven) > CLOCK_TOLERANCE_MS;
    // Where the proof had the time of the answer, that may be another machine's, by which the API would refuse every proof.
    learned.set(origin, { nonce, skew: isLate ? ahead : Number.isNaN(ahead) ? known.skew : 0 });
    return wantsNonce ? 'nonce' : isLate && 'time';
  },
});

// Once a token, since it goes with each of its requests.
const hashes = new WeakMap();

const hashOf = async (token) => {
  if (!hashes.has(token)) hashes.set(token, toBase64Url(await sha256(new TextEncoder().encode(token.accessToken))));
  return hashes.get(token);
};
