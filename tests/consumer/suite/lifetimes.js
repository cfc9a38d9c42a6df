/** The descriptor language, lifetimes: what an answer says of one in each unit, what is assumed, and how long a token is kept. */
import { acme, describing } from './described.js';
import { between, is } from './harness.js';
import { answering, granting, jwt } from './mock.js';
import { withClock } from './clock.js';

export default (test, tokenlet) => {
  const { clear, getToken } = tokenlet;
  const { read } = describing(tokenlet);

  /** Cases for which the clock stands still, at `NOW`. */
  const timed = (what, body) => test(what, () => withClock(async (advance) => {
    advance(NOW - Date.now());
    await body(advance);
  }));
  const lifetime = ({ expiresAt }) => (expiresAt === null ? null : expiresAt - Date.now());

  const SOON = '2026-01-31T12:01:30';
  /** Of a unit: values that mean ninety seconds from now, those that mean nothing, and those that are zero. */
  const UNITS = {
    seconds: [[90, '90', ' 90 ', '90.0'], [-90, '-90', '1m', 'NaN', '9e1'], [0, '0', '-0', '0.0']],
    milliseconds: [[90_000, '90000', 90_000.7], [-1, SOON], [0, '0']],
    minutes: [[1.5], ['0:90', -1], [0, '0']],
    'epoch-seconds': [[1_769_860_890, '1769860890'], [90, '90', `${SOON}Z`, 1_769_860_800], [0, '0']],
    'epoch-milliseconds': [[1_769_860_890_000, '1769860890000'], [1_769_860_890, '90', `${SOON}Z`], [0, '0']],
    'seconds-or-epoch': [[90, '90', 1_769_860_890, '1769860890'], [1e9, '1000000000', -90], [0, '0']],
    iso8601: [
      [
        `${SOON}Z`, SOON, `${SOON}z`, `${SOON} Z`, ` ${SOON.replace('T', ' ')} `, SOON.replace('T', 't'),
        `${SOON}+00:00`, `${SOON}-00`, `${SOON}+0000`,
        '2026-01-31T14:31:30+02:30', '2026-01-31T02:01:30-1000', '2026-02-01 02:01:30+14', '2026-01-30 23:01:30 -13:00',
        ...['0', '00', '000', '0000', '00000', '000000', '0000000', '00000000', '000000000'].map((fraction) => `${SOON}.${fraction}Z`),
      ],
      [90, '90', 1_769_860_890, 'soon', '2026-01-31', '2026-13-31T12:01:30Z', `${SOON}.xZ`, '31/01/2026 12:01:30', `${SOON}Z or so`],
      [0, '0', '1970-01-01T00:00:00Z'],
    ],
    'http-date': [
      // The last two say no zone, and mean the same (RFC 9110, section 5.6.7).
      ['Sat, 31 Jan 2026 12:01:30 GMT', 'Saturday, 31-Jan-26 12:01:30 GMT', 'Sat Jan 31 12:01:30 2026', 'Sat, 31 Jan 2026 12:01:30'],
      [90, 1_769_860_890, '90', '2099', 'Sat, 31 Jan 2026 11:59:59 GMT', 'soon'],
      [0, '0', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ],
    'd:h:m': [[], [90, '90', '1:30', '0:0:0:1', '0:0:x', '-1:0:0', ''.padEnd(3, ':')], [0, '0', '0:0:0', '00:00:00']],
  };
  for (const [as, [good, bad, zeros]] of Object.entries(UNITS)) {
    timed(`an expiry is read as ${as}`, async () => {
      const life = async (x, response = {}) =>
        lifetime(await read({ expiry: [{ path: 'x', as }], ...response }, { json: { access_token: 't', expires_in: 7, x } }));
      const all = async (values, expected, response) => {
        for (const value of values) is(await life(value, response), expected, `${JSON.stringify(value)} with ${JSON.stringify(response)}`);
      };
      await all(good, 90_000);
      await all(good, 90_000, { zero: 'never', ttl: 5 });
      await all([...bad, true, [90], { x: 90 }], 0);
      await all(bad, 0, { zero: 'never', ttl: 5 });
      await all([null, '', undefined], 300_000);
      await all([null, ''], 5_000, { ttl: 5 });
      await all(zeros, 0, { ttl: 5 });
      await all(zeros, 0, { zero: 'expired' });
      await all(zeros, null, { zero: 'never', ttl: 5 });
      await all(zeros, 300_000, { zero: 'unknown' });
      await all(zeros, 7_000, { zero: 'unknown', expiry: [{ path: 'x', as }, { path: 'expires_in', as: 'seconds' }], ttl: 5 });
    });
  }

  timed('a part of a unit is a lifetime, and no zero', async () => {
    const inMinutes = { expiry: [{ path: 'm', as: 'minutes' }], zero: 'never' };
    for (const m of [0.5, '0.5']) is(lifetime(await read(inMinutes, { json: { access_token: 't', m } })), 30_000, JSON.stringify(m));
  });

  timed('an offset of one digit is none, and not that of UTC', async () => {
    const answer = { json: { access_token: 't', x: `${SOON}+1` } };
    is(lifetime(await read({ expiry: [{ path: 'x', as: 'iso8601' }] }, answer)), 0, 'lifetime');
  });

  timed('days, hours and minutes, fractions of a second, and instants long past are read', async () => {
    const life = async (as, x) => lifetime(await read({ expiry: [{ path: 'x', as }] }, { json: { access_token: 't', x } }));
    for (const [text, minutes] of [['0:0:2', 2], ['0:23:59', 1_439], ['1:2:3', 1_563], ['00:00:01', 1], ['0:0:90', 90]]) {
      is(await life('d:h:m', text), minutes * 60_000, text);
    }
    for (const [digits, millis] of [['5', 500], ['25', 250], ['125', 125], ['1259', 125], ['000999999', 0], ['999999999', 999]]) {
      // Some runtimes round what others cut.
      between(await life('iso8601', `${SOON}.${digits}Z`), 90_000 + millis, 90_000 + millis, digits);
    }
    is(await life('iso8601', '2026-01-31T12:02Z'), 120_000, 'no seconds');
    is(await life('iso8601', '2026-02-01'), 43_200_000, 'a day alone');
    is(await life('seconds', 1.25), 1_250, '1.25 s');
    is(await life('seconds-or-epoch', 999_999_999), 999_999_999_000, 'the last number that counts seconds');
  });

  timed('ttl is what to assume where nothing says', async () => {
    const params = { n: { kind: 'int', required: false } };
    const cases = [
      [undefined, 300_000], [60, 60_000], [null, null], [0, null], [-5, 0], ['60', 60_000], ['{n?}', 300_000],
      ['{n}', 60_000, 60], ['{n}', null, 0], ['{n?}0', 600_000, 60],
    ];
    for (const [ttl, expected, n] of cases) {
      is(lifetime(await read({ ttl }, { json: { access_token: 't' } }, { params, config: { n } })), expected, JSON.stringify([ttl, n]));
      is(lifetime(await read({ ttl }, granting({ expires_in: 90 }), { params, config: { n } })), 90_000, 'where the answer says');
    }
  });

  timed('the exp of a JWT counts, unless the descriptor says that it does not', async () => {
    const token = jwt({ exp: NOW / 1_000 + 60 });
    const life = async (response, fields = {}) => lifetime(await read(response, { json: { access_token: token, ...fields } }));
    is(await life({ ttl: null }), 60_000, 'instead of ttl');
    is(await life({ ttl: null, jwtExp: false }), null, 'ttl');
    is(await life({}, { expires_in: 90 }), 60_000, 'before expires_in');
    is(await life({ jwtExp: false }, { expires_in: 90 }), 90_000, 'expires_in');
    is(await life({ zero: 'never' }, { expires_in: 0 }), 60_000, 'instead of for ever');
    is(await life({ zero: 'never', jwtExp: false }, { expires_in: 0 }), null, 'for ever');
    is(await life({ expiry: [] }, { expires_in: 30 }), 60_000, 'where no expiry is read');
    is(await life({ expiry: [], jwtExp: false }, { expires_in: 30 }), 300_000, 'where nothing is read');
    is(await life({ expiry: [], jwtExp: false, ttl: 5 }, { expires_in: 30 }), 5_000, 'where nothing is read but ttl');
  });

  timed('maxTtl bounds how long a token is kept, not what it says of itself', async (advance) => {
    for (const [maxTtl, ttl, kept] of [[100, 3_600, 50_000], [100, null, 50_000], [3_600, 100, 50_000], [0, 3_600, 0], [0, null, 0]]) {
      clear();
      const fetch = answering((number) => ({ json: { access_token: `token-${number}` } }));
      const bounded = acme({ response: { ttl }, cache: { maxTtl } });
      const what = JSON.stringify([maxTtl, ttl]);
      const first = await getToken(bounded, { fetch });
      is(lifetime(first), ttl && ttl * 1_000, `lifetime with ${what}`);
      advance(kept);
      is(await getToken(bounded, { fetch }), first, `the token while it is kept with ${what}`);
      advance(kept === 0 ? 1_100 : 51_000);
      is((await getToken(bounded, { fetch })).accessToken, 'token-2', `the token after it with ${what}`);
    }
  });

  timed('an expiry that can not be read gives way to the next one', async () => {
    const expiry = [{ path: 'at', as: 'iso8601' }, { path: 'at', as: 'epoch-seconds' }, { path: 'in', as: 'seconds' }];
    const told = async (fields) => lifetime(await read({ expiry }, granting({ expires_in: undefined, ...fields })));
    is(await told({ at: 1_769_860_890 }), 90_000, 'the same place in another unit');
    is(await told({ at: 'in an hour', in: 90 }), 90_000, 'another place');
    is(await told({ at: 'in an hour' }), 0, 'nothing that can be read');
  });

  timed('a token that revokes the one before is not asked for ahead of time', async (advance) => {
    for (const [exclusive, requests] of [[true, 1], [false, 2]]) {
      clear();
      const fetch = answering(granting({ expires_in: 100 }));
      const kept = [];
      const config = { fetch, waitUntil: (promise) => void kept.push(promise) };
      const ask = () => getToken(acme({ cache: { exclusive } }), config);
      const token = await ask();
      // Past the refresh, and with more left than the ten seconds of its margin.
      advance(85_000);
      is(await ask(), token, 'the old token');
      await Promise.all(kept);
      is(fetch.asked.length, requests, `requests where exclusive is ${exclusive}`);
      advance(6_000);
      is((await ask()).accessToken, 'token-2', 'the new token');
      is(fetch.asked.length, 2, 'requests in all');
    }
  });
};

const NOW = Date.parse('2026-01-31T12:00:00Z');
