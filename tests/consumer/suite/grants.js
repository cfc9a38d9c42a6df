/** The grants that a config may choose, for servers that Tokenlet's authors did not write: the JWT bearer grant (RFC 7523) of all. */
import { between, excludes, is, ok, refused, same } from './harness.js';
import { decoded } from './jws.js';
import { answering, oauth2 } from './mock.js';
import { everythingIn } from './told.js';

const JWT = 'urn:ietf:params:oauth:token-type:jwt';

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

  test('whoever is the issuer of an assertion need be no client', async () => {
    const fetch = answering();
    const { privateKey } = clients.bearer;
    await getToken('oauth2', { tokenEndpoint, grant: 'jwt_bearer', privateKey, assertionClaims: { iss: 'issuer' }, fetch });
    const form = new URLSearchParams(fetch.asked[0].body);
    same([decoded(form.get('assertion')).claims.iss, form.get('client_id')], ['issuer', null], 'issuer and client');
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
    ['clientId', { grant: 'jwt_bearer', privateKey, clientId: undefined, clientSecret: undefined }],
    ['clientId', { grant: 'jwt_bearer', privateKey, clientId: undefined, clientSecret: undefined, assertionClaims: { sub: 'alice' } }],
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
