/** A Worker that gets one token a request, and answers it or, when it comes too late, that it waits no longer. */
import { getToken } from 'tokenlet';

export default {
  async fetch(request, _bindings, context) {
    const { config, bound, patienceMs } = await request.json();
    const waitUntil = bound ? { waitUntil: (promise) => context.waitUntil(promise) } : {};
    const answers = [obtain({ ...config, ...waitUntil })];
    if (patienceMs !== undefined) answers.push(new Promise((wake) => setTimeout(wake, patienceMs, 'too late')));
    return new Response(await Promise.race(answers));
  },
};

/** A failure is told as well, because workerd would only close the connection. */
async function obtain(config) {
  try {
    return (await getToken('oauth2', config)).accessToken;
  } catch (fault) {
    return `${fault.name}: ${fault.message}`;
  }
}
