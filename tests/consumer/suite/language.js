/** The descriptor language: templates and parameters, and what becomes of them in a request. */
import { acme, describing, ENDPOINT } from './described.js';
import { excludes, includes, is, ok, refused, same } from './harness.js';
import { answering, base64, granting } from './mock.js';
import { everythingIn } from './told.js';
import { withClock } from './clock.js';

export default (test, tokenlet) => {
  const { clear, createClient, createFetch, getToken, previewRequest } = tokenlet;
  const { sent, refuses } = describing(tokenlet);

  test('{$uuid} is one in a request, and another in each request', async () => {
    const fresh = acme({ request: {
      url: `${ENDPOINT}/{$uuid}`, encoding: 'json',
      headers: { 'x-id': '{$uuid}' }, query: { id: '{$uuid}' }, body: { list: [{ id: 'id {$uuid}' }] },
    } });
    const fetch = answering({ status: 503 }, granting());
    await getToken(fresh, { retries: 1, fetch });
    await getToken(fresh, { retries: 1, fetch });
    clear();
    await getToken(fresh, { retries: 1, fetch });
    is(fetch.asked.length, 3, 'requests: one, its retry, and one after the cache was cleared; what is new each time is no part of the key');
    const ids = fetch.asked.map(({ url, headers, body }) => {
      const id = headers['x-id'];
      ok(UUID.test(id), `a UUID of version 4, got ${id}`);
      same([url, body], [`${ENDPOINT}/${id}?id=${id}`, JSON.stringify({ list: [{ id: `id ${id}` }] })], 'url and body');
      return id;
    });
    is(new Set(ids).size, 3, 'different ids');
  });

  test('{$now} is the time at which the request is sent', () => withClock(async (advance) => {
    advance(Date.parse('2026-01-31T12:00:00.789Z') - Date.now());
    const stamped = acme({ request: { headers: { 'x-s': '{$now.s}' }, query: { ms: '{$now.ms}' }, body: { iso: '{$now.iso}' } } });
    const times = async () => {
      const { headers, query, body } = await sent(stamped);
      return [headers['x-s'], query, decodeURIComponent(body)];
    };
    same(await times(), ['1769860800', 'ms=1769860800789', 'iso=2026-01-31T12:00:00.789Z'], 'times');
    advance(1_211);
    same(await times(), ['1769860802', 'ms=1769860802000', 'iso=2026-01-31T12:00:02.000Z'], 'times a little later');
  }));

  test('what each request makes anew is part of nothing else', async () => {
    for (const name of ['{$uuid}', '{$now.s}', '{$now.ms}', '{$now.iso}']) {
      await refuses(acme({ scope: { default: ['all', name] } }), {}, ['scope.default.1', name]);
      await refuses(acme({ use: { origins: [`https://${name}.example`] } }), {}, ['use.origins.0', name]);
      await refuses(acme({ response: { ttl: name } }), {}, ['response.ttl', name]);
    }
    await refuses(acme({ request: { body: { at: '{$now}' } } }), {}, ['request.body.at', '{$now}']);
  });

  test('braces that are doubled are braces', async () => {
    const map = { a: '{{x}}', b: '}}{{', c: '{{{x}}}', d: '{{{{{x}' };
    const { query, headers } = await sent(acme({ params: { x: {} }, request: { query: map, headers: { 'x-c': map.c } } }), { x: 'X' });
    same([query, headers['x-c']], ['a=%7Bx%7D&b=%7D%7B&c=%7BX%7D&d=%7B%7BX', '{X}'], 'query and header');
  });

  test('an entry with an optional name that is unset is dropped, wherever it stands', async () => {
    const part = { x: '{x?}', y: 'y' };
    const optional = acme({
      params: { x: { required: false, sensitive: false } },
      scope: { default: ['s:{x?}', 't'] },
      request: {
        encoding: 'json', query: part, headers: { 'x-x': 'is {x?}' },
        body: { ...part, map: part, list: ['{x?}', ['{x?}{x?}'], 'y'], sole: { x: '{x?}' } },
      },
      use: { origins: ['https://{x?}.acme.example', 'https://api.acme.example'] },
    });
    const without = await sent(optional);
    same([without.query, without.headers['x-x']], ['y=y', undefined], 'query and header without it');
    same(JSON.parse(without.body), { y: 'y', map: { y: 'y' }, list: [[], 'y'], sole: {}, scope: 't' }, 'body without it');
    const given = await sent(optional, { x: 'X' });
    same([given.query, given.headers['x-x']], ['x=X&y=y', 'is X'], 'query and header with it');
    const body = { x: 'X', y: 'y', map: { x: 'X', y: 'y' }, list: ['X', ['XX'], 'y'], sole: { x: 'X' }, scope: 's:X t' };
    same(JSON.parse(given.body), body, 'body with it');
    const api = answering({ json: {} });
    const call = createFetch(optional, { fetch: answering() }, { fetch: api });
    await call('https://api.acme.example/');
    await refused(() => call('https://x.acme.example/'), { code: 'invalid_config' });
    await createFetch(optional, { fetch: answering(), x: 'x' }, { fetch: api })('https://x.acme.example/');
    is(api.asked.length, 2, 'calls');
  });

  test('a parameter may have any name', async () => {
    const names = ['a b', 'é', 'a.b/c', 'a?', '-', '0', 'x{y', 'url', 'descriptor'];
    // A name that ends with a question mark takes one more, which says that it is optional.
    const body = Object.fromEntries(names.map((name, index) => [`n${index}`, name.endsWith('?') ? `{${name}?}` : `{${name}}`]));
    const odd = acme({ params: Object.fromEntries(names.map((name) => [name, {}])), request: { encoding: 'json', body } });
    const config = Object.fromEntries(names.map((name) => [name, `is ${name}`]));
    same(Object.values(JSON.parse((await sent(odd, config)).body)), names.map((name) => `is ${name}`), 'values');
    for (const name of names) await refuses(odd, { ...config, [name]: undefined }, [name, 'missing']);
  });

  /** Of a parameter in a path, a form and a JSON body: what it is given, and what is sent; nothing where it is refused. */
  const KINDS = [
    [{}, 'a/b c?é', 'a%2Fb%20c%3F%C3%A9', 'a%2Fb+c%3F%C3%A9', '"a/b c?é"'],
    [{}, '007', '007', '007', '"007"'],
    [{}, '  '], [{}, ''], [{}, 7], [{}, null],
    [{ kind: 'segment' }, 'a/b c?é', 'a%2Fb%20c%3F%C3%A9', 'a%2Fb+c%3F%C3%A9', '"a/b c?é"'],
    [{ kind: 'segment' }, '..'], [{ kind: 'segment' }, '.'],
    [{ kind: 'host' }, 'eu-1.acme_x', 'eu-1.acme_x', 'eu-1.acme_x', '"eu-1.acme_x"'],
    [{ kind: 'host' }, 'EU'], [{ kind: 'host' }, 'a..b'], [{ kind: 'host' }, 'a:1'], [{ kind: 'host' }, 'bücher'], [{ kind: 'host' }, '[::1]'],
    [{ kind: 'int' }, 600, '600', '600', '600'],
    [{ kind: 'int' }, '0600', '600', '600', '600'],
    [{ kind: 'int' }, 0, '0', '0', '0'],
    [{ kind: 'int' }, 2 ** 53, '9007199254740992', '9007199254740992', '9007199254740992'],
    ...[-1, 1.5, '1e3', '6.0', '', '9007199254740993', 1e16, Number.NaN, Infinity, true].map((value) => [{ kind: 'int' }, value]),
    [{ enum: ['a b', 'c'] }, 'a b', 'a%20b', 'a+b', '"a b"'],
    [{ enum: ['a b', 'c'] }, 'C'], [{ enum: ['toString'] }, 'valueOf'],
    [{ maxLength: 2 }, '😀é', '%F0%9F%98%80%C3%A9', '%F0%9F%98%80%C3%A9', '"😀é"'],
    [{ maxLength: 2 }, '😀é.'],
    [{ kind: 'int', maxLength: 2 }, 99, '99', '99', '99'], [{ kind: 'int', maxLength: 2 }, 100],
    [{ default: 'c' }, undefined, 'c', 'c', '"c"'],
    [{ kind: 'int', default: '60' }, undefined, '60', '60', '60'],
    [{}, undefined],
  ];
  test('a kind of parameter decides what is taken, and how it is sent', async () => {
    for (const [rules, it, inPath, inForm, inJson] of KINDS) {
      const isInt = rules.kind === 'int';
      const request = { url: `${ENDPOINT}/{it}`, headers: { 'x-int': isInt ? '{it}' : 'none' }, query: { q: 'q{it}' }, body: { it: '{it}' } };
      const form = acme({ params: { it: rules }, request });
      if (inPath === undefined) {
        await refuses(form, { it }, 'it');
        continue;
      }
      const { url, headers, body } = await sent(form, { it });
      same([url, body], [`${ENDPOINT}/${inPath}?q=q${inPath}`, `it=${inForm}`], `url and form with ${it}`);
      if (isInt) is(headers['x-int'], inJson, 'header');
      is((await sent({ ...form, request: { ...request, encoding: 'json' } }, { it })).body, `{"it":${inJson}}`, 'JSON');
    }
  });

  test('a URL parameter is the start of a URL, and private', async () => {
    const at = acme({ params: { base: { kind: 'url' } }, request: { url: '{base}/token', body: { base: '{base}' } } });
    for (const base of ['https://auth.acme.example/a/', 'HTTPS://Auth.Acme.Example:443/a//']) {
      const { url, body } = await sent(at, { base });
      same([url, body], ['https://auth.acme.example/a/token', 'base=https%3A%2F%2Fauth.acme.example%2Fa'], base);
    }
    is((await sent(at, { base: 'http://127.0.0.1:8080' })).url, 'http://127.0.0.1:8080/token', 'loopback');
    is((await sent(at, { base: 'http://auth.acme.example', allowHttp: true })).url, 'http://auth.acme.example/token', 'with allowHttp');
    for (const base of ['http://auth.acme.example', 'auth.acme.example', 'https://a.example/?x=1', 'https://u@a.example', 'https://a.example/#x']) {
      await refuses(at, { base }, 'base');
    }
  });

  test('a preview shows numbers as they are sent: as text in headers', async () => {
    const request = { encoding: 'json', headers: { 'x-n': '{n}' }, query: { n: '{n}' }, body: { n: '{n}' } };
    const counted = acme({ params: { n: { kind: 'int', sensitive: false } }, request });
    const { url, headers, body } = await previewRequest(counted, { n: 7 });
    same([url, headers['x-n'], body], [`${ENDPOINT}?n=7`, '7', '{"n":7}'], 'preview');
  });

  test('a secret parameter is masked in previews and taken out of what comes back', async () => {
    const keyed = acme({
      params: { key: { secret: true, sensitive: false }, plain: { sensitive: false }, guarded: {} },
      request: {
        url: `${ENDPOINT}/{key}`, headers: { authorization: 'Key {key}' }, query: { key: '{key}', plain: '{plain}' },
        body: { key: '{key}', guarded: '{guarded}' },
      },
    });
    const key = 'hard secret+/=%:&"\\~';
    const config = { key, plain: 'to be seen', guarded: 'a guarded value', retries: 0 };
    const preview = await previewRequest(keyed, config);
    same(preview, {
      method: 'POST', url: `${ENDPOINT}/***?key=***&plain=to%20be%20seen`, body: 'key=***&guarded=***',
      headers: { authorization: 'Key ***', accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    }, 'preview');
    const inBase64 = base64(key);
    const echoes = [key, inBase64, inBase64.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(key), JSON.stringify(key).slice(1, -1)];
    for (const echo of echoes) {
      clear();
      const fetch = answering({ status: 400, json: { error: 'odd', error_description: `no ${echo} here`, got: [{ [echo]: echo }] } });
      const error = await refused(() => getToken(keyed, { ...config, fetch }), { error: 'odd' });
      excludes(everythingIn(error), echo, 'error');
      includes(error.errorDescription, 'here', 'the rest of the text');
    }
  });

  test('extends merges maps, and replaces everything else', async () => {
    const next = (parts) => ({ id: 'next', extends: 'abtasty', ...parts });
    const config = { accountId: 'acc0unt', clientId: 'client', clientSecret: 'a-secret-of-mine' };
    const more = { request: { headers: { 'x-a': '1' }, query: { more: '{expiresIn}' } }, params: { expiresIn: { default: '60' } } };
    const merged = await sent(next(more), config);
    same([merged.url, merged.headers['x-a']], ['https://auth.flagship.io/acc0unt/token?expires_in=60&more=60', '1'], 'what is merged');
    is(JSON.parse(merged.body).scope, '*', 'what is left as it is');
    is(JSON.parse((await sent(next({ scope: { default: ['a', 'b'] } }), config)).body).scope, 'a b', 'an array');
    for (const body of ['replaced', null]) await refuses(next({ request: { body } }), config, 'descriptor.request.body');
    const asked = (parts) => getToken(next(parts), { ...config, fetch: answering({ json: { access_token: 'token-1' } }) });
    ok((await asked({})).expiresAt > Date.now() + 43_000_000, 'the lifetime that was asked for');
    is((await asked({ response: { ttl: null } })).expiresAt, null, 'the lifetime where null replaces it');
    const { id: _, ...nameless } = next({});
    await refuses(nameless, config, 'descriptor.id');
    await refuses({ ...nameless, id: 'Next' }, config, 'descriptor.id');
    await refuses({ id: 'next', extends: 'abtastic' }, config, ['descriptor.extends', 'abtasty']);
    await refuses({ id: 'next', extends: 'next' }, config, 'descriptor.extends');
    const failing = { ...config, clientId: 'other', retries: 0, fetch: answering({ status: 400 }) };
    await refused(() => getToken(next({}), failing), { code: 'http', provider: 'next' });
  });

  test('descriptors of one content share a token, and others do not', async () => {
    const like = ({ ok = [1, '1'], body = { x: '1', y: [1.5, null] }, ttl = 60, ...changes }) => acme({
      title: 'Acme', params: { n: { kind: 'int' } }, scope: { default: ['a', 'b'] },
      response: { ttl, ok: [{ path: 'ok', in: ok }] }, request: { body }, ...changes,
    });
    const fetch = answering((number) => ({ json: { access_token: `token-${number}`, ok: 1 } }));
    const ask = (descriptor, n = 7) => getToken(descriptor, { n, fetch });
    const token = await ask(like({}));
    const upsideDown = (value) => (typeof value !== 'object' || value === null || Array.isArray(value) ? value
      : Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, upsideDown(member)])));
    for (const equal of [like({}), upsideDown(like({})), like({ docs: undefined })]) is(await ask(equal), token, 'the token of an equal one');
    is(await ask(like({}), '007'), token, 'the token of a parameter of the same value');
    is(fetch.asked.length, 1, 'requests');
    const others = [
      { title: 'Other' }, { scope: { default: ['b', 'a'] } }, { ttl: 61 }, { ttl: '60' }, { ok: ['1', 1] },
      { body: { x: 1, y: [1.5, null] } }, { body: { x: '1', y: [1.25, null] } }, { body: { x: '1', y: [null, 1.5] } },
    ];
    for (const other of others) await ask(like(other));
    is(fetch.asked.length, 1 + others.length, 'requests with others');
    is(await ask(like({})), token, 'the first token afterwards');
  });

  test('a descriptor is taken as it is when it is passed', async () => {
    const mine = acme({ request: { headers: { 'x-a': '1' }, body: { list: ['1'] } }, params: { p: { default: 'x' } } });
    const change = () => {
      mine.request.headers['x-a'] = '2';
      mine.request.body.list.push('2');
      mine.params.p.required = 'no boolean';
    };
    const unchanged = JSON.parse(JSON.stringify(mine));
    const fetch = answering();
    const client = createClient(mine, { fetch });
    const asked = getToken(mine, { fetch });
    change();
    const token = await asked;
    is(await client.getToken(), token, 'the token of a client made before');
    is(await getToken(unchanged, { fetch }), token, 'the token of what it was');
    same(fetch.asked.map(({ headers, body }) => [headers['x-a'], body]), [['1', 'list=%5B%221%22%5D']], 'requests');
    await refuses(mine, {}, 'params.p.required');
  });
};

/** Of version 4 (RFC 9562, section 5.4). */
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
