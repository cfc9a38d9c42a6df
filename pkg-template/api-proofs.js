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
      throw new TokenError(thrown.code ? thrown : { code: 'unsupported', message: 'dpop: this runtime has no WebCrypto; pages have it on https alone' });
    }
    return skew;
  },

  // Learns, and names the lesson where an answer refuses the proof alone, for want of what is known now: a nonce, or the server's
  // time. Other answers tell no time, since they may come from a cache. One that wants a nonce need not have looked at the proof's.
  heed: ({ origin }, { status, headers }, proven) => {
    const known = learned.get(origin) ?? {};
    const given = headers.get('dpop-nonce');
    const nonce = given?.length <= LONGEST_NONCE ? given : known.nonce;
    const isRefused = status === 401;
    const wantsNonce = isRefused && given !== null && /use_dpop_nonce/.test(headers.get('www-authenticate'));
    const ahead = isRefused && !wantsNonce ? Date.parse(headers.get('date')) - Date.now() : NaN;
    const off = Math.abs(ahead - proven);
    const isLate = off > CLOCK_TOLERANCE_MS;
    // A proof was refused although it had the answer's time: that one may be of another machine, which would lock us out.
    const isVain = off <= CLOCK_TOLERANCE_MS;
    learned.set(origin, { nonce, skew: isLate ? ahead : isVain ? 0 : known.skew });
    return wantsNonce ? 'nonce' : isLate && 'time';
  },
});

// Once a token, since it goes with each of its requests.
const hashes = new WeakMap();

const hashOf = async (token) => {
  if (!hashes.has(token)) hashes.set(token, toBase64Url(await sha256(new TextEncoder().encode(token.accessToken))));
  return hashes.get(token);
};
