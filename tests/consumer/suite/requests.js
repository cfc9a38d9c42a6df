/** The descriptor language: scopes, credentials and other common fields, each sent where the descriptor says, and once. */
import { acme, describing, ENDPOINT } from './described.js';
import { is, same } from './harness.js';
import { HARD_SECRET, answering, base64, granting } from './mock.js';

export default (test, tokenlet) => {
  const { clear, createClient, getToken, invalidate } = tokenlet;
  const { sent, refuses } = describing(tokenlet);

  /** Of a scope: its rules, what the caller asks for, the request's own parts; then the query and the body that are sent. */
  const SCOPES = [
    [{}, undefined, {}, '', ''],
    [{}, 'b a', {}, '', 'scope=b+a'],
    [{ in: 'query' }, 'b a', { body: { g: '1' } }, 'scope=b%20a', 'g=1'],
    [{ in: 'query' }, 'a', { encoding: 'json' }, 'scope=a', '{}'],
    [{ in: 'none' }, 'a', {}, '', ''],
    [{ name: 'scopes', sep: ',' }, ['b', 'a'], {}, '', 'scopes=b%2Ca'],
    [{ sep: '' }, ['b', 'a'], { encoding: 'json' }, '', '{"scope":"ba"}'],
    [{ default: ['x', 'y', 'x'] }, undefined, {}, '', 'scope=x+y'],
    [{ default: ['x', 'y'] }, [], {}, '', 'scope=x+y'],
    [{ default: ['x', 'y'] }, 'a', {}, '', 'scope=a'],
    [{ default: ['x', 'y'], append: true }, 'a x', {}, '', 'scope=x+y+a'],
    [{ default: ['x'], append: true }, undefined, {}, '', 'scope=x'],
    [{ append: true }, 'a', {}, '', 'scope=a'],
    [{ default: ['x'], fixed: true }, undefined, {}, '', 'scope=x'],
    [{ default: ['x'], fixed: true }, 'x', {}],
    [{ default: ['x'], fixed: true, append: true }, ['a'], {}],
    [{ required: true }, undefined, {}], [{ required: true }, ' ', {}], [{ required: true }, [], {}],
    [{ required: true, default: ['x'] }, undefined, {}, '', 'scope=x'],
    [{ required: true, in: 'none' }, 'a', {}, '', ''],
    [{ default: ['x y'] }, undefined, {}, '', 'scope=x+y'],
    // What the descriptor places wins: nothing is sent twice.
    [{}, 'b a', { query: { s: '{scope}' } }, 's=b%20a', ''],
    [{ in: 'query', sep: ',' }, 'b a', { body: { s: 'S {scope?}' } }, '', 's=S+b%2Ca'],
    [{}, 'a', { headers: { 'x-scope': '{scope}' } }, '', ''],
    [{}, 'a', { query: { scope: 'fixed' } }, 'scope=fixed', ''],
    [{ in: 'query' }, 'a', { body: { scope: 'fixed' } }, '', 'scope=fixed'],
  ];
  test('a scope goes where its rules say, once', async () => {
    for (const [rules, scope, request, query, body] of SCOPES) {
      const what = JSON.stringify([rules, scope, request]);
      if (query === undefined) await refuses(acme({ scope: rules, request }), { scope }, 'scope');
      else {
        const got = await sent(acme({ scope: rules, request }), { scope });
        same([got.query, got.body], [query, body], what);
      }
    }
  });

  const FORM = new URLSearchParams({ '': HARD_SECRET }).toString().slice(1);
  const PERCENT = encodeURIComponent(HARD_SECRET);
  const both = { clientId: 'cli ent', clientSecret: HARD_SECRET };
  const alone = { clientId: 'cli ent' };
  const inBody = `client_id=cli+ent&client_secret=${FORM}`;
  const inQuery = `client_id=cli%20ent&client_secret=${PERCENT}`;
  const inJson = JSON.stringify({ client_id: 'cli ent', client_secret: HARD_SECRET });
  const basic = base64(`cli+ent:${FORM}`);

  /** Of a client: `auth`, the config, the request's parts; then the header, the query and the body that are sent, or what is refused. */
  const CLIENTS = [
    // Without a method: a secret goes where RFC 7591, section 2 has it by default.
    [undefined, both, {}, `Basic ${basic}`, '', ''],
    [undefined, alone, {}, 'clientSecret'],
    [undefined, {}, {}, undefined, '', ''],
    [undefined, { clientSecret: HARD_SECRET }, {}, 'clientId'],
    [{ sendId: true }, both, {}, `Basic ${basic}`, '', 'client_id=cli+ent'],
    [{ method: 'client_secret_basic' }, both, {}, `Basic ${basic}`, '', ''],
    [{ method: 'client_secret_basic' }, alone, {}, 'clientSecret'],
    [{ basicEncoding: 'raw' }, both, {}, `Basic ${base64(`cli ent:${HARD_SECRET}`)}`, '', ''],
    [{ basicEncoding: 'base64-parts' }, both, {}, `Basic ${base64(`${base64('cli ent')}:${base64(HARD_SECRET)}`)}`, '', ''],
    [{ scheme: 'ID' }, both, {}, `ID ${basic}`, '', ''],
    [{ scheme: '' }, both, {}, basic, '', ''],
    [{ method: 'client_secret_basic' }, both, { headers: { Authorization: 'Key of its own' } }, 'Key of its own', '', ''],
    [{ method: 'client_secret_post' }, both, { body: { g: '1' } }, undefined, '', `g=1&${inBody}`],
    [{ method: 'client_secret_post' }, both, { encoding: 'json' }, undefined, '', inJson],
    [{ method: 'client_secret_post', idName: 'id', secretName: 'key' }, both, {}, undefined, '', `id=cli+ent&key=${FORM}`],
    [{ method: 'client_secret_post', sendId: false }, both, {}, undefined, '', `client_secret=${FORM}`],
    [{ method: 'client_secret_post' }, both, { query: { client_id: '{clientId}' } }, undefined, 'client_id=cli%20ent', `client_secret=${FORM}`],
    [{ method: 'client_secret_post' }, both, { encoding: 'none', query: { g: '1' } }, undefined, `g=1&${inQuery}`, ''],
    [{ method: 'client_secret_query' }, both, { body: { g: '1' } }, undefined, inQuery, 'g=1'],
    [{ method: 'client_secret_query' }, both, {}, undefined, inQuery, ''],
    [{ method: 'client_secret_query' }, both, { encoding: 'none', body: { g: '1' } }, undefined, `g=1&${inQuery}`, ''],
    [{ method: 'client_secret_query', idName: 'id' }, both, { body: { id: '{clientId}' } }, undefined, `client_secret=${PERCENT}`, 'id=cli+ent'],
    [{ method: 'client_secret_query' }, alone, {}, 'clientSecret'],
    [{ method: 'none' }, alone, {}, undefined, '', 'client_id=cli+ent'],
    [{ method: 'none', sendId: false }, alone, {}, undefined, '', ''],
    [{ method: 'none' }, alone, { query: { app: '{clientId}' } }, undefined, 'app=cli%20ent', ''],
    [{ method: 'none', sendId: true }, alone, { query: { app: '{clientId}' } }, undefined, 'app=cli%20ent', 'client_id=cli+ent'],
    [{ method: 'none' }, both, {}, undefined, '', 'client_id=cli+ent'],
    [{ method: 'tls_client_auth' }, alone, {}, undefined, '', 'client_id=cli+ent'],
    [{ method: 'tls_client_auth' }, alone, { encoding: 'none' }, undefined, 'client_id=cli%20ent', ''],
    [{ method: 'tls_client_auth' }, both, {}, undefined, '', 'client_id=cli+ent'],
    [{ method: 'client_secret_basic', basicEncoding: 'raw' }, { clientId: 'a:b', clientSecret: HARD_SECRET }, {}, 'clientId'],
    [{ method: 'tls_client_auth' }, {}, {}, 'clientId'],
    [{ mtls: true }, both, {}, `Basic ${basic}`, '', ''],
  ];
  test('credentials go where the method says, once', async () => {
    for (const [auth, config, request, authorization, query, body] of CLIENTS) {
      const descriptor = acme({ auth, request });
      if (query === undefined) await refuses(descriptor, config, authorization);
      else {
        const got = await sent(descriptor, config);
        same([got.headers.authorization, got.query, got.body], [authorization, query, body], JSON.stringify([auth, config, request]));
      }
    }
  });

  const PLACES = {
    'request.url': (text) => acme({ request: { url: `${ENDPOINT}/${text}` } }),
    'request.headers': (text) => acme({ request: { headers: { 'x-it': text } } }),
    'request.query': (text) => acme({ request: { query: { it: `it: ${text}` } } }),
    'request.body': (text) => acme({ request: { body: { list: [{ it: text }] } } }),
  };
  for (const [place, descriptor] of Object.entries(PLACES)) {
    test(`a common field without a question mark in ${place} is required`, async () => {
      for (const name of ['audience', 'clientId', 'scope']) {
        await refuses(descriptor(`{${name}}`), {}, name);
        await sent(descriptor(`{${name}}`), { [name]: 'given' });
        await sent(descriptor(`{${name}?}`), place === 'request.url' ? { [name]: 'given' } : {});
      }
    });
  }

  test('a common field without a question mark in a scope is required', async () => {
    const scoped = (template) => acme({ scope: { default: [template] } });
    is((await sent(scoped('{audience}/.default'), { audience: 'api' })).body, 'scope=api%2F.default&audience=api', 'body');
    is((await sent(scoped('{audience?}/.default'))).body, '', 'the body where it is optional');
    await refuses(scoped('{audience}/.default'), {}, 'audience');
  });

  test('what the common fields add comes after what the descriptor places, once', async () => {
    const config = { ...both, scope: 's', audience: 'a', resource: ['r1', 'r2'], params: { p: '1', '0': 'x' } };
    const added = (request) => sent(acme({ auth: { method: 'client_secret_post' }, request }), config);
    const common = `${inBody}&scope=s&audience=a&resource=r1&resource=r2&0=x&p=1`;
    is((await added({ body: { z: '1', y: '2' } })).body, `z=1&y=2&${common}`, 'form');
    const json = { z: '1', client_id: 'cli ent', client_secret: HARD_SECRET, scope: 's', audience: 'a', resource: ['r1', 'r2'] };
    is((await added({ encoding: 'json', body: { z: '1' } })).body, `${JSON.stringify(json).slice(0, -1)},"0":"x","p":"1"}`, 'JSON');
    const placed = await added({ query: { aud: '{audience}', resource: 'own' }, body: { audience: 'own' } });
    same([placed.query, placed.body], ['aud=a&resource=own', `audience=own&${inBody}&scope=s&0=x&p=1`], 'with its own');
    for (const request of [{ body: { p: 'own' } }, { query: { p: 'own' } }, { encoding: 'none', body: { p: 'own' } }]) {
      await refuses(acme({ auth: { method: 'client_secret_post' }, request }), config, 'params.p');
    }
  });

  test('without a body, its fields follow the query, and no content type is sent', async () => {
    const fields = { url: 'https://auth.acme.example/token?o=1', query: { q: '2', r: 'a b' }, body: { z: '3', list: [1, 'x'], on: true } };
    for (const [method, request] of [['GET', { method: 'GET' }], ['GET', { method: 'GET', encoding: 'json' }], ['POST', { encoding: 'none' }]]) {
      const got = await sent(acme({ request: { ...fields, ...request } }), { clientId: 'c', scope: 's', params: { p: '4' } });
      same([got.method, got.body, got.headers['content-type']], [method, '', undefined], `what ${method} sends`);
      is(got.query, 'o=1&q=2&r=a%20b&z=3&list=%5B1%2C%22x%22%5D&on=true&client_id=c&scope=s&p=4', `the query of ${method}`);
    }
  });

  const TYPED = {
    2: 'b', 1: 'a', f: 1.5, s: 1e-7, l: 1e21, w: 2 ** 53, n: -3, z: -0, no: null, t: true, deep: [[1, [false, { 7: null, m: [] }]], {}],
  };

  test('literals of a body keep their types in JSON, and are the same text in a form', async () => {
    is((await sent(acme({ request: { encoding: 'json', body: TYPED } }))).body, JSON.stringify(TYPED), 'JSON');
    const form = Object.entries(TYPED).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
    is((await sent(acme({ request: { body: TYPED } }))).body, new URLSearchParams(form).toString(), 'form');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await refuses(acme({ request: { body: { deep: [{ value }] } } }), {}, 'request.body.deep.0.value');
    }
  });

  test('a client with a certificate needs a fetch, and its token belongs to it', async () => {
    for (const auth of [{ method: 'tls_client_auth' }, { method: 'client_secret_basic', mtls: true }]) {
      const mutual = acme({ auth });
      const config = { clientId: 'client', ...(auth.mtls && { clientSecret: HARD_SECRET }) };
      await refuses(mutual, { ...config, fetch: undefined }, 'fetch');
      const [one, other] = [answering(granting({ of: 'one' })), answering(granting({ of: 'other' }))];
      const clients = [one, other].map((fetch) => createClient(mutual, { ...config, fetch }));
      for (let round = 0; round < 3; round++) {
        is((await getToken(mutual, { ...config, fetch: one })).extra.of, 'one', 'the token of one');
        is((await getToken(mutual, { ...config, fetch: other })).extra.of, 'other', 'the token of the other');
        const tokens = await Promise.all(clients.map((client) => client.getToken()));
        same(tokens.map(({ extra }) => extra.of), ['one', 'other'], 'the tokens of clients');
      }
      same([one.asked.length, other.asked.length], [1, 1], 'requests');
      is(invalidate(mutual, { ...config, fetch: answering() }, 'token-1'), false, 'invalidate with a fetch that has no token');
      is(invalidate(mutual, { ...config, fetch: one }, 'token-1'), true, 'invalidate with the first');
      is(clients[1].invalidate('token-1'), true, 'invalidate with the other');
      const shared = { ...config, partition: 'the one certificate' };
      const token = await getToken(mutual, { ...shared, fetch: one });
      is(await getToken(mutual, { ...shared, fetch: other }), token, 'the token of a partition');
      is(await createClient(mutual, { ...shared, fetch: answering() }).getToken(), token, 'the token of a partition and a client');
      clear();
    }
  });
};
