/** Secrets that are functions: asked when needed, trusted to whoever brought them, and never looked at otherwise. */
import { is, ok, refused, same, sleep, started } from './harness.js';
import { answering, emporix, gate, granting } from './mock.js';

export default (test, { createClient, getToken, invalidate }) => {
  const sentSecret = ({ body }) => new URLSearchParams(body).get('client_secret');

  test('a function is asked at each request and not on a hit', async () => {
    let asked = 0;
    const fetch = answering();
    const config = emporix(fetch, { clientSecret: () => `rotated secret ${(asked += 1)}` });
    const token = await getToken('emporix', config);
    is(await getToken('emporix', config), token, 'the token of a hit');
    is(asked, 1, 'times asked so far');
    invalidate('emporix', config, token);
    await getToken('emporix', config);
    same(fetch.asked.map(sentSecret), ['rotated secret 1', 'rotated secret 2'], 'secrets sent');
  });

  test('a function may be asynchronous', async () => {
    const fetch = answering();
    const clientSecret = async () => (await sleep(5), 'a secret that took a while');
    await getToken('emporix', emporix(fetch, { clientSecret }));
    same(fetch.asked.map(sentSecret), ['a secret that took a while'], 'secrets sent');
  });

  test('fresh closures hit', async () => {
    let asked = 0;
    const fetch = answering();
    const call = () => getToken('emporix', emporix(fetch, { clientSecret: () => ((asked += 1), 'the same secret') }));
    const token = await call();
    is(await call(), token, 'the token of another closure');
    ok((await Promise.all([call(), call()])).every((other) => other === token), 'the token of further closures');
    same([fetch.asked.length, asked], [1, 1], 'requests, and times asked');
  });

  test('callers with a function and callers with a string do not share', async () => {
    const fetch = answering();
    const asString = await getToken('emporix', emporix(fetch, { clientSecret: 'the same secret' }));
    const asFunction = await getToken('emporix', emporix(fetch, { clientSecret: () => 'the same secret' }));
    same([asString.accessToken, asFunction.accessToken], ['token-1', 'token-2'], 'tokens');
  });

  test('partition keeps functions apart', async () => {
    const fetch = answering();
    const call = (partition) => getToken('emporix', emporix(fetch, { partition, clientSecret: () => `secret of ${partition}` }));
    const [blue, green] = [await call('blue'), await call('green')];
    ok(blue !== green, 'two tokens');
    is(await call('blue'), blue, 'the first token again');
  });

  test('a secret is asked for again at each attempt', async () => {
    let asked = 0;
    const fetch = answering({ status: 503 }, granting());
    await getToken('emporix', emporix(fetch, { retries: 1, clientSecret: () => `rotated secret ${(asked += 1)}` }));
    same(fetch.asked.map(sentSecret), ['rotated secret 1', 'rotated secret 2'], 'secrets sent');
  });

  const FAULTS = {
    throws: (boom) => () => { throw boom; },
    rejects: (boom) => () => Promise.reject(boom),
    'rejects later': (boom) => async () => { await sleep(5); throw boom; },
  };
  for (const [fault, secret] of Object.entries(FAULTS)) {
    test(`a function that ${fault} is a credentials error with its cause`, async () => {
      const [boom, fetch] = [new Error('the vault is sealed'), answering()];
      const config = emporix(fetch, { clientSecret: secret(boom) });
      const error = await refused(() => getToken('emporix', config), { code: 'credentials', retryable: true, provider: 'emporix' });
      is(error.cause, boom, 'cause');
      is(fetch.asked.length, 0, 'requests');
    });
  }

  for (const [what, value] of Object.entries({ 'a number': 42, undefined, null: null, 'an object': { secret: 'x' } })) {
    test(`a function that gives ${what} is a credentials error`, async () => {
      const fetch = answering();
      const config = emporix(fetch, { clientSecret: () => value });
      await refused(() => getToken('emporix', config), { code: 'credentials', retryable: true, names: 'clientSecret' });
      is(fetch.asked.length, 0, 'requests');
    });
  }

  test('a function that never settles is a credentials error once the timeout has passed', async () => {
    const config = emporix(answering(), { timeout: 60, clientSecret: () => new Promise(() => {}) });
    await refused(() => getToken('emporix', config), { code: 'credentials', retryable: true });
  });

  test('a failing function is not remembered against a caller who brings another', async () => {
    const fetch = answering();
    const bad = emporix(fetch, { clientSecret: () => { throw new Error('the vault is sealed'); } });
    await refused(() => getToken('emporix', bad), { code: 'credentials' });
    const good = emporix(fetch, { clientSecret: () => 'a good secret' });
    is((await getToken('emporix', good)).accessToken, 'token-1', 'token');
  });

  test('a failing function is not passed to callers who brought others: they make one request', async () => {
    const sealed = gate();
    const fetch = answering();
    const leading = emporix(fetch, { clientSecret: () => sealed.promise });
    const leader = started(refused(() => getToken('emporix', leading), { code: 'credentials' }));
    const good = () => getToken('emporix', emporix(fetch, { clientSecret: () => 'a good secret' }));
    const followers = [1, 2, 3].map(() => started(good()));
    sealed.slam(new Error('the vault is sealed'));
    await leader;
    const tokens = await Promise.all(followers);
    ok(tokens.every((token) => token === tokens[0]), 'one token for all followers');
    is(fetch.asked.length, 1, 'requests');
  });

  test('however many functions fail, whose own does not gets the token', async () => {
    const fetch = answering();
    const call = (clientSecret) => getToken('emporix', emporix(fetch, { clientSecret }));
    const vault = (number) => async () => { throw new Error(`vault ${number}`); };
    const bad = Array.from({ length: 5 }, (_, number) => started(refused(() => call(vault(number)), { code: 'credentials' })));
    const good = started(call(() => 'a good secret'));
    const errors = await Promise.all(bad);
    same(errors.map(({ cause }) => cause.message), errors.map((_, number) => `vault ${number}`), 'to each its own cause');
    is((await good).accessToken, 'token-1', 'token');
    is(fetch.asked.length, 1, 'requests');
  });

  test('nor is a failing fetch', async () => {
    const down = gate();
    const fetch = answering();
    const leader = started(refused(() => getToken('emporix', emporix(() => down.promise)), { code: 'network' }));
    const followers = [1, 2, 3].map(() => started(getToken('emporix', emporix(fetch))));
    down.slam(new Error('no route'));
    await leader;
    const tokens = await Promise.all(followers);
    ok(tokens.every((token) => token === tokens[0]), 'one token for all followers');
    is(fetch.asked.length, 1, 'requests');
  });

  test('a client keeps the config it was given', async () => {
    const fetch = answering();
    const config = emporix(fetch, { scope: ['read'] });
    const client = createClient('emporix', config);
    config.clientSecret = 'changed behind its back';
    config.scope.push('write');
    await client.getToken();
    const [request] = fetch.asked;
    is(sentSecret(request), emporix(fetch).clientSecret, 'secret sent');
    is(new URLSearchParams(request.body).get('scope'), 'tenant=acme read', 'scope sent');
  });
};
