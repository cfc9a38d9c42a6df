/** A signal detaches the caller who brought it, and nobody else. */
import { is, ok, rejection, same, started } from './harness.js';
import { answering, gate, granting, oauth2 } from './mock.js';

export default (test, { getToken }) => {
  /** A server that answers when told to. */
  const waiting = () => {
    const held = gate();
    return { held, fetch: answering(async (number) => (await held.promise, granting()(number))) };
  };

  test('an abort rejects with the reason of the signal', async () => {
    const { fetch } = waiting();
    const controller = new AbortController();
    const call = started(rejection(() => getToken('oauth2', oauth2(fetch), { signal: controller.signal })));
    const reason = { any: 'value' };
    controller.abort(reason);
    is(await call, reason, 'what it rejected with');
  });

  test('an abort without a reason rejects with an AbortError', async () => {
    const { fetch } = waiting();
    const controller = new AbortController();
    const call = started(rejection(() => getToken('oauth2', oauth2(fetch), { signal: controller.signal })));
    controller.abort();
    is((await call)?.name, 'AbortError', 'name');
    is(await call, controller.signal.reason, 'what it rejected with');
  });

  test('an aborted signal rejects at once and sends nothing', async () => {
    const fetch = answering();
    const signal = AbortSignal.abort('stopped before');
    is(await rejection(() => getToken('oauth2', oauth2(fetch), { signal })), 'stopped before', 'what it rejected with');
    is(fetch.asked.length, 0, 'requests');
  });

  test('an aborted signal rejects on a hit too, as fetch would', async () => {
    const fetch = answering();
    await getToken('oauth2', oauth2(fetch));
    const signal = AbortSignal.abort('stopped before');
    is(await rejection(() => getToken('oauth2', oauth2(fetch), { signal })), 'stopped before', 'what it rejected with');
  });

  for (const [who, index] of [['first', 0], ['second', 1]]) {
    test(`of two callers the ${who} aborts, and the other gets the token`, async () => {
      const { held, fetch } = waiting();
      const controller = new AbortController();
      const options = [{}, {}];
      options[index] = { signal: controller.signal };
      const calls = Promise.allSettled(options.map((option) => getToken('oauth2', oauth2(fetch), option)));
      controller.abort('stopped');
      held.open();
      const outcomes = await calls;
      is(outcomes[index].reason, 'stopped', 'what the aborted caller got');
      is(outcomes[1 - index].value?.accessToken, 'token-1', 'what the other caller got');
      is(fetch.asked.length, 1, 'requests');
    });
  }

  test('a request outlives the only caller, and serves the next', async () => {
    const { held, fetch } = waiting();
    const controller = new AbortController();
    const config = oauth2(fetch, { waitUntil() {} });
    const gone = started(rejection(() => getToken('oauth2', config, { signal: controller.signal })));
    controller.abort('stopped');
    await gone;
    const next = started(getToken('oauth2', config));
    held.open();
    is((await next).accessToken, 'token-1', 'token');
    is(fetch.asked.length, 1, 'requests');
  });

  test("the caller's signal is not the request's", async () => {
    const { held, fetch } = waiting();
    const { signal } = new AbortController();
    const call = started(getToken('oauth2', oauth2(fetch), { signal }));
    held.open();
    await call;
    ok(fetch.asked[0].init?.signal !== signal, 'the request to have a signal of its own, or none');
  });

  test('an abort after the token arrived changes nothing', async () => {
    const fetch = answering();
    const controller = new AbortController();
    const token = await getToken('oauth2', oauth2(fetch), { signal: controller.signal });
    controller.abort();
    same(await getToken('oauth2', oauth2(fetch)), token, 'the token afterwards');
  });
};
