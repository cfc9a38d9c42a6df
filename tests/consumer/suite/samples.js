/** What vendors document, against what is sent to them and made of their answers: every sample, exactly. */
import { excludes, is, refused, same } from './harness.js';
import { answering, base64 } from './mock.js';
import { withClock } from './clock.js';
import { piecesOf } from './key-forms.js';
import { jwtIn, keyed, sameAssertion } from './sample-assertions.js';
import { everythingIn } from './told.js';

export default (test, { clear, getToken, previewRequest, providers }, { samples }) => {
  for (const [name, sample] of Object.entries(samples)) {
    const { provider, now, discovery, request, assertion, answer, token, refusal } = sample;

    test(name, () => withClock(async (advance) => {
      if (now) advance(Date.parse(now) - Date.now());
      const { config: given, pem, verifier } = await keyed(sample);
      /** A refusal is not tried again; one that were would take its time. */
      const config = (fetch) => ({ ...given, retries: 0, fetch });
      /** Ends with this answer; what an issuer tells of itself comes first. */
      const ending = (last) => answering(...[discovery?.answer, last].filter(Boolean).map((each) => () => respond(each)));

      const granting = ending(answer);
      if (assertion && !verifier) return refused(() => getToken(provider, config(granting)), { code: 'unsupported' });
      const got = await getToken(provider, config(granting));
      is(granting.asked.length, [discovery, request].filter(Boolean).length, 'requests');
      if (discovery) is(granting.asked[0].url, discovery.url, 'where the metadata are');
      const sent = granting.asked.at(-1) ?? got;
      if (assertion) await sameAssertion(jwtIn(sent), assertion, verifier);
      if (request) sameRequest(sent, request);
      sameToken(got, filled(token, sent));

      clear();
      const refusing = ending(refusal?.answer);
      const preview = await previewRequest(provider, config(refusing));
      const told = { preview: everythingIn(preview) };
      if (request) {
        told.error = everythingIn(await refused(() => getToken(provider, config(refusing)), refusal.error));
        is(preview.method, request.method, 'the method of the preview');
        same(Object.keys(preview.headers).sort(), Object.keys(request.headers).sort(), 'the headers of the preview');
      }
      const assertions = assertion ? [sent, ...refusing.asked].map((asked) => ['the assertion', jwtIn(asked)]) : [];
      const pieces = piecesOf(pem).map((piece) => ['the key', piece]);
      for (const [what, spelling] of [...await secretsOf(provider, given), ...assertions, ...pieces]) {
        for (const [where, texts] of Object.entries(told)) excludes(texts, spelling, `the ${where}, for ${what}`);
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
  is(asked.url, filled(request.url, asked, encodeURIComponent), 'url');
  // Chromium keeps a user agent out of every Request: what none of this runtime's carries, nobody could send.
  const { headers } = new Request(asked.url, { headers: expected.headers });
  same(asked.headers, Object.fromEntries(headers), 'headers');
  is(JSON.stringify(bodyOf(asked)), JSON.stringify(inPairs(expected.body)), 'body');
}

/** A part of a sample with what each request makes anew put in: the time, and the one id and the assertion that were sent. */
function filled(part, asked, encode = String) {
  const [uuid = '<uuid>'] = UUID.exec(JSON.stringify(asked)) ?? [];
  const now = Date.now();
  return JSON.parse(JSON.stringify(part)
    .replaceAll('<uuid>', uuid)
    .replaceAll('<assertion>', jwtIn(asked))
    .replaceAll('<now.s>', Math.floor(now / 1_000))
    .replaceAll('<now.ms>', now)
    .replaceAll('<now.iso>', encode(new Date(now).toISOString())));
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
