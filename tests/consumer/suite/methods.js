/** Which method a client authenticates by where its config does not say: by what it holds, and by what the server takes. */
import { is, refused, same } from './harness.js';
import { verified } from './jws.js';
import { has } from './key-forms.js';
import { granter, metadata, oidc } from './metadata.js';
import { answering, jwt, oauth2 } from './mock.js';
import { assertionOf, formOf, recording, strongServer } from './strong.js';

export default (test, { clear, getToken }, { keys, ...env }) => {
  const server = strongServer(env);
  const privateKey = keys['P-256'].jwk;
  const exchange = { grant: 'token_exchange', subjectToken: jwt({ sub: 'alice' }) };
  const bearer = { grant: 'jwt_bearer', privateKey };
  const [byKey, byBoth, byNone] = [{ clientSecret: undefined, privateKey }, { privateKey }, { clientSecret: undefined }];

  /** How a client said in a token request who it is. */
  const how = ({ headers, body }) => {
    const form = formOf({ body });
    if (headers.authorization) return 'client_secret_basic';
    if (form.has('client_secret')) return 'client_secret_post';
    if (!form.has('client_assertion')) return 'none';
    return { HS256: 'client_secret_jwt', ES256: 'private_key_jwt' }[assertionOf({ body }).header.alg];
  };

  test('a key is used, and else a secret is sent as Basic', async () => {
    const { clients, resources, tokenEndpoint } = await server();
    const tokenOf = (name) => {
      const { clientAuth: _, ...config } = clients[name];
      return getToken('oauth2', { tokenEndpoint, resource: resources.jwt, retries: 0, fetch: recording(), ...config });
    };
    for (const name of ['basic', 'ES256']) is((await tokenOf(name)).tokenType, 'Bearer', name);
    await refused(() => tokenOf('post'), { code: 'oauth', error: 'invalid_client', status: 401 });
  });

  test('without metadata, what is held decides', async () => {
    for (const [what, changes, expected] of [
      ['a secret', {}, 'client_secret_basic'],
      ['a key', byKey, 'private_key_jwt'],
      ['a key, to exchange a token', { ...byKey, ...exchange }, 'private_key_jwt'],
      ['nothing, to exchange a token', { ...byNone, ...exchange }, 'none'],
      ['a secret, to exchange a token', exchange, 'client_secret_basic'],
      ['a key, to ask for the token itself', { ...byNone, ...bearer }, 'none'],
      ['a secret, and a key to ask for the token', bearer, 'client_secret_basic'],
    ]) {
      const send = answering();
      await getToken('oauth2', oauth2(send, changes));
      is(how(send.asked[0]), expected, `method by ${what}`);
    }
  });

  test('without metadata, both a key and a secret need a word on which', async () => {
    const send = answering();
    for (const changes of [byBoth, { ...byBoth, ...exchange }]) {
      await refused(() => getToken('oauth2', oauth2(send, changes)), { code: 'invalid_config', retryable: false, names: 'clientAuth' });
    }
    is(send.asked.length, 0, 'requests');
    const methods = ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt'];
    for (const clientAuth of methods) await getToken('oauth2', oauth2(send, { ...byBoth, clientAuth }));
    same(send.asked.map(how), methods, 'methods');
  });

  test('the method is one that the server takes and the config has credentials for', async () => {
    for (const [supported, changes, expected] of [
      [undefined, {}, 'client_secret_basic'],
      [['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'], {}, 'client_secret_basic'],
      [['client_secret_jwt', 'client_secret_post'], {}, 'client_secret_post'],
      [['client_secret_post'], {}, 'client_secret_post'],
      [['client_secret_jwt'], {}, 'client_secret_jwt'],
      [['unheard_of', 'private_key_jwt', 'client_secret_basic'], byKey, 'private_key_jwt'],
      [['client_secret_basic', 'client_secret_post'], { clientAuth: 'client_secret_post' }, 'client_secret_post'],
      [['client_secret_basic'], byBoth, 'client_secret_basic'],
      [['client_secret_post', 'client_secret_jwt'], byBoth, 'client_secret_post'],
      [['client_secret_basic', 'private_key_jwt'], byBoth, 'private_key_jwt'],
      [['client_secret_basic'], bearer, 'client_secret_basic'],
      [['client_secret_basic', 'private_key_jwt'], { ...byNone, ...bearer }, 'private_key_jwt'],
      [['client_secret_basic'], { ...byNone, ...bearer }, 'none'],
      [['private_key_jwt'], { ...byKey, ...exchange }, 'private_key_jwt'],
      [['client_secret_basic'], { ...byNone, ...exchange }, 'none'],
    ]) {
      clear();
      const send = granter(metadata({ token_endpoint_auth_methods_supported: supported }));
      await getToken('oidc', oidc(send, changes));
      is(how(send.asked.at(-1)), expected, `method where the server takes ${supported}, of ${Object.keys(changes)}`);
    }
  });

  test('a server that takes nothing of what the config has is refused, and both are named', async () => {
    const secrets = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'];
    for (const [supported, changes, ...held] of [
      [['private_key_jwt', 'tls_client_auth'], {}, ...secrets],
      [['client_secret_basic', 'client_secret_post'], byKey, 'private_key_jwt'],
      [['unheard_of'], {}, ...secrets],
      [['unheard_of'], byBoth, 'private_key_jwt', ...secrets],
      [['client_secret_basic'], { ...byKey, ...exchange }, 'private_key_jwt'],
    ]) {
      clear();
      const send = granter(metadata({ token_endpoint_auth_methods_supported: supported }));
      const names = ['clientAuth', ...supported, ...held];
      await refused(() => getToken('oidc', oidc(send, changes)), { code: 'invalid_config', retryable: false, names });
      same(send.asked.filter(({ method }) => method === 'POST'), [], `token requests where the server takes ${supported}`);
    }
  });

  test('a server may know EdDSA by its second name alone', async () => {
    const { jwk, publicJwk } = keys.Ed25519;
    const supported = { token_endpoint_auth_methods_supported: ['private_key_jwt'] };
    const asked = (algorithms, changes) => {
      clear();
      const send = granter(metadata({ ...supported, token_endpoint_auth_signing_alg_values_supported: algorithms }));
      return { send, token: getToken('oidc', oidc(send, { ...byNone, ...changes })) };
    };
    // RFC 9864.
    const { send, token } = asked(['Ed25519'], { privateKey: jwk });
    if (!(await has('EdDSA'))) return refused(() => token, { code: 'unsupported', names: 'privateKey' });
    await token;
    // What the server says counts, and not what the key says of itself: some runtimes export it so.
    const alg = async ({ send, token }) => {
      await token;
      return (await verified(formOf(send.asked.at(-1)).get('client_assertion'), publicJwk, 'EdDSA')).header.alg;
    };
    is(await alg({ send, token }), 'Ed25519', 'alg, where the server knows that name alone');
    const renamed = { ...jwk, alg: 'Ed25519' };
    for (const [algorithms, privateKey, expected] of [
      [['Ed25519', 'EdDSA'], jwk, 'EdDSA'],
      [['EdDSA'], renamed, 'EdDSA'],
      [['Ed25519'], renamed, 'Ed25519'],
      [undefined, renamed, 'EdDSA'],
    ]) is(await alg(asked(algorithms, { privateKey })), expected, `alg, where the server takes ${algorithms} and the key is for ${privateKey.alg}`);
    is(await alg(asked(['Ed25519'], { privateKey: jwk, algorithm: 'EdDSA' })), 'EdDSA', 'alg, where the config says so');
    const others = asked(['Ed25519', 'ES384'], { privateKey });
    return refused(() => others.token, { code: 'invalid_config', names: ['privateKey', 'ES256', 'EdDSA', 'ES384'] });
  });
};
