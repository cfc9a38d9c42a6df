/** How long metadata is kept, who shares it, and what becomes of tokens when it can not be had. */
import { withClock } from './clock.js';
import { includes, is, ok, refused, same } from './harness.js';
import { ISSUER, OPENID, granter, metadata, oidc, site } from './metadata.js';
import { granting } from './mock.js';
import { strongServer } from './strong.js';

export default (test, { clear, getToken, onEvent }, env) => {
  const server = strongServer(env);

  test('a hundred callers of ten clients ask for the metadata once', async () => {
    const send = granter(metadata());
    const callers = Array.from({ length: 100 }, (_, number) => getToken('oidc', oidc(send, { clientId: `client-${number % 10}` })));
    const tokens = await Promise.all(callers);
    is(send.visits(ISSUER + OPENID), 1, 'requests for the metadata');
    same([send.visits(`${ISSUER}/token`), new Set(tokens).size], [10, 10], 'token requests, and tokens');
  });

  test('what one fetch was told is for those who bring that fetch', async () => {
    // As where tenants bring connections of their own, of which one leads to somebody else.
    const elsewhere = 'https://elsewhere.example/token';
    const other = site({ [ISSUER + OPENID]: metadata({ token_endpoint: elsewhere }), [elsewhere]: granting() });
    const send = granter(metadata());
    for (const clientId of ['one', 'two']) {
      await getToken('oidc', oidc(other, { clientId: `${clientId} of a tenant` }));
      await getToken('oidc', oidc(send, { clientId }));
    }
    same([other.visits(ISSUER + OPENID), other.visits(elsewhere)], [1, 2], 'requests of the one');
    same([send.visits(ISSUER + OPENID), send.visits(`${ISSUER}/token`)], [1, 2], 'requests of the other');
  });

  test('a partition has its metadata, whichever fetch asks for it', async () => {
    const sites = [granter(metadata()), granter(metadata())];
    const visits = () => sites.map((send) => send.visits(ISSUER + OPENID));
    for (const partition of ['one', 'two']) {
      for (const clientId of ['one', 'another']) {
        for (const [at, send] of sites.entries()) await getToken('oidc', oidc(send, { clientId: `${clientId} of ${at}`, partition }));
      }
    }
    same(visits(), [2, 0], 'requests for the metadata: one a partition');
    await getToken('oidc', oidc(sites[0]));
    same(visits(), [3, 0], 'requests once somebody comes without a partition');
  });

  test('whoever brings no fetch shares the metadata with all others who do not', async () => {
    const { clients, issuers } = await server();
    const asked = [];
    const stop = onEvent(({ type, url }) => type === 'request' && asked.push(url));
    try {
      for (const name of ['basic', 'ES256', 'RS256']) {
        const { clientAuth: _, ...config } = clients[name];
        await getToken('oidc', { ...config, issuer: issuers.all, retries: 0 });
      }
    } finally {
      stop();
    }
    same(asked.map((url) => url.endsWith(OPENID)), [true, false, false, false], 'which requests were for the metadata');
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

  test('metadata that names the same endpoint again is as good as new, and so is what else it says', () => withClock(async (advance) => {
    const [HOUR, methods] = [3_600_000, ['client_secret_basic', 'client_secret_post']];
    let [supported, isDown] = [methods[0], false];
    const answer = () => (isDown ? { status: 503, text: 'down' } : metadata({ token_endpoint_auth_methods_supported: [supported] }));
    const send = site({ [ISSUER + OPENID]: answer, [`${ISSUER}/token`]: granting() });
    const method = async () => {
      await getToken('oidc', oidc(send));
      return send.asked.findLast(({ method }) => method === 'POST').headers.authorization ? methods[0] : methods[1];
    };
    is(await method(), methods[0], 'method at first');
    supported = methods[1];
    advance(41 * HOUR);
    await method();
    advance(2 * HOUR);
    is(await method(), methods[1], 'method once the metadata was renewed');
    isDown = true;
    for (let hours = 43; hours < 80; hours += 6) {
      advance(6 * HOUR);
      is(await method(), methods[1], `method ${hours} hours after the first, in an outage`);
    }
  }));

  test('one client that is refused, or has not the means, takes the metadata from nobody', () => withClock(async (advance) => {
    const grant = granting();
    const answerTo = (number, { body }) => (body.includes('lost') ? { status: 404, text: 'no such client' } : grant(number));
    for (const [what, bad, expected] of [
      ['an endpoint that is gone for it', { clientId: 'lost', clientAuth: 'client_secret_post' }, { status: 404 }],
      ['a method that the server does not take', { clientSecret: undefined, privateKey: env.keys['P-256'].jwk }, { code: 'invalid_config' }],
    ]) {
      clear();
      let isDown = false;
      const answer = () => (isDown ? { status: 503, text: 'down' } : metadata());
      const send = site({ [ISSUER + OPENID]: answer, [`${ISSUER}/token`]: answerTo });
      await getToken('oidc', oidc(send));
      advance(5_000);
      isDown = true;
      for (let calls = 0; calls < 3; calls++) {
        await refused(() => getToken('oidc', oidc(send, bad)), expected);
        advance(60_000);
        await getToken('oidc', oidc(send, { clientId: `good ${calls}` }));
      }
      isDown = false;
      await refused(() => getToken('oidc', oidc(send, bad)), expected);
      const visits = send.visits(ISSUER + OPENID);
      for (let hours = 0; hours < 10; hours++) {
        advance(3_600_000);
        await getToken('oidc', oidc(send));
      }
      is(send.visits(ISSUER + OPENID), visits, `further requests for the metadata after ${what}`);
    }
  }));

  test('who forces a request is not told a failure that is remembered of the metadata', () => withClock(async (advance) => {
    const send = granter({ status: 503, text: 'down' }, metadata());
    const call = (options) => getToken('oidc', oidc(send), options);
    is((await refused(call, { status: 503 })).cached, false, 'whether the first failure was remembered');
    advance(1_100);
    await call({ forceRefresh: true });
    advance(1_100);
    await call({ forceRefresh: true });
    same([send.visits(ISSUER + OPENID), send.visits(`${ISSUER}/token`)], [2, 2], 'requests: what is held will do');
  }));

  test('an endpoint that is gone is looked for, and its tokens come from where it is now', () => withClock(async (advance) => {
    const [before, now] = [`${ISSUER}/token`, `${ISSUER}/moved`];
    for (const status of [404, 405, 410]) {
      clear();
      const send = site({
        [ISSUER + OPENID]: [metadata(), metadata({ token_endpoint: now })],
        [before]: [granting(), { status, text: 'gone' }],
        [now]: granting({ scope: 'moved' }),
      });
      await getToken('oidc', oidc(send));
      advance(2 * 3_600_000);
      is((await getToken('oidc', oidc(send))).scope, 'moved', `the token after a ${status}`);
      await getToken('oidc', oidc(send, { clientId: 'another' }));
      same([ISSUER + OPENID, before, now].map(send.visits), [2, 2, 2], 'requests for the metadata, there and here');
    }
  }));

  test('metadata that stays wrong is not asked for at every call, and once it was mended it is', () => withClock(async (advance) => {
    const gone = { status: 404, text: 'gone' };
    for (const [what, wrong, expected] of [
      ['an endpoint that is gone', `${ISSUER}/gone`, { status: 404 }],
      ['an endpoint in plain http', 'http://plain.example.com/token', { code: 'invalid_response', names: 'token_endpoint' }],
      ['an endpoint with a password', 'https://user:word@auth.example.com/token', { code: 'invalid_response', names: 'token_endpoint' }],
    ]) {
      clear();
      let isMended = false;
      const answer = () => metadata(isMended ? {} : { token_endpoint: wrong });
      const send = site({ [ISSUER + OPENID]: answer, [`${ISSUER}/gone`]: gone, [`${ISSUER}/token`]: granting() });
      const call = (clientId) => getToken('oidc', oidc(send, { clientId }));
      for (let calls = 0; calls < 10; calls++) await refused(() => call(`client-${calls}`), expected);
      ok(send.visits(ISSUER + OPENID) <= 2, `at most two requests for ${what}, got ${send.visits(ISSUER + OPENID)}`);
      isMended = true;
      advance(60_000);
      is((await call('a late one')).accessToken, 'token-1', `token once there was no longer ${what}`);
    }
  }));

  test('metadata that was wrong is asked for again at the next call', () => withClock(async (advance) => {
    const send = granter(metadata({ token_endpoint: 'http://plain.example.com/token' }), metadata());
    await refused(() => getToken('oidc', oidc(send)), { code: 'invalid_response', names: 'token_endpoint' });
    advance(1_100);
    is((await getToken('oidc', oidc(send))).accessToken, 'token-1', 'token');
    is(send.visits(ISSUER + OPENID), 2, 'requests');
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
