// Proofs that a request comes from whom its token was given to (RFC 9449, section 7), and what servers say of them.

import { toBase64Url } from './der.js';
import { sign } from './signing.js';
import { TokenError } from './token-error.js';

// As for tokens: latency and whole seconds are no fault of a clock's.
const CLOCK_TOLERANCE_MS = 30_000;

/**
 * Makes proofs, and learns from every answer.
 *
 * @param learned what is remembered of servers, by origin: the nonce that goes into the next proof, and how far the clock is off
 */
export const proofsOf = (learned) => ({
  prove: async (url, headers, token, method) => {
    const { nonce, skew = 0 } = learned.get(url.origin) ?? {};
    const claims = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: url.origin + url.pathname,
      iat: Math.floor((Date.now() + skew) / 1000),
      ath: await digest(token.accessToken),
      nonce,
    };
    try {
      const [proof] = await sign([undefined, [{ token, header: { typ: 'dpop+jwt' }, claims }]]);
      headers.set('dpop', proof);
    } catch (fields) {
      throw new TokenError(fields);
    }
  },

  heed: ({ origin }, { headers }) => {
    const known = learned.get(origin) ?? {};
    const nonce = headers.get('dpop-nonce') ?? known.nonce;
    const off = Date.parse(headers.get('date')) - Date.now();
    const skew = Math.abs(off) > CLOCK_TOLERANCE_MS ? off : 0;
    learned.set(origin, { nonce, skew: Number.isNaN(off) ? known.skew : skew });
  },

  // Whether an answer refuses the proof alone, for want of a nonce that it brings along.
  wantsNonce: ({ status, headers }) =>
    status === 401 && headers.has('dpop-nonce') && /use_dpop_nonce/.test(headers.get('www-authenticate')),
});

const digest = async (text) => toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
