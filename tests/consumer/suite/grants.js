/** The JWT bearer grant (RFC 7523) and token exchange (RFC 8693), for servers that Tokenlet's authors did not write. */
import { between, excludes, includes, is, ok, refused, same } from './harness.js';
import { decoded } from './jws.js';
import { answering, oauth2 } from './mock.js';
import { everythingIn } from './told.js';

const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** A key that no server here knows, from RFC 7515, appendix A.3. */
const STRANGER = {
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
};

export default (test, { getToken }, { grants: { tokenEndpoint, clients, tokens, mock } }) => {
  /** A config that notes the parameters of each request in `sent`. */
  function asking(client, changes) {
    const sent = [];
    const noting = (url, init) => {
      sent.push(Object.fromEntries(new URLSearchParams(String(init.body))));
      return fetch(url, init);
    };
    return { tokenEndpoint, retries: 0, fetch: noting, ...client, ...changes, sent };
  }

  /** What is asked of the package is everything but `sent`. */
  const asked = ({ sent: _, ...config }) => getToken('oauth2', config);

  const bearer = (changes) => asking(clients.bearer, { grant: 'jwt_bearer', ...changes });
  const exchange = (changes) => asking(clients.secret, { grant: 'token_exchange', subjectToken: tokens.alice, ...changes });

  test('jwt_bearer gets a token, once', async () => {
    const config = bearer({ scope: ['read', 'write'] });
    const before = Date.now();
    const token = await asked(config);
    same([token.tokenType, token.scope, token.extra.sub], ['Bearer', 'read write', clients.bearer.clientId], 'token');
    same({ ...token.headers }, { Authorization: `Bearer ${token.accessToken}` }, 'headers');
    between(token.expiresAt, before + 3_598_000, Date.now() + 3_600_000, 'expiresAt');
    is(await asked(config), token, 'the token of the second call');
    is(config.sent.length, 1, 'requests');
    const { assertion, ...rest } = config.sent[0];
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    same(rest, { grant_type, client_id: clients.bearer.clientId, scope: 'read write' }, 'parameters beside the assertion');
    same(Object.keys(decoded(assertion).claims).sort(), ['aud', 'exp', 'iat', 'iss', 'jti', 'sub'], 'claims');
  });

  test('jwt_bearer by a client that signs too sends two assertions', async () => {
    const config = asking(clients.signing, { grant: 'jwt_bearer', assertionClaims: { sub: 'alice' } });
    is((await asked(config)).extra.sub, 'alice', 'whose token it is');
    const [{ assertion, client_assertion }] = config.sent;
    const [granting, authenticating] = [decoded(assertion).claims, decoded(client_assertion).claims];
    same([granting.sub, authenticating.sub], ['alice', clients.signing.clientId], 'subjects');
    ok(granting.jti !== authenticating.jti, 'a jti for each');
  });

  test('jwt_bearer goes along with a secret', async () => {
    const config = asking(clients.bearerSecret, { grant: 'jwt_bearer' });
    is((await asked(config)).extra.sub, clients.bearerSecret.clientId, 'whose token it is');
    const wrong = { ...config, clientSecret: 'not the secret' };
    await refused(() => asked(wrong), { code: 'oauth', error: 'invalid_client', status: 401 });
  });

  test('jwt_bearer: each subject has a token of its own, and needs one request', async () => {
    const sent = [];
    const of = (sub) => asked({ ...bearer({ assertionClaims: { sub } }), fetch: (url, init) => (sent.push(sub), fetch(url, init)) });
    const [alice, bob] = [await of('alice'), await of('bob')];
    same([alice.extra.sub, bob.extra.sub], ['alice', 'bob'], 'whose tokens they are');
    is(await of('alice'), alice, "alice's token of the second call");
    is(await of('bob'), bob, "bob's token of the second call");
    same(sent, ['alice', 'bob'], 'requests');
  });

  test('assertionClaims add to the claims, and replace them', async () => {
    const assertionClaims = { sub: 'alice', tenant: { id: 7, roles: ['reader', null, true] } };
    const config = bearer({ assertionClaims });
    await asked(config);
    const { iat, exp, jti, ...claims } = decoded(config.sent[0].assertion).claims;
    same(claims, { iss: clients.bearer.clientId, aud: tokenEndpoint, ...assertionClaims }, 'claims');
    same([exp - iat, typeof jti], [300, 'string'], 'lifetime and type of jti');
  });

  const REFUSED_ASSERTIONS = {
    'for another audience': { assertionAudience: 'https://elsewhere.example' },
    'that has expired': { assertionClaims: { exp: 1_000_000_000 } },
    'of another issuer': { assertionClaims: { iss: 'somebody else' } },
    'of another key': { privateKey: { kty: 'EC', crv: 'P-256', ...STRANGER } },
  };
  for (const [name, changes] of Object.entries(REFUSED_ASSERTIONS)) {
    test(`an assertion ${name} is an invalid_grant`, async () => {
      const config = bearer(changes);
      const error = await refused(() => asked(config), { code: 'oauth', error: 'invalid_grant', status: 400, retryable: false, attempts: 1 });
      excludes(everythingIn(error), config.sent[0].assertion, 'error');
    });
  }

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

  test('a server that has neither grant says so', async () => {
    const refusal = { code: 'oauth', error: 'invalid_grant', status: 400, retryable: false };
    await refused(() => asked(bearer({ tokenEndpoint: mock.tokenEndpoint })), refusal);
    await refused(() => asked(exchange({ tokenEndpoint: mock.tokenEndpoint })), refusal);
    ok((await asked(asking(clients.signing, { tokenEndpoint: mock.tokenEndpoint }))).accessToken, 'a token for the grant that it has');
  });

  const { privateKey } = clients.bearer;
  const FAULTY = [
    ['subjectToken', { subjectToken: 'x' }],
    ['subjectToken', { grant: 'jwt_bearer', privateKey, subjectToken: 'x' }],
    ['subjectToken', { grant: 'token_exchange' }],
    ['subjectToken', { grant: 'token_exchange', subjectToken: '' }],
    ['subjectToken', { grant: 'token_exchange', subjectToken: 42 }],
    ['subjectTokenType', { subjectTokenType: JWT }],
    ['actorToken', { actorToken: 'x' }],
    ['actorTokenType', { grant: 'token_exchange', subjectToken: 'x', actorTokenType: JWT }],
    ['requestedTokenType', { requestedTokenType: JWT }],
    ['assertionClaims', { assertionClaims: { sub: 'x' } }],
    ['assertionClaims', { grant: 'token_exchange', subjectToken: 'x', assertionClaims: { sub: 'x' } }],
    ['assertionClaims', { grant: 'jwt_bearer', privateKey, assertionClaims: 'sub' }],
    ['assertionClaims', { grant: 'jwt_bearer', privateKey, assertionClaims: ['sub'] }],
    ['privateKey', { grant: 'jwt_bearer' }],
    ['privateKey', { clientAuth: 'private_key_jwt' }],
    ['grant', { grant: 'refresh_token' }],
    ['grant', { grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer' }],
  ];
  for (const [field, changes] of FAULTY) {
    test(`${field} is refused in ${JSON.stringify(Object.keys(changes))}`, async () => {
      const fetch = answering();
      await refused(() => getToken('oauth2', oauth2(fetch, changes)), { code: 'invalid_config', retryable: false, names: field });
      is(fetch.asked.length, 0, 'requests');
    });
  }
};
