/** Token exchange (RFC 8693), for a server that Tokenlet's authors did not write, and for ones that answer in odd ways. */
import { withClock } from './clock.js';
import { between, excludes, includes, is, ok, refused, same } from './harness.js';
import { answering, granting, jwt, oauth2, refusing } from './mock.js';
import { proofOf } from './strong.js';
import { everythingIn } from './told.js';

const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

export default (test, { createFetch, getToken }, { grants: { tokenEndpoint, clients, tokens } }) => {
  /** A config that notes the parameters of each request in `sent`. */
  function exchange(changes) {
    const sent = [];
    const noting = (url, init) => {
      sent.push(Object.fromEntries(new URLSearchParams(String(init.body))));
      return fetch(url, init);
    };
    const config = { tokenEndpoint, retries: 0, fetch: noting, ...clients.secret, grant: 'token_exchange', subjectToken: tokens.alice };
    return { ...config, ...changes, sent };
  }

  /** What is asked of the package is everything but `sent`. */
  const asked = ({ sent: _, ...config }) => getToken('oauth2', config);

  test('token_exchange gets a token, once', async () => {
    const config = exchange({ scope: 'read', audience: 'https://api.example.com', resource: 'https://api.example.com' });
    const token = await asked(config);
    same([token.tokenType, token.scope, token.extra.sub, token.extra.act], ['Bearer', 'read', 'alice', undefined], 'token');
    is(token.extra.issued_token_type, ACCESS_TOKEN, 'issued_token_type');
    is(await asked(config), token, 'the token of the second call');
    same(config.sent, [{
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: tokens.alice,
      subject_token_type: ACCESS_TOKEN,
      scope: 'read',
      audience: 'https://api.example.com',
      resource: 'https://api.example.com',
    }], 'parameters');
  });

  test('token_exchange on behalf of one who acts', async () => {
    const types = { subjectTokenType: ACCESS_TOKEN, actorTokenType: ACCESS_TOKEN, requestedTokenType: ACCESS_TOKEN };
    const config = exchange({ actorToken: tokens.robot, ...types });
    const token = await asked(config);
    same([token.extra.sub, token.extra.act], ['alice', { sub: 'robot' }], 'whose token it is, and who acts');
    const { actor_token, actor_token_type, requested_token_type } = config.sent[0];
    same([actor_token, actor_token_type, requested_token_type], [tokens.robot, ACCESS_TOKEN, ACCESS_TOKEN], 'parameters');
    const typeless = exchange({ actorToken: tokens.robot });
    is((await asked(typeless)).extra.act.sub, 'robot', 'who acts, without a type');
    is(typeless.sent[0].actor_token_type, ACCESS_TOKEN, 'the type that is sent then');
  });

  test('token_exchange: each subject and actor has a token of its own, and needs one request', async () => {
    const sent = [];
    const of = (changes) => {
      const config = exchange(changes);
      return asked({ ...config, fetch: (url, init) => (sent.push(changes), fetch(url, init)) });
    };
    const pairs = [
      { subjectToken: tokens.alice }, { subjectToken: tokens.bob },
      { subjectToken: tokens.alice, actorToken: tokens.robot }, { subjectToken: tokens.alice, actorToken: tokens.bob },
      { subjectToken: tokens.alice, requestedTokenType: JWT },
    ];
    const first = [];
    for (const pair of pairs) first.push(await of(pair));
    same(first.map(({ extra: { sub, act } }) => [sub, act?.sub ?? '']),
      [['alice', ''], ['bob', ''], ['alice', 'robot'], ['alice', 'bob'], ['alice', '']], 'whose tokens they are, and who acts');
    for (const [at, pair] of pairs.entries()) is(await of(pair), first[at], 'the token of the second call');
    same(sent, pairs, 'requests');
  });

  test('what is no access token is in no header', async () => {
    const token = await asked(exchange({ requestedTokenType: JWT }));
    // RFC 8693, section 2.2.1.
    is(token.tokenType, 'N_A', 'tokenType');
    same({ ...token.headers }, {}, 'headers');
    ok(token.accessToken.length > 0, 'the token itself');
    is(token.extra.issued_token_type, JWT, 'issued_token_type');
  });

  test('what is no access token is put into no request', async () => {
    const { sent, ...config } = exchange({ requestedTokenType: JWT });
    const send = answering({ json: {} });
    const call = createFetch('oauth2', config, { origins: ['https://api.example.com'], fetch: send });
    await refused(() => call('https://api.example.com/things'), { code: 'invalid_response', retryable: false, names: 'N_A' });
    same([sent.length, send.asked.length], [1, 0], 'requests to the token endpoint and to the API');
  });

  const REFUSED_EXCHANGES = {
    'a subject that is none': [{ subjectToken: 'no-token-of-anybody' }, 'invalid_request'],
    'a subject of another type': [{ subjectTokenType: JWT }, 'invalid_request'],
    'an actor that is none': [{ actorToken: 'no-token-of-anybody' }, 'invalid_request'],
    'another audience': [{ audience: 'https://elsewhere.example' }, 'invalid_target'],
    'another resource': [{ resource: 'https://elsewhere.example' }, 'invalid_target'],
  };
  for (const [name, [changes, code]] of Object.entries(REFUSED_EXCHANGES)) {
    test(`an exchange for ${name} is an ${code}`, async () => {
      const config = exchange(changes);
      const error = await refused(() => asked(config), { code: 'oauth', error: code, status: 400, retryable: false });
      // This server tells the token that it does not take.
      includes(error.errorDescription, 'no ', 'what the server said');
      for (const token of [tokens.alice, 'no-token-of-anybody']) excludes(everythingIn(error), token, 'error');
    });
  }

  for (const length of [6_200, 20_000]) {
    test(`a subject of ${length} characters is exchanged, whatever else the server wants, and is told to nobody`, async () => {
      const subjectToken = jwt({ sub: 'alice' }).padEnd(length, 'c2lnbmF0dXJl');
      const nonce = { 'dpop-nonce': 'a nonce' };
      // As some servers do, these tell what they were given.
      const refusal = (error) => ({ ...refusing(error, 400, { error_description: `this is no good: ${subjectToken}` }), headers: nonce });
      const grants = granting({ token_type: 'DPoP' });
      const send = answering(refusal('use_dpop_nonce'), grants, refusal('invalid_grant'));
      const config = oauth2(send, { grant: 'token_exchange', subjectToken, dpop: true, retries: 2 });
      is((await getToken('oauth2', config)).accessToken, 'token-2', 'token');
      same(send.asked.map((request) => proofOf(request).claims.nonce), [undefined, 'a nonce'], 'nonces');
      const refusedGrant = { code: 'oauth', error: 'invalid_grant', status: 400, retryable: false };
      const error = await refused(() => getToken('oauth2', { ...config, scope: 'another' }), refusedGrant);
      const told = everythingIn(error);
      for (let at = 0; at < subjectToken.length; at += 1_000) excludes(told, subjectToken.slice(at, at + 40), 'error');
    });
  }

  test('what was got for a token is handed out no longer than that one lives', () => withClock(async (advance) => {
    const ending = (minutes) => jwt({ exp: Math.floor(Date.now() / 1_000) + minutes * 60 });
    for (const tokensOf of [
      () => ({ subjectToken: ending(10) }),
      () => ({ subjectToken: ending(30), actorToken: ending(10) }),
      () => ({ subjectToken: 'opaque', actorToken: ending(10) }),
    ]) {
      const start = Date.now();
      const send = answering();
      const config = oauth2(send, { grant: 'token_exchange', ...tokensOf() });
      const token = await getToken('oauth2', config);
      between(token.expiresAt, start + 3_599_000, start + 3_601_000, 'expiresAt, as the server has it');
      advance(5 * 60_000);
      is(await getToken('oauth2', config), token, 'the token five minutes later');
      is(send.asked.length, 1, 'requests');
      advance(5 * 60_000);
      is((await getToken('oauth2', config)).accessToken, 'token-2', 'the token once that one is over');
      advance(2_000);
      is((await getToken('oauth2', config)).accessToken, 'token-3', 'the token after that');
    }
  }));
};
