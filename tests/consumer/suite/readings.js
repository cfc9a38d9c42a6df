/** The descriptor language, answers: where the token, its company and the reason of a refusal are read from. */
import { acme, describing } from './described.js';
import { excludes, is, refused, rejection, same } from './harness.js';
import { answering } from './mock.js';
import { everythingIn } from './told.js';

export default (test, tokenlet) => {
  const { getToken } = tokenlet;
  const { read } = describing(tokenlet);

  /** Of a body that comes as text: `format`, the token's path, the body; then the token, or nothing where there is none. */
  const BODIES = [
    ...['auto', 'json', 'form', 'text'].flatMap((format) => [
      [format, undefined, '{"access_token":"t"}', 't'],
      [format, '', 'a.b-c==\r\n', 'a.b-c=='], [format, '', '"a.b"', 'a.b'], [format, '', '123', '123'],
      [format, '', '{"access_token":"t"}'], [format, '', '["t"]'], [format, '', ' \n'], [format, '', ''], [format, '', 'two words'],
      [format, '0.t', '[{"t":"found"}]', 'found'], [format, '/0/t', '[{"t":"found"}]', 'found'], [format, '/', '{"":"found"}', 'found'],
      [format, ['none', 'a.0.b', 't'], '{"none":null,"a":[{"b":""}],"t":"found"}', 'found'],
      [format, 'a.b', '{"a.b":"t","a":"t"}'], [format, '/a.b', '{"a.b":"found"}', 'found'], [format, undefined, 't'],
    ]),
    ...['auto', 'form'].flatMap((format) => [
      [format, undefined, 'access_token=a%2Bb+c%3D&expires_in=60'], [format, undefined, 'access_token=a%2Bb%3D&expires_in=60', 'a+b='],
      [format, ['none', 't'], 'x=1&&t=found\n', 'found'],
    ]),
    ...['json', 'text'].map((format) => [format, undefined, 'access_token=t&expires_in=60']),
  ];
  test('a token is read from any kind of body that its format allows', async () => {
    for (const [format, token, text, found] of BODIES) {
      const what = JSON.stringify([format, token, text]);
      const got = await read({ format, token }, { text }).catch((error) => error);
      if (found === undefined) is(got.code, 'invalid_response', what);
      else is(got.accessToken, found, what);
    }
  });

  test('the Accept header says what the format can read', async () => {
    const json = 'application/json';
    for (const [format, accept] of [[undefined, json], ['auto', json], ['json', json], ['form', '*/*'], ['text', '*/*']]) {
      const fetch = answering({ json: { access_token: 't' } });
      await getToken(acme({ response: { format } }), { fetch });
      is(fetch.asked[0].headers.accept, accept, `${format}`);
      const own = acme({ response: { format }, request: { headers: { Accept: 'application/x-of-its-own' } } });
      await getToken(own, { fetch });
      is(fetch.asked[1].headers.accept, 'application/x-of-its-own', 'what the descriptor places');
    }
  });

  test('a token is read from a header, whatever the body is', async () => {
    const headers = { 'X-Token': 'found', 'x-ttl': '0', 'x-kind': 'Special' };
    const response = {
      token: ['none', 'header:x-TOKEN'], expiry: [{ path: 'header:X-Ttl', as: 'seconds' }], zero: 'never',
      type: 'header:X-Kind', acceptTypes: ['SPECIAL'], extra: { kind: 'header:x-kind' },
    };
    for (const answer of [{ status: 204 }, { status: 201, text: '' }, { json: {} }, { json: 'text' }]) {
      const { accessToken, expiresAt, tokenType, extra } = await read(response, { ...answer, headers });
      same([accessToken, expiresAt, tokenType, extra], ['found', null, 'SPECIAL', { kind: 'Special' }], JSON.stringify(answer));
    }
    await refused(() => read({ ...response, acceptTypes: [] }, { status: 204, headers }), { code: 'invalid_response', status: 204 });
  });

  test('a page, and JSON that was cut short, are no forms', async () => {
    const rows = [
      [200, '<a href="?x=1&access_token=abc&y=1">x</a>', { code: 'invalid_response', retryable: true }],
      [200, '{"msg": "x?a=1&access_token=abc", "tok', { code: 'invalid_response', retryable: true }],
      [502, '<html><a href="/login?next=%2F&error=none">Sign in</a></html>', { code: 'http', error: null, retryable: true }],
      [502, '{"msg": "x?a=1&error=foo", "tok', { code: 'http', error: null, retryable: true }],
    ];
    for (const [status, text, expected] of rows) await refused(() => read({}, { status, text }), expected);
  });

  test('a form is one whatever its content type says', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    is((await read({}, { headers, text: 'access_token=found&expires_in=90' })).accessToken, 'found', 'token');
  });

  test('of a text token, the words of a refusal are told, and the token of a success is not', async () => {
    const asText = (status, text, parts) => read({ token: '', format: 'text', ...parts }, { status, text });
    const { errorDescription } = await refused(() => asText(401, 'Invalid credentials supplied'), { code: 'oauth', status: 401 });
    is(errorDescription, 'Invalid credentials supplied', 'errorDescription');
    const never = { ok: [{ path: 'header:x-granted' }] };
    const error = await rejection(() => asText(200, 'token-that-must-not-be-told', never));
    excludes(JSON.stringify(error) + error.message, 'token-that-must-not-be-told', 'what is told');
  });

  test('a body that is neither JSON nor a form gives no extra', async () => {
    for (const text of ['OK', '<a href="/?a=b&c=d">', 'a = b']) {
      same((await read({ token: 'header:x-token' }, { text, headers: { 'x-token': 'found' } })).extra, {}, text);
    }
  });

  const EXTRAS = [
    ['data.token', { data: { token: 't', id: 1 }, datum: 2, refresh_token: 'r', scope: 's' }, { datum: 2 }],
    ['/data/token', { data: { token: 't' }, more: null }, { more: null }],
    ['/a.b', { 'a.b': 't', c: 1 }, { c: 1 }],
    ['/a~1b', { 'a/b': 't', c: 1 }, { c: 1 }],
    ['/a~0b', { 'a~b': 't', c: 1 }, { c: 1 }],
    [['none', 't'], { t: 't', c: [1] }, { c: [1] }],
  ];
  for (const [token, json, extra] of EXTRAS) {
    test(`extra never holds the token at ${JSON.stringify(token)}`, async () => {
      same((await read({ token }, { json })).extra, extra, 'extra');
      same((await read({ token, extra: {} }, { json })).extra, {}, 'extra where the descriptor names nothing');
    });
  }

  /** Of `ok`: the predicate on `s`, the values of `s` that are a success, and those that are none. */
  const OK = [
    [{ in: [0, 'ok', true, null, [1], { a: 1 }] }, [0, 'ok', true, null, [1], { a: 1 }], ['0', 1, false, 'OK', '', undefined, [], [1, 1], {}]],
    [{ absent: true }, [undefined, null, ''], [0, false, {}, 'x', ' ']],
    [{ in: [0], absent: true }, [undefined, null, '', 0], ['0', 1, false]],
    [{ in: [0], absent: false }, [0], [undefined, null, '', 1]],
    [{}, [0, false, {}, [], 'x', ' '], [undefined, null, '']],
    [{ absent: false }, [0, 'x'], [undefined, null, '']],
    [{ in: [] }, [], [0, undefined, '']],
  ];
  const FOUND = [['s', (s) => ({ s })], ['d.0.s', (s) => ({ d: [{ s }] })], ['/d/a~1b/s', (s) => ({ d: { 'a/b': { s } } })]];
  const TOKEN = 'a-token-nobody-may-see';
  test('a 2xx is a success where every predicate holds', async () => {
    for (const [path, body] of FOUND) {
      for (const [predicate, good, bad] of OK) {
        const response = { ok: [{ path: 'access_token' }, { path, ...predicate }], error: { message: 'why' } };
        const ask = (s, fields) => read(response, { json: { access_token: TOKEN, ...body(s), ...fields } });
        // An `error` beside a success is the vendor's own affair.
        for (const s of good) {
          const { accessToken } = await ask(s, { error: 'none', why: 'all is well' });
          is(accessToken, TOKEN, JSON.stringify([path, predicate, s]));
        }
        for (const s of bad) {
          await refused(() => ask(s), { code: 'invalid_response', status: 200, retryable: false, error: null, errorDescription: null });
          const error = await refused(() => ask(s, { why: 'closed' }), { code: 'oauth', status: 200, retryable: false, errorDescription: 'closed' });
          excludes(everythingIn(error), TOKEN, 'error');
        }
      }
    }
  });

  test('a predicate may look at a header, and a success still needs a token', async () => {
    const response = { ok: [{ path: 'header:X-Status', in: ['ok'] }] };
    is((await read(response, { json: { access_token: 't' }, headers: { 'x-status': 'ok' } })).accessToken, 't', 'token');
    await refused(() => read(response, { json: { access_token: 't' } }), { code: 'invalid_response', status: 200 });
    await refused(() => read(response, { json: {}, headers: { 'x-status': 'ok' } }), { code: 'invalid_response', status: 200 });
    await refused(() => read(response, { json: { error: 'odd' }, headers: { 'x-status': 'ok' } }), { code: 'oauth', status: 200, error: 'odd' });
    await refused(() => read(response, { status: 500, json: { access_token: 't' }, headers: { 'x-status': 'ok' } }), { code: 'http', status: 500 });
  });

  const WHY = { code: ['none', 'header:X-Code', 'list.1.code'], message: ['/a~1b', 'list.0', 'header:X-Why'] };
  const REASONS = [
    [{ json: { list: ['closed', { code: 7 }] } }, { code: 'oauth', error: '7', vendorCode: '7', errorDescription: 'closed' }],
    [
      { json: { 'a/b': 'shut', list: ['closed'], error: 'odd' }, headers: { 'x-code': 'E7' } },
      { code: 'oauth', error: 'odd', vendorCode: 'E7', errorDescription: 'shut' },
    ],
    [{ json: { list: ['', { code: 'E8' }], code: 'E9', message: 'told' } }, { code: 'oauth', vendorCode: 'E8', errorDescription: 'told' }],
    [{ text: '', headers: { 'x-code': 'E7', 'x-why': 'closed' } }, { code: 'oauth', error: 'E7', errorDescription: 'closed' }],
    [{ text: '<p>a page</p>', headers: { 'x-code': 'E7' } }, { code: 'oauth', error: 'E7', errorDescription: null }],
    [{ text: '<p>a page</p>' }, { code: 'http', error: null, vendorCode: null, errorDescription: null }],
  ];
  test('the reason of a refusal is read where the descriptor says, then where vendors have it', async () => {
    for (const [answer, fields] of REASONS) {
      await refused(() => read({ error: WHY }, { status: 400, ...answer }), { status: 400, retryable: false, ...fields });
    }
  });

  test('a token type is read where the descriptor says', async () => {
    const type = async (response, fields) => (await read(response, { json: { access_token: 't', ...fields } })).tokenType;
    is(await type({ type: ['none', 'data.kind'] }, { token_type: 'mac', data: { kind: 'bEARER' } }), 'Bearer', 'type');
    is(await type({ type: 'none' }, { token_type: 'mac' }), 'Bearer', 'type where there is none');
    is(await type({ acceptTypes: ['MAC', 'x y'] }, { token_type: 'mac' }), 'MAC', 'type');
    await refused(() => type({ type: 'kind', acceptTypes: ['mac'] }, { token_type: 'mac', kind: 'hmac' }), { code: 'invalid_response' });
  });
};
