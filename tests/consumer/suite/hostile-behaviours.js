/**
 * What a token endpoint may do at its worst, and what becomes of it for a caller. The server of `servers/hostile.js` performs
 * the first, the chapter `hostile.js` asserts the second, and both import this: plain data and pure functions.
 *
 * By name, which stands in the path:
 *   answer         what the server does, see `servers/hostile/perform.js`; or a function that makes it of `{ turn, now, other,
 *                  id, secret, spelling }`: the number of the request, the server's clock, the origin that no request may reach,
 *                  the credentials that were sent, and how an echo spells them
 *   token          where the outcome is a token, what differs from USABLE: `lifetime` in milliseconds, or a pair where only a
 *                  range is known; or `expiresAt`; and whether it is `kept`
 *   error          where the outcome is a failure, what differs from FAILED
 *   inBrowsers     what differs further there, since browsers hide it
 *   notInBrowsers  true where browsers differ among themselves
 *   requests       how few and how many the server may get for one call, where it is not one for each attempt
 *   provider       'oauth2' unless it is given
 *   config         what differs from a config that asks once
 */
export const USABLE = { accessToken: 'hostile-token-1', tokenType: 'Bearer', lifetime: 3_600_000, kept: true };
export const FAILED = { status: null, error: null, errorDescription: null, vendorCode: null, retryAfter: null, attempts: 1 };

/** A grant, with these fields changed; undefined leaves one out. */
const granting = (fields, more) => ({ turn }) => ({
  body: { access_token: `hostile-token-${turn}`, token_type: 'Bearer', expires_in: 3600, ...fields },
  ...more,
});

/** A grant whose text is not what a serializer would write; `$` stands for the token. */
const grantingText = (text, more) => ({ turn }) => ({ body: text.replaceAll('$', `hostile-token-${turn}`), ...more });

const EXPIRED = { token: { lifetime: 0, kept: false } };
const UNKNOWN = { token: { lifetime: 300_000 } };
const UNPARSED = { error: { code: 'invalid_response', retryable: true, status: 200 } };
const WRONG = { error: { code: 'invalid_response', retryable: false, status: 200 } };
const UNREACHABLE = { error: { code: 'network', retryable: true } };
/** A kept connection that goes without a byte of an answer was idle to many clients, which send the request again. */
const SENT_AGAIN = { requests: [1, 2] };
const LATE = { error: { code: 'timeout', retryable: true }, config: { timeout: 500 } };
const HIDDEN_STATUS = { inBrowsers: { status: null } };

/** A vendor that gives an instant where RFC 6749 has a span of time. */
const ABSOLUTE = { id: 'absolute', extends: 'oauth2', response: { expiry: [{ path: 'expires_in', as: 'epoch-seconds' }] } };
const date = (now, seconds) => new Date(now + seconds * 1_000).toUTCString();

/** A grant for these seconds, by the clock of a server that is so many seconds ahead, and says so. */
const grantingUntil = (seconds, ahead = 0, said) => (request) => {
  const expires_in = Math.floor(request.now / 1_000) + ahead + seconds;
  return granting({ expires_in }, { headers: { date: said ?? date(request.now, ahead) } })(request);
};
const TEN_MINUTES = { lifetime: [597_000, 603_000] };

const lifetimes = {
  'expires-in-text': { answer: granting({ expires_in: '3600' }), token: {} },
  'expires-in-with-a-unit': { answer: granting({ expires_in: '1h' }), ...EXPIRED },
  'expires-in-missing': { answer: granting({ expires_in: undefined }), ...UNKNOWN },
  'expires-in-null': { answer: granting({ expires_in: null }), ...UNKNOWN },
  'expires-in-empty': { answer: granting({ expires_in: '' }), ...UNKNOWN },
  'expires-in-0': { answer: granting({ expires_in: 0 }), ...EXPIRED },
  'expires-in-negative': { answer: granting({ expires_in: -1 }), ...EXPIRED },
  'expires-in-minus-1e300': { answer: granting({ expires_in: -1e300 }), ...EXPIRED },
  'expires-in-NaN-as-text': { answer: granting({ expires_in: 'NaN' }), ...EXPIRED },
  'expires-in-Infinity-as-text': { answer: granting({ expires_in: 'Infinity' }), ...EXPIRED },
  'expires-in-true': { answer: granting({ expires_in: true }), ...EXPIRED },
  'expires-in-object': { answer: granting({ expires_in: { seconds: 3600 } }), ...EXPIRED },
  // This is no JSON, so that there is no token either.
  'expires-in-NaN-bare': { answer: grantingText('{"access_token":"$","expires_in":NaN}'), ...UNPARSED },
  // The last instant that a Date can hold.
  'expires-in-1e300': { answer: granting({ expires_in: 1e300 }), token: { expiresAt: 8_640_000_000_000_000 } },
  'expires-in-1e400': { answer: grantingText('{"access_token":"$","token_type":"Bearer","expires_in":1e400}'), token: { expiresAt: 8_640_000_000_000_000 } },
  'expires-in-fraction-as-text': { answer: granting({ expires_in: '3599.5' }), token: { lifetime: [3_599_000, 3_599_500] } },
  'expires-in-59': { answer: granting({ expires_in: 59 }), token: { lifetime: 59_000 } },
  'expires-in-half-a-second': { answer: granting({ expires_in: 0.5 }), token: { lifetime: 500, kept: false } },
  // Only the descriptor can know that a number is an instant: this one is 60 years.
  'expires-in-that-looks-like-an-instant': { answer: granting({ expires_in: 1_900_000_000 }), token: { lifetime: 1_900_000_000_000 } },
  'instant': { provider: ABSOLUTE, answer: grantingUntil(600), token: TEN_MINUTES },
  'instant-that-has-passed': { provider: ABSOLUTE, answer: grantingUntil(-600), ...EXPIRED },
  'instant-of-a-clock-ahead': { provider: ABSOLUTE, answer: grantingUntil(600, 3_600), token: TEN_MINUTES },
  'instant-of-a-clock-behind': { provider: ABSOLUTE, answer: grantingUntil(600, -3_600), token: TEN_MINUTES },
  'instant-with-a-date-that-is-none': { provider: ABSOLUTE, answer: grantingUntil(600, 0, 'a quarter past nine'), token: TEN_MINUTES },
  'span-of-a-clock-ahead': { answer: (request) => granting({}, { headers: { date: date(request.now, 3_600) } })(request), token: {} },
};

