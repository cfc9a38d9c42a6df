/**
 * Redirects over the wire: each status, to each kind of origin, for each place that carries a token and each method. The
 * foreign server is a witness, and sees nothing.
 */
import { excludes, is, refused, same } from './harness.js';
import { CREDENTIALS, IN_COOKIE, IN_HEADER, IN_QUERY, carrying } from './fetch-uses.js';
import { answering, granting } from './mock.js';

export default (test, { createFetch }, { odd, runtime }) => {
  const TOKEN = 'secret-of+the/matrix==';
  const USES = { Authorization: {}, 'X-Shopify-Access-Token': IN_HEADER, 'the query': IN_QUERY, 'a cookie': IN_COOKIE };
  const ofHeaders = (name, before) => ({ headers: { [name]: value, ...headers }, ...record }) => [value.slice(before.length), { ...record, headers }];
  /** The token that each finds in the record of a request, and what is left of the record without it. */
  const found = {
    Authorization: ofHeaders('authorization', 'Bearer '),
    'X-Shopify-Access-Token': ofHeaders('x-shopify-access-token', ''),
    'the query': ({ url, ...record }) => [new URL(url).searchParams.get('access_token'), record],
    'a cookie': ofHeaders('cookie', 'session='),
  };
  const TARGETS = { 'the same origin': odd.url, 'another allowed origin': odd.twin, 'a foreign origin': odd.other };
  const STATUSES = [301, 302, 303, 307, 308];
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT'];

  /** What follows, by Fetch, HTTP-redirect fetch, step 12. */
  const becomes = (method, status) => {
    const changes = status === 303 ? method !== 'HEAD' : status <= 302 && method === 'POST';
    return changes ? 'GET' : method;
  };

  for (const [place, use] of Object.entries(USES)) {
    for (const [target, origin] of Object.entries(TARGETS)) {
      test(`a token in ${place}, redirected to ${target}`, async () => {
        const tokens = answering(granting({ access_token: TOKEN }));
        const call = createFetch(carrying({ ...use, origins: [odd.url, odd.twin] }), { ...CREDENTIALS, fetch: tokens });
        for (const status of STATUSES) {
          for (const method of METHODS) await redirected({ call, place, origin, status, method });
        }
        is(tokens.asked.length, runtime === 'browser' && place === 'a cookie' ? 0 : 1, 'token requests');
        same(await (await fetch(`${odd.other}/seen`)).json(), [], 'what the foreign origin saw');
      });
    }
  }

  /** One cell. */
  async function redirected({ call, place, origin, status, method }) {
    const what = `${method} ${status}`;
    const init = ['GET', 'HEAD'].includes(method) ? { method } : { method, body: 'payload', headers: { 'content-type': 'text/x-mine' } };
    const sent = () => call(`${odd.url}/api/redirect/${status}?to=${encodeURIComponent(`${origin}/api/echo`)}`, init);
    // Browsers let no page set a cookie, and show none where a redirect leads.
    if (runtime === 'browser' || origin === odd.other) {
      const code = runtime === 'browser' && place === 'a cookie' ? 'unsupported' : 'redirect';
      const error = await refused(sent, { code, retryable: false });
      excludes(error.message, TOKEN, 'message');
      return;
    }
    const response = await sent();
    is(response.status, 200, `status of ${what}`);
    const arrived = JSON.parse(response.headers.get('x-echo'));
    const [token, rest] = found[place](arrived);
    is(token, TOKEN, `token of ${what}`);
    for (const spelling of [TOKEN, encodeURIComponent(TOKEN)]) excludes(JSON.stringify(rest), spelling, `the rest of ${what}`);
    const expected = becomes(method, status);
    is(new URL(arrived.url).origin, origin, `origin of ${what}`);
    same([arrived.method, arrived.body], [expected, expected === method && init.body ? init.body : ''], `what follows ${what}`);
    is(arrived.headers['content-type'], expected === method ? init.headers?.['content-type'] : undefined, `content type of ${what}`);
  }
};
