/** Keys are handed over and never seen again: not in errors, tokens, events or previews, nor what they signed. */
import { excludes, is, ok, refused } from './harness.js';
import { ALGORITHMS, formsOf, generated, has, piecesOf, serviceAccount } from './key-forms.js';
import { answering } from './mock.js';
import { everythingIn } from './told.js';

const CLIENT = 'client of a secret key';

/** A compact JWS, or the beginning of one. */
const SIGNED = /eyJ[\w-]+\.[\w-]{8}/;

export default (test, { clear, getToken, onEvent, previewRequest }, { keyServer, keys }) => {
  const formsToTell = (key) => ({ ...formsOf(keys[key]), ...(key === 'RSA' && { 'service account': serviceAccount(keys.RSA) }) });

  function tellsNothing(told, pieces, what) {
    for (const piece of pieces) excludes(told, piece, what);
    ok(!SIGNED.test(told), `nothing signed in ${what}`);
  }

  for (const key of Object.keys(ALGORITHMS)) {
    for (const [form, privateKey] of Object.entries(formsToTell(key))) {
      test(`nothing is told of ${key}, ${form}`, async () => {
        const expected = { key: 'RSA, another', alg: 'RS256', clientId: CLIENT, echo: true };
        const answer = await fetch(`${keyServer}/cases`, { method: 'POST', body: JSON.stringify(expected) });
        const config = { ...await answer.json(), clientId: CLIENT, clientAuth: 'private_key_jwt', retries: 0, privateKey };
        const code = await has(ALGORITHMS[key][0]) ? 'oauth' : 'unsupported';
        // What is public in a key is looked for as well: nothing has a use for it.
        const pieces = piecesOf(privateKey);
        ok(pieces.length > 20, 'pieces to look for');

        const events = [];
        const stop = onEvent((event) => events.push(event));
        const error = await refused(() => getToken('oauth2', config), { code }).finally(stop);
        ok(code !== 'oauth' || error.errorDescription.includes('is not signed by this key'), 'what the server said');
        tellsNothing(everythingIn(error), pieces, 'the error');
        tellsNothing(everythingIn(await refused(() => getToken('oauth2', config), { code })), pieces, 'the error of the second call');
        ok(events.length > 0, 'events');
        tellsNothing(JSON.stringify(events), pieces, 'events');
        tellsNothing(JSON.stringify(await previewRequest('oauth2', config)), pieces, 'the preview');

        if (code !== 'oauth') return;
        clear();
        tellsNothing(everythingIn(await getToken('oauth2', { ...config, fetch: answering() })), pieces, 'the token');
      });
    }
  }

  test('a preview signs nothing, and shows that something is signed', async () => {
    const { subtle } = crypto;
    let signed = 0;
    Object.defineProperty(subtle, 'sign', {
      configurable: true,
      value: (...given) => {
        signed += 1;
        return Object.getPrototypeOf(subtle).sign.apply(subtle, given);
      },
    });
    try {
      const { privateKey } = await generated('ES256');
      const config = { tokenEndpoint: 'https://auth.example.com/token', clientId: CLIENT, clientAuth: 'private_key_jwt', privateKey };
      const fetch = answering();
      const { body } = await previewRequest('oauth2', { ...config, fetch });
      const parameters = new URLSearchParams(body);
      is(parameters.get('client_assertion'), '***', 'client_assertion');
      is(parameters.get('client_id'), CLIENT, 'client_id');
      is(fetch.asked.length, 0, 'requests');
      is(signed, 0, 'signatures of a preview');
      await getToken('oauth2', { ...config, fetch });
      ok(signed > 0, 'signatures of a token request');
    } finally {
      delete subtle.sign;
    }
  });
};
