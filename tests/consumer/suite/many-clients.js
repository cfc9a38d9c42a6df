/** More clients in one process than anything that is remembered of a single one may cost the others. */
import { withClock } from './clock.js';
import { is, same } from './harness.js';
import { generated } from './key-forms.js';
import { answering, granting, oauth2 } from './mock.js';
import { proofOf } from './strong.js';

const API = 'https://api.example.com';

export default (test, { createFetch, getToken, invalidate }) => {
  test('eleven hundred clients with keys of their own: an outage costs nobody a token', () => withClock(async (advance) => {
    const { configs, tokens, endpoint } = await signing(1_100);
    advance(58 * 60_000);
    endpoint.isDown = true;
    const later = await Promise.all(configs.map((config) => getToken('oauth2', config)));
    is(later.filter((token, at) => token !== tokens[at]).length, 0, 'clients that were not served the old token');
  }));

  test('eleven hundred clients with keys of their own: the first one drops its token, and replaces one that is rejected', async () => {
    const { configs: [first], tokens: [token] } = await signing(1_100);
    const api = answering({ json: {} }, { status: 401, text: 'no' }, { json: {} });
    const call = createFetch('oauth2', first, { origins: [API], fetch: api });
    same([(await call(API)).status, (await call(API)).status], [200, 200], 'statuses');
    const [before, rejected, after] = api.asked.map(({ headers }) => headers.authorization);
    same([before, rejected], [token.headers.Authorization, token.headers.Authorization], 'the token that was had');
    const replaced = await getToken('oauth2', first);
    is(after, replaced.headers.Authorization, 'the token after it was rejected');
    same([invalidate('oauth2', first, token), invalidate('oauth2', first, replaced)], [false, true], 'whether a token was dropped');
  });

  /** So many clients, each with its key and its token, and the endpoint that they all ask. */
  async function signing(count) {
    const endpoint = { isDown: false };
    const send = answering((number) => (endpoint.isDown ? { status: 503, text: 'down' } : granting()(number)));
    const configs = await Promise.all(Array.from({ length: count }, async (_, number) => {
      const { privateKey } = await generated('ES256');
      return oauth2(send, { clientId: `client-${number}`, clientSecret: undefined, privateKey });
    }));
    const tokens = await Promise.all(configs.map((config) => getToken('oauth2', config)));
    return { configs, tokens, endpoint };
  }

  test('twelve hundred clients at once, and each can use the token that is bound to its key', async () => {
    const send = answering(granting({ token_type: 'DPoP' }));
    const configs = Array.from({ length: 1_200 }, (_, number) => oauth2(send, { clientId: `client-${number}`, dpop: true }));
    await Promise.all(configs.map((config) => getToken('oauth2', config)));
    const api = answering({ json: {} });
    const answers = await Promise.all(configs.map(async (config, number) => {
      const call = createFetch('oauth2', config, { origins: [API], fetch: api });
      return (await call(`${API}/${number}`)).status;
    }));
    is(answers.filter((status) => status === 200).length, configs.length, 'calls that went through');
    is(send.asked.length, configs.length, 'token requests');
    is(new Set(api.asked.map((request) => proofOf(request).header.jwk.x)).size, configs.length, 'keys');
  });
};
