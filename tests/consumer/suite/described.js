/** A vendor of one's own, described only as far as a case is about it, and what the package makes of it. */
import { is, refused } from './harness.js';
import { answering } from './mock.js';

export const ENDPOINT = 'https://auth.acme.example/token';

/** A descriptor whose client needs no credentials, lest they be in the way. */
export const acme = ({ request, ...parts } = {}) => ({
  id: 'acme', auth: { method: 'none' }, ...parts, request: { url: ENDPOINT, ...request },
});

export const describing = ({ clear, getToken }) => ({
  /** What is sent: the URL, its query and the body as they stand, and the headers. */
  async sent(descriptor, config = {}) {
    const fetch = answering();
    clear();
    await getToken(descriptor, { retries: 0, fetch, ...config });
    const [{ method, url, headers, body }] = fetch.asked;
    return { method, url, query: url.split('?')[1] ?? '', headers, body };
  },

  /** What is made of an answer: the token, or why there is none. */
  read(response, answer, { config = {}, ...parts } = {}) {
    clear();
    return getToken(acme({ response, ...parts }), { retries: 0, fetch: answering(answer), ...config });
  },

  /** Asserts that nothing is sent, and that the error names the fault. */
  async refuses(descriptor, config, names) {
    const fetch = answering();
    await refused(() => getToken(descriptor, { retries: 0, fetch, ...config }), { code: 'invalid_config', retryable: false, names });
    is(fetch.asked.length, 0, 'requests');
  },
});
