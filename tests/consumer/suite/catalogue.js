/** The list of built-in providers, as a form or a page would show it. */
import { includes, is, ok, same } from './harness.js';

export default (test, { providers, getToken, createClient, TokenError, ...tokenlet }) => {
  test('everything documented is exported', () => {
    const functions = { providers, getToken, createClient, TokenError, ...tokenlet };
    for (const name of ['getToken', 'createClient', 'createFetch', 'previewRequest', 'invalidate', 'clear', 'configure', 'providers', 'TokenError']) {
      is(typeof functions[name], 'function', name);
    }
  });

  test('the providers of the first release are listed', async () => {
    const ids = (await providers()).map(({ id }) => id);
    for (const id of ['emporix', 'firstvision', 'firstvision-query', 'abtasty', 'oauth2']) {
      ok(ids.includes(id), `${id} among ${ids}`);
    }
    is(new Set(ids).size, ids.length, 'distinct ids');
  });

  test('each entry has a title, a documentation link and parameters', async () => {
    for (const { id, title, docs, params } of await providers()) {
      ok(typeof title === 'string' && title.length > 0, `a title for ${id}`);
      includes(docs, 'https://', `docs of ${id}`);
      for (const { name, required, secret } of params) {
        ok(typeof name === 'string' && name.length > 0, `a name for each parameter of ${id}`);
        is(typeof required, 'boolean', `required of ${id}.${name}`);
        is(typeof secret, 'boolean', `secret of ${id}.${name}`);
      }
    }
  });

  test('parameters tell what is required, secret and assumed', async () => {
    const entries = await providers();
    const parameter = (id, wanted) => entries.find((entry) => entry.id === id).params.find(({ name }) => name === wanted);
    const facts = ({ required, secret }) => ({ required, secret });
    same(facts(parameter('emporix', 'tenant')), { required: true, secret: false }, 'tenant');
    same(facts(parameter('emporix', 'baseUrl')), { required: false, secret: false }, 'baseUrl');
    same(facts(parameter('emporix', 'clientId')), { required: true, secret: false }, 'clientId');
    same(facts(parameter('emporix', 'clientSecret')), { required: true, secret: true }, 'clientSecret');
    is(parameter('emporix', 'baseUrl').default, 'https://api.emporix.io', 'default of baseUrl');
    is(String(parameter('abtasty', 'expiresIn').default), '43200', 'default of expiresIn');
    ok(parameter('abtasty', 'accountId').help.length > 0, 'help for accountId');
  });

  test('what a caller does to the list is not seen by the next', async () => {
    const first = await providers();
    try {
      first.length = 0;
    } catch {
      // A frozen list refuses, which is as good as a copy.
    }
    ok((await providers()).length >= 5, 'the whole list again');
  });
};
