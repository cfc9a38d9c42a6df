/** Client certificates (RFC 8705): the caller's `fetch` presents them, in the runtimes whose `fetch` can. */
import { is, ok, refused, same } from './harness.js';
import { OPENID } from './metadata.js';
import { answering, granting, oauth2 } from './mock.js';
import { digest, formOf, recording, strongServer } from './strong.js';

export default (test, { createFetch, getToken }, env) => {
  const server = strongServer(env);
  const presenting = PRESENTING[env.runtime];

  /** A config of a client that presents a certificate, by the name of that client and of the certificate. */
  async function configOf(name, certificate, changes = {}) {
    const { certificates, clients, resources, secureTokenEndpoint } = await server();
    const send = await presenting({ ...certificates[certificate], ca: certificates.ca.cert });
    const { jwt: resource } = resources;
    return { tokenEndpoint: secureTokenEndpoint, resource, retries: 0, fetch: recording(send), ...clients[name], ...changes };
  }

  /** What the server has put down for a token, as an API reads it. */
  async function inspect({ accessToken }) {
    const { apis: [api] } = await server();
    return (await fetch(`${api}/inspect`, { method: 'POST', body: accessToken })).json();
  }

  const withoutFetch = (changes) => {
    const { fetch: _, clientSecret: __, ...config } = oauth2(undefined, { clientAuth: 'tls_client_auth', ...changes });
    return config;
  };

  test('the runtime\'s own fetch presents no certificate, so that one has to be given', async () => {
    await refused(() => getToken('oauth2', withoutFetch()), { code: 'invalid_config', retryable: false, names: ['fetch', 'certificate'] });
    const { clients: { certificate }, tokenEndpoint } = await server();
    const config = { ...certificate, tokenEndpoint, retries: 0, fetch: recording() };
    await refused(() => getToken('oauth2', config), { code: 'oauth', error: 'invalid_client', status: 401 });
    is(config.fetch.asked.length, 1, 'requests that the server refused for want of a certificate');
  });

  test('the client is named, and no secret sent', async () => {
    const send = answering();
    await getToken('oauth2', { ...withoutFetch(), fetch: send });
    same(Object.fromEntries(formOf(send.asked[0])), { grant_type: 'client_credentials', client_id: 'client' }, 'form');
    is(send.asked[0].headers.authorization, undefined, 'Authorization');
  });

  test('a certificate is known by the fetch that presents it, or by the partition', async () => {
    const granter = granting();
    const [one, other] = [answering(granter), answering(granter)];
    const token = await getToken('oauth2', { ...withoutFetch(), fetch: one });
    is(await getToken('oauth2', { ...withoutFetch(), fetch: one }), token, 'the token of the same fetch');
    ok((await getToken('oauth2', { ...withoutFetch(), fetch: other })) !== token, 'a token of its own for another fetch');
    const shared = await getToken('oauth2', { ...withoutFetch({ partition: 'acme' }), fetch: one });
    is(await getToken('oauth2', { ...withoutFetch({ partition: 'acme' }), fetch: other }), shared, 'the token of one partition');
    same([one.asked.length, other.asked.length], [2, 1], 'requests');
  });

  // Browsers present the certificates of their users, and Workers those of their bindings: nothing that a test could hand over.
  if (!presenting) return;

  test('the server knows the client by its certificate', async () => {
    const { apis: [api], resources } = await server();
    for (const resource of Object.values(resources)) {
      for (const [tokenType, dpop] of [['Bearer', undefined], ['DPoP', true]]) {
        const config = await configOf('certificate', 'client', { resource, dpop });
        const token = await getToken('oauth2', config);
        is(token.tokenType, tokenType, 'tokenType');
        const call = createFetch('oauth2', config, { origins: [api] });
        const { claims } = await (await call(`${api}/things`)).json();
        same([claims.client_id, claims.aud], [config.clientId, resource], 'claims');
      }
    }
  });

  test('a token can be bound to the certificate', async () => {
    const { certificates: { client: { cert } }, resources } = await server();
    const der = Uint8Array.from(atob(cert.split('-----')[2]), (character) => character.charCodeAt(0));
    for (const resource of Object.values(resources)) {
      const claims = await inspect(await getToken('oauth2', await configOf('bound', 'client', { resource })));
      same(claims.cnf, { 'x5t#S256': await digest(der) }, 'cnf');
    }
  });

  test('another certificate is refused, and so is none', async () => {
    const refusal = { code: 'oauth', error: 'invalid_client', status: 401, retryable: false };
    for (const certificate of ['stranger', 'impostor', 'nobody']) {
      const config = await configOf('certificate', certificate, { retries: 2 });
      await refused(() => getToken('oauth2', config), refusal);
      is(config.fetch.asked.length, 1, `requests of the ${certificate}`);
    }
  });

  test('a server that is not trusted gets nothing', async () => {
    const { certificates: { client, impostor } } = await server();
    const send = await presenting({ ...client, ca: impostor.cert });
    const config = await configOf('certificate', 'client', { fetch: send });
    await refused(() => getToken('oauth2', config), { code: 'network', retryable: true });
  });

  test('discovery finds the endpoint that asks for certificates', async () => {
    const { issuers, secureTokenEndpoint } = await server();
    const { tokenEndpoint: _, ...config } = await configOf('certificate', 'client', { issuer: issuers.all });
    is((await getToken('oidc', config)).tokenType, 'Bearer', 'tokenType');
    same(config.fetch.asked.map(({ url }) => url), [issuers.all + OPENID, secureTokenEndpoint], 'requests');
  });
};

/** How users of a runtime make a `fetch` that trusts `ca` and presents `cert`, if there is one. */
const PRESENTING = {
  node: async ({ ca, cert, key }) => {
    // Bundlers would look for it, and the runtimes that they bundle for do not come here.
    const library = 'undici';
    const { Agent, fetch } = await import(/* webpackIgnore: true */ library);
    const dispatcher = new Agent({ connect: { ca, cert, key } });
    return (url, init) => fetch(url, { ...init, dispatcher });
  },
  deno: async ({ ca, cert, key }) => {
    const client = globalThis.Deno.createHttpClient({ caCerts: [ca], ...(cert && { cert, key }) });
    return (url, init) => fetch(url, { ...init, client });
  },
  bun: async ({ ca, cert, key }) => (url, init) => fetch(url, { ...init, tls: { ca, cert, key } }),
};
