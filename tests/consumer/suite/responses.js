/** Answers as they come: which ones hold a token, and where the reason is in those that do not. */
import { includes, is, ok, refused, same } from './harness.js';
import { answering, granting, oauth2 } from './mock.js';

export default (test, { getToken }) => {
  const token = (answer, changes) => getToken('oauth2', oauth2(answering(answer), changes));
  const unusable = (answer, retryable) =>
    refused(() => token(answer), { code: 'invalid_response', retryable, status: 200 });

  test('any 2xx with a token is a success, whatever its content type says', async () => {
    const grants = {
      'a 201': { status: 201, ...granting()(1) },
      'no content type': { text: '{"access_token":"token-1"}' },
      'text/html': { headers: { 'content-type': 'text/html' }, text: '{"access_token":"token-1"}' },
      'a byte order mark': { text: '\ufeff{"access_token":"token-1"}' },
      'white space around': { text: '\n\t {"access_token":"token-1"}\r\n' },
    };
    for (const [what, answer] of Object.entries(grants)) {
      is((await token(answer, { clientId: what })).accessToken, 'token-1', what);
    }
  });

  test('every spelling of bearer is Bearer, and so is none', async () => {
    for (const spelling of ['bearer', 'BEARER', 'Bearer', 'BearerToken', undefined]) {
      is((await token(granting({ token_type: spelling }), { clientId: `says ${spelling}` })).tokenType, 'Bearer', `${spelling}`);
    }
  });

  test('scope is as granted: a string, an array joined, or null', async () => {
    const cases = [['read', 'read'], [['read', 'write'], 'read write'], [null, null], ['', null], [undefined, null]];
    for (const [index, [sent, told]] of cases.entries()) {
      is((await token(granting({ scope: sent }), { clientId: `case ${index}` })).scope, told, JSON.stringify(sent));
    }
  });

  test('extra keeps the types of the vendor, and drops __proto__', async () => {
    const text = '{"access_token":"token-1","__proto__":{"polluted":true},"constructor":"x","instance_url":"https://x.example","list":[1,null,true],"deep":{"a":{"b":"é\\n"}}}';
    const { extra } = await token({ text });
    same(extra, { constructor: 'x', instance_url: 'https://x.example', list: [1, null, true], deep: { a: { b: 'é\n' } } }, 'extra');
    is(extra.polluted, undefined, 'a property of the prototype');
    is({}.polluted, undefined, 'a property of every object');
  });

  const WRONG = {
    'no token': '{"token_type":"Bearer"}',
    'an empty token': '{"access_token":""}',
    'a token that is null': '{"access_token":null}',
    'a token that is a number': '{"access_token":42}',
    'a token that is an object': '{"access_token":{"a":1}}',
    'a token with a line break': '{"access_token":"a\\nb"}',
    'a token with a carriage return': '{"access_token":"a\\r\\nx: y"}',
    'a token with a NUL': '{"access_token":"a\\u0000b"}',
    'a token that no header can hold': '{"access_token":"snow\\u2603man"}',
    'a token of another type': '{"access_token":"token-1","token_type":"mac"}',
    'a proof-of-possession token': '{"access_token":"token-1","token_type":"DPoP"}',
    'an array': '[]',
    'a string': '"token-1"',
    'null': 'null',
  };
  for (const [what, text] of Object.entries(WRONG)) {
    test(`${what} is an invalid response, and not asked for again`, async () => {
      const fetch = answering({ text });
      await refused(() => getToken('oauth2', oauth2(fetch, { retries: 2 })), { code: 'invalid_response', retryable: false, status: 200 });
      is(fetch.asked.length, 1, 'requests: issued tokens are billed');
    });
  }

  test('what does not parse is an invalid response that may be asked for again', async () => {
    await unusable({ headers: { 'content-type': 'text/html' }, text: '<html>Please sign in</html>' }, true);
    const fetch = answering({ text: '{"access_token":"tok' }, granting());
    is((await getToken('oauth2', oauth2(fetch, { retries: 1, clientId: 'b' }))).accessToken, 'token-2', 'token');
  });

  test('an empty answer is an invalid response', async () => {
    await refused(() => token({ text: '' }), { code: 'invalid_response', status: 200 });
    await refused(() => token({ status: 204 }, { clientId: 'b' }), { code: 'invalid_response', status: 204 });
  });

  test('an answer of more than a mebibyte is an invalid response', async () => {
    const padding = 'x'.repeat(1_100_000);
    await refused(() => token(granting({ padding })), { code: 'invalid_response', status: 200 });
    is((await token(granting({ padding: 'x'.repeat(900_000) }), { clientId: 'b' })).accessToken, 'token-1', 'the token of a smaller one');
  });

  test('an endless answer is given up', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(stream) {
        pulled += 1;
        stream.enqueue(new Uint8Array(65_536).fill(0x20));
        // It does end, lest a reader without a bound take the whole suite with it.
        if (pulled === 200) stream.close();
      },
    });
    await refused(() => token(() => new Response(body)), { code: 'invalid_response' });
    ok(pulled < 100, `little more than a mebibyte to be read, got ${pulled} times 64 KiB`);
  });

  test('deeply nested JSON does no harm', async () => {
    const depth = 100_000;
    const text = `{"access_token":"token-1","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    await token({ text }).catch((error) => is(error.code, 'invalid_response', 'code'));
    is((await token(granting(), { clientId: 'b' })).accessToken, 'token-1', 'the token of the next call');
  });

  const REASONS = {
    'an RFC 6749 object': [
      { error: 'invalid_scope', error_description: 'no such thing', error_uri: 'https://x.example/e' },
      { error: 'invalid_scope', errorDescription: 'no such thing', errorUri: 'https://x.example/e' },
    ],
    'a top-level array': [[{ errorCode: '240101', title: 'no such thing' }], {}],
    'a fault': [{ fault: { faultstring: 'no such thing', detail: { errorcode: 'oauth.v2.Odd' } } }, { vendorCode: 'oauth.v2.Odd' }],
    'a list of errors': [{ errors: [{ code: 'odd', message: 'no such thing' }] }, {}],
    'an error object': [{ error: { code: 'odd', message: 'no such thing' } }, {}],
    'a problem (RFC 9457)': [{ type: 'about:blank', title: 'Odd', status: 400, detail: 'no such thing' }, {}],
    'an errorCode and message': [{ errorCode: 'AGT401UA', errorMessage: 'no such thing' }, { vendorCode: 'AGT401UA' }],
  };
  for (const [shape, [json, fields]] of Object.entries(REASONS)) {
    test(`the reason is read from ${shape}`, async () => {
      const error = await refused(() => token({ status: 400, json }), { code: 'oauth', status: 400, details: json, ...fields });
      includes(`${error.message} ${error.errorDescription}`, 'no such thing', 'message and description');
    });
  }

  test('a WWW-Authenticate header does not hide the reason', async () => {
    const headers = { 'www-authenticate': 'Basic realm="somewhere"' };
    await refused(() => token({ status: 401, headers, json: { error: 'invalid_client' } }), { code: 'oauth', error: 'invalid_client' });
  });

  test('the reason is read from plain text', async () => {
    const answer = { status: 401, headers: { 'content-type': 'text/plain' }, text: 'the client is locked' };
    await refused(() => token(answer), { code: 'oauth', status: 401, names: 'the client is locked' });
  });

  test('an error inside a 200 is an error', async () => {
    const fields = { code: 'oauth', status: 200, error: 'invalid_scope' };
    await refused(() => token({ json: { error: 'invalid_scope', error_description: 'no' } }), { ...fields, errorDescription: 'no' });
  });

  test('details are bounded', async () => {
    const json = { error: 'odd', list: Array.from({ length: 20_000 }, (_, index) => `item ${index}`), text: 'y'.repeat(300_000) };
    const { details, message } = await refused(() => token({ status: 400, json }), { code: 'oauth', error: 'odd' });
    ok((JSON.stringify(details) ?? '').length < 100_000, 'the details to be cut');
    ok(message.length < 5_000, 'the message to be cut');
  });
};
