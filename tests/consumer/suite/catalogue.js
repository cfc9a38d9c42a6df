/** The list of built-in providers, as a form or a page would show it. */
import { includes, is, ok, same } from './harness.js';

export default (test, { providers, getToken, createClient, TokenError, ...tokenlet }, { catalogue }) => {
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

  test('all vendors are listed, and nobody else', async () => {
    const ids = (await providers()).map(({ id }) => id);
    same(ids.sort(), Object.keys(catalogue).sort(), 'ids');
  });

  test('each entry has a title, a documentation link and parameters', async () => {
    for (const { id, title, docs, params } of await providers()) {
      ok(typeof title === 'string' && title.length > 0, `a title for ${id}`);
      ok(new URL(docs).protocol === 'https:', `docs of ${id} to be https, got ${docs}`);
      for (const { name, required, secret, help } of params) {
        ok(typeof name === 'string' && name.length > 0, `a name for each parameter of ${id}`);
        is(typeof required, 'boolean', `required of ${id}.${name}`);
        is(typeof secret, 'boolean', `secret of ${id}.${name}`);
        ok(typeof help === 'string' && help.length > 0, `help for ${id}.${name}`);
      }
      is(new Set(params.map(({ name }) => name)).size, params.length, `distinct parameters of ${id}`);
    }
  });

  test('each entry tells of its parameters what its descriptor does', async () => {
    for (const { id, title, docs, params } of await providers()) {
      const data = catalogue[id];
      const base = catalogue[data.extends]?.params ?? {};
      same({ title, docs }, { title: data.title, docs: data.docs }, id);
      for (const [name, own] of Object.entries({ ...base, ...data.params })) {
        const told = params.find((param) => param.name === name);
        const rules = { ...base[name], ...own };
        const { required = true, secret = false, default: byDefault = null, help, kind, enum: values } = rules;
        const expected = { name, required: required && byDefault === null, secret, default: byDefault, help, kind, enum: values };
        for (const [field, value] of Object.entries(expected)) same(told?.[field], value, `${field} of ${id}.${name}`);
      }
    }
  });

  test('parameters that decide where secrets go say so', () => {
    for (const [id, { params = {} }] of Object.entries(catalogue)) {
      for (const [name, { kind, help }] of Object.entries(params)) {
        if (['url', 'host'].includes(kind)) includes(help, 'must never come from an end user', `help of ${id}.${name}`);
      }
    }
  });

  test('each descriptor says how its facts were checked', () => {
    for (const [id, { verified }] of Object.entries(catalogue)) {
      ok(typeof verified === 'string' && verified.length > 0, `'verified' of ${id}`);
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
