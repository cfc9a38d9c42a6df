// What the core has its host do: it has no parsers, makes no ids and draws no numbers. Nothing is decided here, and
// whatever throws is nothing that can be read.

import { exchange } from './exchange.js';
import { hold } from './keys.js';
import { remake } from './retelling.js';
import { bind, sign } from './signing.js';

// Day, time, and the hours and minutes of an offset, which some vendors write without a colon. Without an offset it is UTC,
// where `Date.parse` would take local time.
const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[t ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:z|([+-]\d\d):?(\d\d)?)?)?$/i;

const parseDate = (text) => {
  const [iso, day, time = '00:00', hours = '+00', minutes = '00'] = ISO_8601.exec(text.trim()) ?? [];
  // RFC 9110, section 5.6.7: every other date begins with a weekday, and is GMT; runtimes read a date into much else.
  const date = /^[a-z]/i.test(text) ? text.replace(/[ :]\d+$/, '$& GMT') : '';
  return Date.parse(iso ? `${day}T${time}${hours}:${minutes}` : date);
};

// RFC 7519, section 4.1.4. The signature is the token's audience's to check, not ours.
const expiryOf = (token) => {
  const [, claims, , ...more] = token.split('.');
  return more.length === 0 && JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).exp;
};

const numbers = new WeakMap();
let last = 0;

// The same function has the same number at each call.
const numberOf = (known) => numbers.get(known) ?? (numbers.set(known, ++last), last);

const parseUrl = (text) => {
  const { href, origin } = new URL(text);
  return [href, origin];
};

/** The core's host in this runtime, as a function: what the function `name` makes of `given`. */
export const hostOf = ({ waitUntil }) => {
  const functions = {
    exchange,
    remake,
    hold,
    sign,
    bind,
    parseUrl,
    parseDate,
    expiryOf,
    numberOf,
    parseJson: (text) => JSON.parse(text),
    parseForm: (text) => Object.fromEntries(new URLSearchParams(text)),
    print: (number) => JSON.stringify(number),
    isoDate: (instant) => new Date(instant).toISOString(),
    uuid: () => crypto.randomUUID(),
    mono: () => performance.now(),
    random: () => Math.random(),

    // A `waitUntil` that throws, as a destructured one does, is passed over. Should it give a promise that is rejected, nobody
    // else would hear of it, and Node would end the process.
    keepAlive: ([own, promise]) => {
      for (const keep of [own, waitUntil]) {
        try {
          return void Promise.resolve(keep(promise)).catch(() => {});
        } catch {
          // The next one may do it.
        }
      }
    },

    // A timer ends with the request that started it.
    startHeart: (interval) => {
      const heart = { beats: 0, timer: setInterval(() => heart.beats++, interval) };
      return heart;
    },
    stopHeart: ({ timer }) => clearInterval(timer),
  };
  return (name, given) => functions[name](given);
};
