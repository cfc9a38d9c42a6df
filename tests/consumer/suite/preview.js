/** A preview shows the request and no secret. It may be pasted into a ticket. */
import { excludes, includes, is, ok, same } from './harness.js';
import { HARD_SECRET, answering, base64, emporix, oauth2 } from './mock.js';

export default (test, { previewRequest }) => {
  const SECRETS = {
    'the secret': HARD_SECRET,
    'its form': new URLSearchParams({ '': HARD_SECRET }).toString().slice(1),
    'its percent encoding': encodeURIComponent(HARD_SECRET),
    'its base64': base64(HARD_SECRET),
  };

  const hidesSecrets = (preview) => {
    for (const [what, secret] of Object.entries(SECRETS)) {
      excludes(JSON.stringify(preview), secret, what);
      for (const part of [preview.url, preview.body ?? '', ...Object.values(preview.headers)]) excludes(part, secret, what);
    }
  };

  test('a form is shown with its secret masked', async () => {
    const preview = await previewRequest('emporix', emporix(undefined));
    is(preview.method, 'POST', 'method');
    is(preview.url, 'https://api.emporix.io/oauth/token', 'url');
    includes(preview.body, 'grant_type=client_credentials', 'body');
    includes(preview.body, 'client_secret=', 'body');
    same(Object.keys(preview).sort(), ['body', 'headers', 'method', 'url'], 'fields');
    hidesSecrets(preview);
  });

  test('a Basic header is shown masked, and an empty body as null', async () => {
    const preview = await previewRequest('firstvision-query', {
      baseUrl: 'https://api.example.com', clientId: 'client', clientSecret: HARD_SECRET, scope: 'accounts cards',
    });
    is(preview.url, 'https://api.example.com/v1/api/oauth/token?scope=accounts%20cards', 'url');
    is(preview.body, null, 'body');
    const headers = new Headers(preview.headers);
    ok(headers.get('authorization').startsWith('Basic '), `the scheme to be seen, got ${headers.get('authorization')}`);
    excludes(headers.get('authorization'), base64(`client:${HARD_SECRET}`), 'authorization');
    hidesSecrets(preview);
  });

  test('a JSON body is shown as JSON', async () => {
    const preview = await previewRequest('abtasty', { accountId: 'acc0unt', clientId: 'client', clientSecret: HARD_SECRET });
    is(preview.url, 'https://auth.flagship.io/acc0unt/token?expires_in=43200', 'url');
    const body = JSON.parse(preview.body);
    same([body.grant_type, body.scope], ['client_credentials', '*'], 'what is harmless');
    hidesSecrets(preview);
  });

  test('the values of headers and params are masked, their names are not', async () => {
    const preview = await previewRequest('oauth2', oauth2(undefined, {
      headers: { 'x-api-key': 'a-key-of-the-user' }, params: { assertion_note: 'a-value-of-the-user' },
    }));
    excludes(JSON.stringify(preview), 'a-key-of-the-user', 'preview');
    excludes(JSON.stringify(preview), 'a-value-of-the-user', 'preview');
    ok(new Headers(preview.headers).has('x-api-key'), 'the header to be named');
    includes(preview.body, 'assertion_note=', 'body');
  });

  test('masks have one length, whatever they hide', async () => {
    const shown = (clientSecret) => previewRequest('emporix', emporix(undefined, { clientSecret }));
    const short = await shown('a short one');
    same(await shown('a secret that is a good deal longer than the other'), short, 'the preview with a longer secret');
    same(await shown(() => 'a function'), short, 'the preview with a function');
    const basic = (clientSecret) => previewRequest('oauth2', oauth2(undefined, { clientSecret }));
    same(await basic('a secret that is a good deal longer than the other'), await basic('a short one'), 'the preview of Basic');
  });

  test('nothing is sent and no function is called', async () => {
    const called = [];
    const config = emporix(answering(), {
      clientSecret: () => called.push('clientSecret'),
      fetch: () => called.push('fetch'),
      waitUntil: () => called.push('waitUntil'),
    });
    await previewRequest('emporix', config);
    same(called, [], 'functions called');
  });
};
