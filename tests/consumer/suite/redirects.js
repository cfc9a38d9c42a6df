/** A redirect of a token endpoint is never followed: the request holds credentials, and they stay here. */
import { is, refused, same } from './harness.js';
import { answering, emporix, oauth2 } from './mock.js';

export default (test, { getToken }, { odd }) => {
  const seen = async () => (await fetch(`${odd.other}/seen`)).json();

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a ${status} to another origin is refused`, async () => {
      for (const clientAuth of ['client_secret_basic', 'client_secret_post']) {
        const config = { ...oauth2(), fetch: undefined, clientAuth, tokenEndpoint: `${odd.url}/redirect/${status}`, retries: 2 };
        await refused(() => getToken('oauth2', config), { code: 'redirect', retryable: false, attempts: 1 });
      }
      same(await seen(), [], 'what the other origin saw');
    });

    test(`a ${status} within the origin is refused too`, async () => {
      const config = { ...oauth2(), fetch: undefined, tokenEndpoint: `${odd.url}/redirect-within/${status}` };
      await refused(() => getToken('oauth2', config), { code: 'redirect', retryable: false });
    });
  }

  test('the runtime is told not to follow, by nothing that a runtime refuses', async () => {
    const tokens = answering();
    await getToken('emporix', emporix(tokens));
    const [{ init }] = tokens.asked;
    is(init.redirect, 'manual', 'redirect');
    // Workers throw on `credentials`, `mode`, `referrer` and, at older dates, `cache`.
    const extra = Object.keys(init).filter((key) => !['method', 'headers', 'body', 'redirect', 'signal', 'cache'].includes(key));
    same(extra, [], 'further members of init');
  });

  test('a redirect through a fetch option is refused, whatever shape it has', async () => {
    const location = 'https://evil.example/token';
    for (const status of [301, 302, 303, 307, 308]) {
      const fetch = answering({ status, headers: { location } });
      await refused(() => getToken('oauth2', oauth2(fetch, { clientId: `case ${status}` })), { code: 'redirect', retryable: false });
      is(fetch.asked.length, 1, 'requests');
    }
  });
};
