/** More clients in one process than anything that is remembered of a single one may cost the others. */
import { withClock } from './clock.js';
import { is, same } from './harness.js';
import { generated } from './key-forms.js';
import { HARD_SECRET, answering, granting, oauth2 } from './mock.js';
import { formOf, proofOf } from './strong.js';

const API = 'https://api.example.com';

export default (test, { createFetch, getToken, invalidate }) => {
  /**
   * Clients that sign, each with its key and its token, and the endpoint that they all ask. The first one's key is a key pair; those
   * of the others are secrets, which some runtimes sign with ten times as fast.
   */
  async function signing() {
    const endpoint = { isDown: false };
    const send = answering((number) => (endpoint.isDown ? { status: 503, text: 'down' } : granting()(number)));
    const { privateKey } = await generated('ES256');
    const others = Array.from({ length: 1_100 }, (_, number) => oauth2(send, {
      clientId: `client-${number}`, clientAuth: 'client_secret_jwt', clientSecret: `${HARD_SECRET} of client ${number}`,
    }));
    const configs = [oauth2(send, { clientId: 'first', clientSecret: undefined, privateKey }), ...others];
    const tokens = [];
    for (const config of configs) tokens.push(await getToken('oauth2', config));
    return { configs, tokens, endpoint };
  }

  test('eleven hundred clients that sign: an outage costs nobody a token', () => withClock(async (advance) => {
    const { configs, tokens, endpoint } = await signing();
    advance(58 * 60_000);
    endpoint.isDown = true;
    const later = await Promise.all(configs.map((config) => getToken('oauth2', config)));
    is(later.filter((token, at) => token !== tokens[at]).length, 0, 'clients that were not served the old token');
  }));

  test('eleven hundred clients that sign: the first one drops its token, and replaces one that is rejected', async () => {
    const { configs: [first], tokens: [token] } = await signing();
    const api = answering({ json: {} }, { status: 401, text: 'no' }, { json: {} });
    const call = createFetch('oauth2', first, { origins: [API], fetch: api });
    same([(await call(API)).status, (await call(API)).status], [200, 200], 'statuses');
    const [before, rejected, after] = api.asked.map(({ headers }) => headers.authorization);
    same([before, rejected], [token.headers.Authorization, token.headers.Authorization], 'the token that was had');
    const replaced = await getToken('oauth2', first);
    is(after, replaced.headers.Authorization, 'the token after it was rejected');
    same([invalidate('oauth2', first, token), invalidate('oauth2', first, replaced)], [false, true], 'whether a token was dropped');
  });

  test('twelve hundred clients at once, and each token is used with the key that it was got with', async () => {
    const send = answering(granting({ token_type: 'DPoP' }));
    const configs = Array.from({ length: 1_200 }, (_, number) =>
      oauth2(send, { clientId: `${number}`, clientSecret: undefined, clientAuth: 'none', dpop: true }));
    await withFewPairs(() => Promise.all(configs.map((config) => getToken('oauth2', config))));
    const api = answering({ json: {} });
    await Promise.all(configs.map((config) => createFetch('oauth2', config, { origins: [API], fetch: api })(`${API}/${config.clientId}`)));
    is(send.asked.length, configs.length, 'token requests');
    const keys = send.asked.map((request) => [formOf(request).get('client_id'), proofOf(request).header.jwk.x]);
    const used = api.asked.map((request) => [new URL(request.url).pathname.slice(1), proofOf(request).header.jwk.x]);
    same(Object.fromEntries(used), Object.fromEntries(keys), 'keys by client');
  });
};

/** Runs `body` where clients have one of a few pairs of keys: some runtimes take five milliseconds to make one. */
async function withFewPairs(body) {
  const { subtle } = crypto;
  const { generateKey } = subtle;
  const pairs = [];
  let made = 0;
  const one = (...how) => {
    made += 1;
    return (pairs[made % 10] ??= generateKey.apply(subtle, how));
  };
  try {
    subtle.generateKey = one;
    is(subtle.generateKey, one, 'generateKey');
    return await body();
  } finally {
    delete subtle.generateKey;
    if (subtle.generateKey !== generateKey) subtle.generateKey = generateKey;
  }
}
