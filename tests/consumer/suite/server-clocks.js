/** The time by which a server judges what is signed, where it is not the time here: a refusal tells it, and nothing else does. */
import { is, ok, refused, same } from './harness.js';
import { answering, gate, granting, oauth2, refusing } from './mock.js';
import { assertionOf, recording, strongServer, withWrongClock } from './strong.js';

const HOUR = 3_600_000;

export default (test, { clear, getToken, invalidate, onEvent }, env) => {
  const server = strongServer(env);

  /** A config of a client of the server, that sends through a `fetch` which keeps what it was asked. */
  async function configOf(name, changes = {}) {
    const { clients, tokenEndpoint, resources } = await server();
    return { tokenEndpoint, resource: resources.jwt, scope: 'read', retries: 0, fetch: recording(), ...clients[name], ...changes };
  }

  const refusedClient = { code: 'oauth', error: 'invalid_client', status: 401, retryable: false };
  const dated = (ahead) => ({ date: new Date(Date.now() + ahead).toUTCString() });

  test('a clock that is slow is told so by the refusal, once', () => withWrongClock(-HOUR, async () => {
    const skews = [];
    const stop = onEvent(({ type, skew }) => type === 'clock_skew' && skews.push(skew));
    try {
      for (const name of ['HS256', 'ES256']) {
        clear();
        const config = await configOf(name);
        const token = await getToken('oauth2', config);
        is(config.fetch.asked.length, 2, `requests of ${name}: one that is refused, and one`);
        const [first, second] = config.fetch.asked.map((request) => assertionOf(request).claims);
        ok(Math.abs(second.iat - first.iat - 3_600) < 60, `an hour between them, got ${second.iat - first.iat} s`);
        is(second.exp - second.iat, first.exp - first.iat, 'lifetime');
        ok(first.jti !== second.jti, 'another jti');

        invalidate('oauth2', config, token);
        await getToken('oauth2', config);
        const other = await configOf(name, { scope: 'write' });
        await getToken('oauth2', other);
        same([config.fetch.asked.length, other.fetch.asked.length], [3, 1], 'requests once the time is known');

        clear();
        await getToken('oauth2', config);
        is(config.fetch.asked.length, 5, 'requests after clear');
      }
    } finally {
      stop();
    }
    ok(skews.length > 0 && skews.every((skew) => Math.abs(skew - HOUR) < 60_000), `skews of an hour to be told, got ${skews}`);
  }));

  test('a clock that is fast is told so as well', () => withWrongClock(HOUR, async () => {
    const config = await configOf('ES256');
    await getToken('oauth2', config);
    is(config.fetch.asked.length, 2, 'requests');
  }));

  test('clients at once are each told the time, and again once the clock was set right', async () => {
    const names = ['HS256', 'HS512', 'RS256', 'ES256', 'ES384'];
    const together = async (scope) => {
      const answers = gate();
      let waiting = names.length;
      // Nobody learns anything before all have asked.
      const send = async (url, init) => {
        const answer = await fetch(url, init);
        waiting -= 1;
        if (waiting === 0) answers.open();
        await answers.promise;
        return answer;
      };
      const configs = await Promise.all(names.map((name) => configOf(name, { scope, fetch: recording(send) })));
      const tokens = await Promise.all(configs.map((config) => getToken('oauth2', config)));
      same(tokens.map((token) => token.scope), names.map(() => scope), 'what they got');
      same(configs.map(({ fetch: { asked } }) => asked.length), names.map(() => 2), 'requests of each');
    };
    await withWrongClock(-HOUR, () => together('read'));
    await together('write');
  });

  test('no other refusal is tried again: within half a minute, without a Date, of what was not signed, or a second time', async () => {
    const { clients } = await server();
    const signed = (fetch) => oauth2(fetch, { ...clients.ES256, retries: 2 });
    const requests = async (config) => {
      clear();
      await refused(() => getToken('oauth2', config), refusedClient);
      return config.fetch.asked.length;
    };
    const refusal = (headers = {}) => ({ ...refusing(), headers });
    is(await requests(signed(answering(refusal(dated(20_000))))), 1, 'requests where the clock is nearly right');
    is(await requests(signed(answering(refusal()))), 1, 'requests where there is no Date');
    is(await requests(signed(answering(refusal({ date: 'yesterday' })))), 1, 'requests where the Date is none');
    is(await requests(oauth2(answering(refusal(dated(HOUR))), { retries: 2 })), 1, 'requests where nothing was signed');
    is(await requests(signed(answering(refusal(dated(HOUR))))), 2, 'requests where it was not the clock');
    is(await requests(signed(answering(refusal(dated(-HOUR))))), 2, 'requests where it was not the clock either');
  });

  test('the time is learned of one origin, for that origin', async () => {
    const { clients } = await server();
    const send = answering({ ...refusing(), headers: dated(HOUR) }, granting());
    await getToken('oauth2', oauth2(send, clients.ES256));
    await getToken('oauth2', oauth2(send, { ...clients.ES256, tokenEndpoint: 'https://auth.example.com/other' }));
    await getToken('oauth2', oauth2(send, { ...clients.ES256, tokenEndpoint: 'https://else.example.com/token' }));
    const ahead = send.asked.map((request) => Math.round((assertionOf(request).claims.iat * 1_000 - Date.now()) / HOUR));
    same(ahead, [0, 1, 1, 0], 'hours that iat is ahead');
  });

  test('a server that is busy is not asked again for its time', async () => {
    const { clients } = await server();
    const busy = { ...refusing('slow_down', 429), headers: { ...dated(HOUR), 'retry-after': '5' } };
    const config = oauth2(answering(busy), clients.ES256);
    await refused(() => getToken('oauth2', config), { status: 429, retryable: true, retryAfter: 5_000 });
    is(config.fetch.asked.length, 1, 'requests');
  });
};