const tokens = {
  'no-token': { answer: { body: { token_type: 'Bearer', expires_in: 3600 } }, ...WRONG },
  'empty-token': { answer: granting({ access_token: '' }), ...WRONG },
  'token-with-control-characters': { answer: grantingText('{"token_type":"Bearer","access_token":"$\\r\\nx-injected: 1\\u0000"}'), ...WRONG },
  'no-token-type': { answer: granting({ token_type: undefined }), token: {} },
  'mac': { answer: granting({ token_type: 'mac' }), ...WRONG },
  'BearerToken': { answer: granting({ token_type: 'BearerToken' }), token: {} },
  'token-as-text-plain': { answer: granting({}, { headers: { 'content-type': 'text/plain' } }), token: {} },
  'token-with-201': { answer: granting({}, { status: 201 }), token: {} },
  'token-by-gzip': { answer: granting({}, { gzip: true }), token: {} },
  'token-by-close': {
    answer: ({ turn }) => ({
      head: `HTTP/1.0 200 OK\r\n{open}\r\n{"access_token":"hostile-token-${turn}","token_type":"Bearer","expires_in":3600}`,
      ending: 'close',
    }),
    token: {},
  },
  // The last one counts.
  'duplicate-keys': {
    answer: grantingText('{"token_type":"Bearer","access_token":"hostile-token-first","expires_in":1,"access_token":"$","expires_in":3600}'),
    token: {},
  },
  // As `text()` has it, bytes that are no UTF-8 become replacement characters, which no token may hold.
  'invalid-utf8-beside-the-token': {
    answer: grantingText('{"access_token":"$","token_type":"Bearer","expires_in":3600,"name":"\xff\xc3"}', { latin1: true }),
    token: {},
  },
  'invalid-utf8-in-the-token': { answer: grantingText('{"token_type":"Bearer","access_token":"$\xff"}', { latin1: true }), ...WRONG },
  'deep-nesting-beside-the-token': {
    answer: grantingText(`{"access_token":"$","token_type":"Bearer","expires_in":3600,"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    token: {},
  },
  'deep-nesting-alone': { answer: { body: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }, ...WRONG },
};

const challenging = (challenge, more) => ({ status: 401, headers: { 'www-authenticate': challenge }, ...more });

const refusals = {
  'error-as-text-plain': {
    answer: { status: 400, headers: { 'content-type': 'text/plain' }, body: { error: 'invalid_scope', error_description: 'no such' } },
    error: { code: 'oauth', retryable: false, status: 400, error: 'invalid_scope', errorDescription: 'no such' },
  },
  'error-with-200': {
    answer: { body: { error: 'invalid_scope' } },
    error: { code: 'oauth', retryable: false, status: 200, error: 'invalid_scope' },
  },
  'error-beside-a-token': {
    answer: granting({ error: 'server_error' }),
    error: { code: 'oauth', retryable: true, status: 200, error: 'server_error' },
  },
  'challenge-with-a-body': {
    answer: challenging('Basic realm="here"', { body: { error: 'invalid_client' } }),
    error: { code: 'oauth', retryable: false, status: 401, error: 'invalid_client' },
  },
  'challenge-without-a-body': {
    answer: challenging('Basic realm="here"'),
    error: { code: 'http', retryable: false, status: 401 },
  },
  'challenge-with-the-reason': {
    answer: challenging('Bearer realm="here", error="invalid_client", error_description="who is that"'),
    error: { code: 'oauth', retryable: false, status: 401, error: 'invalid_client', errorDescription: 'who is that' },
  },
  // RFC 9110, section 11.2: parameters come in any order.
  'challenge-with-the-reason-last': {
    answer: challenging('Bearer error_description="who is that", error="invalid_client"'),
    error: { code: 'oauth', retryable: false, status: 401, error: 'invalid_client', errorDescription: 'who is that' },
  },
  'page-with-502': {
    answer: { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' },
    error: { code: 'http', retryable: true, status: 502 },
  },
  'empty-204': { answer: { status: 204 }, error: { code: 'invalid_response', retryable: true, status: 204 } },
  'empty-200': { answer: { body: '' }, ...UNPARSED },
  'truncated': { answer: grantingText('{"access_token":"$","expires_in":36'), ...UNPARSED },
  'utf-16': { answer: grantingText([...'{"access_token":"x"}'].join('\0')), ...UNPARSED },
};

/** A refusal for the time being, with the Retry-After that `say` makes of the server's clock. */
const busy = (status, say) => ({ now }) => ({ status, headers: { date: date(now, 0), 'retry-after': say(now) } });
const later = (status, retryAfter) => ({ error: { code: 'http', retryable: true, status, retryAfter } });

const waits = {};
for (const status of [429, 503]) {
  Object.assign(waits, {
    [`${status}-for-seconds`]: { answer: busy(status, () => '7'), ...later(status, 7_000) },
    [`${status}-until-a-date`]: { answer: busy(status, (now) => date(now, 30)), ...later(status, 30_000) },
    [`${status}-until-a-date-that-has-passed`]: { answer: busy(status, (now) => date(now, -30)), ...later(status, 0) },
    // Longer than a call may take, so that it is told instead of waited for.
    [`${status}-for-ever`]: { answer: busy(status, () => '1000000000000'), ...later(status, 1e15), config: { retries: 2 } },
    [`${status}-for-a-negative-time`]: { answer: busy(status, () => '-5'), ...later(status, null) },
    [`${status}-for-a-word`]: { answer: busy(status, () => 'soon'), ...later(status, null) },
  });
}

const redirects = {};
for (const status of [301, 302, 303, 307, 308]) {
  const refused = { error: { code: 'redirect', retryable: false, status }, ...HIDDEN_STATUS };
  Object.assign(redirects, {
    [`${status}-to-another-origin`]: {
      answer: ({ other }) => ({ status, headers: { location: `${other}/sink` } }),
      ...refused,
      config: { retries: 2 },
    },
    [`${status}-to-nowhere`]: { answer: { status }, ...refused },
  });
}
redirects['302-that-hangs-in-the-body'] = {
  answer: ({ other }) => ({ status: 302, headers: { location: `${other}/sink` }, body: 'look elsewhere', ending: 'hang' }),
  error: { code: 'redirect', retryable: false, status: 302 },
  config: { timeout: 500 },
  // WebKit tells nobody of a redirect before its end.
  notInBrowsers: true,
};

const MEBIBYTE = 1_048_576;

const transport = {
  // Were all of them read, these would be 200 MiB, and at their end the server is silent.
  'flood': { answer: { body: ' '.repeat(65_536), times: 3_200, ending: 'flood' }, ...UNPARSED },
  'flood-by-gzip': { answer: { body: ' '.repeat(MEBIBYTE), times: 200, gzip: true, ending: 'flood' }, ...UNPARSED },
  'flood-with-500': {
    answer: { status: 500, body: ' '.repeat(65_536), times: 3_200, ending: 'flood' },
    error: { code: 'http', retryable: true, status: 500 },
  },
  'flood-of-headers': {
    answer: { head: 'HTTP/1.1 200 OK\r\n{open}', body: `x-flood: ${'x'.repeat(4_085)}\r\n`.repeat(16), times: 3_200, ending: 'flood' },
    ...UNREACHABLE,
  },
  'drip': { answer: granting({}, { ending: 'drip' }), ...LATE },
  'drip-of-headers': { answer: { head: 'HTTP/1.1 200 OK\r\n{open}', body: 'x-drip: drip\r\n'.repeat(10), ending: 'drip' }, ...LATE },
  'hang': { answer: { head: '', ending: 'hang' }, ...LATE },
  'hang-in-the-body': { answer: granting({}, { ending: 'hang' }), ...LATE },
  'close': { answer: { head: '', ending: 'close' }, ...UNREACHABLE, ...SENT_AGAIN },
  'close-in-the-body': { answer: granting({}, { ending: 'close' }), ...UNREACHABLE },
  'reset': { answer: { head: '', ending: 'reset' }, ...UNREACHABLE, ...SENT_AGAIN },
  'reset-in-the-body': { answer: granting({}, { ending: 'reset' }), ...UNREACHABLE },
  'no-http': { answer: { head: 'SSH-2.0-OpenSSH_9.9\r\n', ending: 'close' }, ...UNREACHABLE },
};

export const behaviours = { ...lifetimes, ...tokens, ...refusals, ...waits, ...redirects, ...transport };
