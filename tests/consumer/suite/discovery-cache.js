/** How long metadata is kept, who shares it, and what becomes of tokens when it can not be had. */
import { withClock } from './clock.js';
import { includes, is, ok, refused, same } from './harness.js';
import { ISSUER, OPENID, granter, metadata, oidc, site } from './metadata.js';
import { granting } from './mock.js';

export default (test, { clear, getToken }) => {
  test('a hundred callers of ten clients ask for the metadata once', async () => {
    const send = granter(metadata());
    const callers = Array.from({ length: 100 }, (_, number) => getToken('oidc', oidc(send, { clientId: `client-${number % 10}` })));
    const tokens = await Promise.all(callers);
    is(send.visits(ISSUER + OPENID), 1, 'requests for the metadata');
    same([send.visits(`${ISSUER}/token`), new Set(tokens).size], [10, 10], 'token requests, and tokens');
  });

  test('two issuers share nothing', async () => {
    const other = 'https://other.example.com';
    const send = site({
      [ISSUER + OPENID]: metadata(), [`${ISSUER}/token`]: granting(),
      [other + OPENID]: metadata({}, other), [`${other}/token`]: granting({ scope: 'other' }),
    });
    await Promise.all([ISSUER, other].map((issuer) => getToken('oidc', oidc(send, { issuer }))));
    same([send.visits(`${ISSUER}/token`), send.visits(`${other}/token`)], [1, 1], 'token requests');
  });

  test('metadata that is known outlives an outage', () => withClock(async (advance) => {
    const send = granter(metadata(), { status: 503, text: 'down' });
    await getToken('oidc', oidc(send));
    for (const hours of [1, 12, 24]) {
      advance(hours * 3_600_000);
      const token = await getToken('oidc', oidc(send));
      is(token.accessToken, `token-${send.visits(`${ISSUER}/token`)}`, `token ${hours} hours later`);
    }
    is(send.visits(`${ISSUER}/token`), 4, 'token requests');
    ok(send.visits(ISSUER + OPENID) > 1, 'the metadata to be asked for again');
  }));

  test('metadata is fresh for a day, and what changed is then heeded', () => withClock(async (advance) => {
    const send = site({
      [ISSUER + OPENID]: [metadata(), metadata({ token_endpoint: `${ISSUER}/moved` })],
      [`${ISSUER}/token`]: granting(), [`${ISSUER}/moved`]: granting(),
    });
    await getToken('oidc', oidc(send));
    advance(6 * 3_600_000);
    await getToken('oidc', oidc(send));
    is(send.visits(ISSUER + OPENID), 1, 'requests for the metadata within hours');
    // The first call after that may still be served by what was known.
    for (const days of [2, 3]) {
      advance(days * 86_400_000);
      await getToken('oidc', oidc(send));
    }
    ok(send.visits(`${ISSUER}/moved`) > 0, 'a token request to where the endpoint is now');
  }));

  test('metadata that can not be had is an error, and then it can', () => withClock(async (advance) => {
    const down = () => {
      throw new TypeError('connection refused');
    };
    for (const [answer, expected] of [[{ status: 503 }, { code: 'http', status: 503 }], [down, { code: 'network' }]]) {
      clear();
      const send = granter(answer, metadata());
      const error = await refused(() => getToken('oidc', oidc(send)), { ...expected, retryable: true });
      includes(error.message, 'issuer', 'message');
      advance(60_000);
      is((await getToken('oidc', oidc(send))).accessToken, 'token-1', 'token');
    }
  }));

  test('an attempt that fails is made again, as at the token endpoint', async () => {
    const send = granter({ status: 503, text: 'down', headers: { 'retry-after': '0' } }, metadata());
    is((await getToken('oidc', oidc(send, { retries: 1 }))).accessToken, 'token-1', 'token');
    is(send.visits(ISSUER + OPENID), 2, 'requests for the metadata');
  });

  test('clear forgets metadata', async () => {
    const send = granter(metadata());
    await getToken('oidc', oidc(send));
    clear();
    await getToken('oidc', oidc(send));
    is(send.visits(ISSUER + OPENID), 2, 'requests for the metadata');
  });
};
