/** What vendors document, against what is sent to them and made of their answers: every sample, exactly. */
import { excludes, is, refused, same } from './harness.js';
import { answering, base64 } from './mock.js';
import { withClock } from './clock.js';
import { everythingIn } from './told.js';

export default (test, { clear, getToken, previewRequest, providers }, { samples }) => {
  for (const [name, sample] of Object.entries(samples)) {
    const { provider, now, request, answer, token, refusal } = sample;
    /** A refusal is not tried again; one that were would take its time. */
    const config = (fetch) => ({ ...sample.config, retries: 0, fetch });

    test(name, () => withClock(async (advance) => {
      if (now) advance(Date.parse(now) - Date.now());
      const granting = answering(() => respond(answer));
      const got = await getToken(provider, config(granting));
      is(granting.asked.length, 1, 'requests');
      sameRequest(granting.asked[0], request);
      sameToken(got, token);

      clear();
      const refusing = config(answering(() => respond(refusal.answer)));
      const error = await refused(() => getToken(provider, refusing), refusal.error);

      const preview = await previewRequest(provider, refusing);
      is(preview.method, request.method, 'the method of the preview');
      same(Object.keys(preview.headers).sort(), Object.keys(request.headers).sort(), 'the headers of the preview');
      for (const [what, spelling] of await secretsOf(provider, sample.config)) {
        excludes(everythingIn(preview), spelling, `the preview, for ${what}`);
        excludes(everythingIn(error), spelling, `the error, for ${what}`);
      }
    }));
  }

  test('there is a sample of every built-in', async () => {
    const shown = new Set(Object.values(samples).map(({ provider }) => provider));
    same((await providers()).map(({ id }) => id).filter((id) => !shown.has(id)), [], 'built-ins without a sample');
  });

  /** The secrets of a config in every spelling in which they are sent, each with its field. */
  async function secretsOf(provider, config) {
    const known = (await providers()).find(({ id }) => id === (provider.extends ?? provider))?.params ?? [];
    const own = Object.entries(provider.params ?? {}).map(([name, rules]) => ({ name, ...rules }));
    const secret = [...known, ...own].filter((param) => param.secret).map(({ name }) => name);
    const given = [...new Set([...secret, 'clientSecret'])].filter((name) => config[name] !== undefined);
    return given.flatMap((name) => spellings(config.clientId ?? '', config[name]).map((spelling) => [name, spelling]));
  }
};

/** In bytes, so that no content type comes of itself. */
function respond({ status, headers, body }) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(new TextEncoder().encode(text), { status, headers });
}

function sameRequest(asked, request) {
  const expected = filled(request, asked);
  is(asked.method, expected.method, 'method');
  is(asked.url, expected.url, 'url');
  // Chromium keeps a user agent out of every Request: what none of this runtime's carries, nobody could send.
  const { headers } = new Request(expected.url, { headers: expected.headers });
  same(asked.headers, Object.fromEntries(headers), 'headers');
  is(JSON.stringify(bodyOf(asked)), JSON.stringify(inPairs(expected.body)), 'body');
}

/** The request of a sample with what each request makes anew put in: the time, and the one id that was sent. */
function filled({ url, ...rest }, asked) {
  const [uuid = '<uuid>'] = UUID.exec(JSON.stringify(asked)) ?? [];
  const now = Date.now();
  const fill = (value, iso) => JSON.parse(JSON.stringify(value)
    .replaceAll('<uuid>', uuid)
    .replaceAll('<now.s>', Math.floor(now / 1_000))
    .replaceAll('<now.ms>', now)
    .replaceAll('<now.iso>', iso));
  const iso = new Date(now).toISOString();
  return { url: fill(url, encodeURIComponent(iso)), ...fill(rest, iso) };
}

/** The body that was sent, as samples write it, its form in pairs. */
function bodyOf({ headers, body }) {
  if (body === '') return null;
  return headers['content-type'].includes('json') ? { json: JSON.parse(body) } : { form: [...new URLSearchParams(body)] };
}

/** The body of a sample, its form in pairs: a name that is repeated has an array. */
function inPairs(body) {
  if (!body?.form) return body;
  return { form: Object.entries(body.form).flatMap(([name, value]) => [value].flat().map((one) => [name, one])) };
}

/** The clock stands still, so that lifetimes are exact. */
function sameToken(got, { accessToken, tokenType = 'Bearer', lifetime, scope = null, headers, extra = {} }) {
  const expected = { accessToken, tokenType, scope, headers: headers ?? { Authorization: `Bearer ${accessToken}` }, extra };
  for (const [field, value] of Object.entries(expected)) same(got[field], value, field);
  is(got.expiresAt === null ? null : (got.expiresAt - Date.now()) / 1_000, lifetime, 'lifetime');
}

function spellings(id, secret) {
  const form = (text) => new URLSearchParams({ '': text }).toString().slice(1);
  const pairs = [[id, secret], [id, secret].map(form), [id, secret].map(base64)].map((pair) => base64(pair.join(':')));
  return [secret, JSON.stringify(secret).slice(1, -1), form(secret), encodeURIComponent(secret), base64(secret), ...pairs];
}

/** Of version 4 (RFC 9562, section 5.4). */
const UUID = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/;
