// What users write: all of it must compile.

import {
  TokenError,
  clear,
  configure,
  createClient,
  createFetch,
  getToken,
  invalidate,
  onEvent,
  previewRequest,
  providers,
} from 'tokenlet';
import type {
  CallOptions,
  CommonConfig,
  DescriptorConfig,
  EmporixConfig,
  Fetch,
  FetchOptions,
  ParameterInfo,
  PrivateKey,
  ProviderConfig,
  ProviderDescriptor,
  ProviderInfo,
  ProviderName,
  RequestPreview,
  Token,
  TokenClient,
  TokenErrorCode,
  TokenEvent,
} from 'tokenlet';

const clientId = 'id';
const clientSecret = 'secret';

// Providers with what they require, and nothing else.
export const required: Promise<Token>[] = [
  getToken('emporix', { tenant: 'acme', clientId, clientSecret }),
  getToken('firstvision', { baseUrl: 'https://gateway.example', clientId, clientSecret }),
  getToken('firstvision-query', { baseUrl: 'https://gateway.example', clientId, clientSecret, scope: 'accounts cards' }),
  getToken('abtasty', { accountId: 'account', clientId, clientSecret }),
  getToken('oauth2', { tokenEndpoint: 'https://as.example/token', clientId, clientSecret }),
  getToken('auth0', { domain: 'acme.eu.auth0.com', audience: 'https://api.example', clientId, clientSecret }),
  getToken('entra', { tenant: 'acme.example', clientId, clientSecret, scope: 'https://graph.microsoft.com/.default' }),
  getToken('ibm-cloud', { apikey: 'key' }),
];

// Providers with what they may have besides.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, baseUrl: 'https://api.emporix.example', scope: ['order.order_read'] });
getToken('firstvision', { baseUrl: 'https://gateway.example', clientId, clientSecret, scope: 'cards' });
getToken('abtasty', { accountId: 'account', clientId, clientSecret, scope: '*', expiresIn: 0, baseUrl: 'https://auth.example' });
getToken('oauth2', {
  tokenEndpoint: 'https://as.example/token',
  clientId,
  clientSecret,
  clientAuth: 'client_secret_post',
  basicEncoding: 'raw',
  bodyFormat: 'json',
});

// Every common field, in every form that it has.
const common: CommonConfig = {
  clientId,
  clientSecret: () => 'secret',
  scope: ['a', 'b'] as const,
  audience: 'https://api.example',
  resource: ['https://one.example', 'https://two.example'],
  params: { organization: 'acme' },
  headers: { 'x-client-trace-id': '1' },
  tokenEndpoint: 'https://as.example/token',
  timeout: 5_000,
  retries: 0,
  refreshAhead: 60_000,
  maxAge: 600_000,
  fetch: async (input, init) => fetch(input, init),
  waitUntil: (promise) => void promise.catch(() => undefined),
  partition: 'tenant 1',
  allowHttp: true,
  dpop: true,
};
getToken('oauth2', { ...common, tokenEndpoint: 'https://as.example/token', clientId, clientSecret: async () => 'secret' });

// A private key, in every form that it has: as the runtime made, exported or imported it, and as it stands in a file or a variable.
declare const cryptoKey: CryptoKey;
declare const exported: Exclude<Awaited<ReturnType<typeof crypto.subtle.exportKey>>, ArrayBuffer>;
const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd', kid: 'key 1', alg: 'ES256', use: 'sig', key_ops: ['sign'] };
const serviceAccount = { type: 'service_account', client_email: 'robot@acme.example', private_key: 'PEM', private_key_id: 'key 1', universe_domain: 'googleapis.com' };
export const keys: PrivateKey[] = ['-----BEGIN PRIVATE KEY-----', cryptoKey, exported, jwk, serviceAccount];

// Providers with a key in place of a secret, and the ways in which any other server may want it.
const [privateKey] = keys as [PrivateKey];
export const signed: Promise<Token>[] = [
  getToken('google', { privateKey: serviceAccount, scope: 'https://www.googleapis.com/auth/cloud-platform', subject: 'user@acme.example' }),
  getToken('github-app', { installation: 7, clientId, privateKey }),
  getToken('salesforce-jwt', { domain: 'acme.my.salesforce.com', username: 'robot@acme.example', clientId, privateKey }),
  getToken('okta-org', { domain: 'acme.okta.com', clientId, privateKey: jwk, scope: 'okta.users.read', dpop: true }),
  getToken('entra-certificate', { tenant: 'acme.example', clientId, privateKey, certificate: 'PEM', scope: 'https://graph.microsoft.com/.default' }),
  getToken('firstvision-emea', { baseUrl: 'https://gateway.example', clientId, clientSecret }),
  getToken('oidc', { issuer: 'https://as.example', clientId, clientSecret }),
  getToken('oidc', { issuer: 'https://as.example', clientId, privateKey, keyId: '1', algorithm: 'PS256', assertionAudience: 'issuer' }),
  getToken('oauth2', { tokenEndpoint: 'https://as.example/token', clientId, privateKey: cryptoKey, clientAuth: 'private_key_jwt', certificate: 'AB:CD' }),
  getToken('oauth2', { tokenEndpoint: 'https://as.example/token', clientId, clientSecret: () => 'secret', clientAuth: 'client_secret_jwt' }),
  getToken('oauth2', { tokenEndpoint: 'https://as.example/token', clientId, clientAuth: 'tls_client_auth', fetch, partition: 'certificate 1' }),
  getToken('oauth2', {
    tokenEndpoint: 'https://as.example/token',
    privateKey: JSON.stringify(serviceAccount),
    grant: 'jwt_bearer',
    assertionClaims: { sub: 'user', groups: ['a', 'b'], nested: { level: 1, known: true, none: null } },
  }),
  getToken('oidc', {
    issuer: 'https://as.example',
    clientId,
    privateKey,
    grant: 'token_exchange',
    subjectToken: 'token',
    subjectTokenType: 'urn:ietf:params:oauth:token-type:id_token',
    actorToken: 'token',
    actorTokenType: 'urn:ietf:params:oauth:token-type:jwt',
    requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  }),
];

// The runtime's own `fetch` goes wherever a `fetch` is asked for, and what `createFetch` makes goes where it goes.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, fetch });
export const ownFetch: Fetch = createFetch('emporix', { tenant: 'acme', clientId, clientSecret }, { fetch, origins: ['https://a.example'] });
export const dropIn: (input: string | URL, init?: RequestInit) => Promise<Response> = ownFetch;

// A token is what the documentation says.
const token: Token = await getToken('emporix', { tenant: 'acme', clientId, clientSecret }, { minTtl: 1_000, forceRefresh: false });
export const accessToken: string = token.accessToken;
export const tokenType: string = token.tokenType;
export const lifetime: number = token.expiresAt === null ? Infinity : token.expiresAt - Date.now();
export const granted: string[] = token.scope?.split(' ') ?? [];
export const idle: unknown = token.extra['session_idle_time'];
export const spread: RequestInit = { headers: { ...token.headers, accept: 'application/json' } };
export const asTheyAre: RequestInit = { headers: token.headers };

// A client, and the functions that it binds.
const options: FetchOptions = { origins: ['https://api.example'] };
const call: CallOptions = { signal: AbortSignal.timeout(1_000) };
const client: TokenClient = createClient('firstvision', { baseUrl: 'https://gateway.example', clientId, clientSecret }, options);
export const again: Token = await client.getToken(call);
export const dropped: boolean = client.invalidate(again) || client.invalidate(again.accessToken);
export const response: Response = await client.fetch(new URL('https://api.example/accounts'), { method: 'POST', body: '{}' });
export const sameResponse: Response = await client.fetch(new Request('https://api.example/accounts'));
export const evicted: boolean = invalidate('emporix', { tenant: 'acme', clientId, clientSecret }, token);

// The preview, the catalogue and the limits.
const preview: RequestPreview = await previewRequest('abtasty', { accountId: 'account', clientId, clientSecret });
export const line: string = `${preview.method} ${preview.url} ${preview.body ?? ''} ${preview.headers['content-type'] ?? ''}`;
const catalogue: readonly ProviderInfo[] = await providers();
export const names: ProviderName[] = catalogue.map((each) => each.id);
export const forms: string[] = catalogue.flatMap(({ docs, params, title }) => [title, docs, ...params.map(label)]);
function label(param: ParameterInfo): string {
  return `${param.name}${param.required ? '*' : ''} ${param.secret ? '•' : (param.default ?? '')} ${param.help}`;
}
// Events are told apart by their type.
const stop: () => void = onEvent((event) => console.log(told(event)));
stop();
onEvent(async (event) => void (await fetch('https://log.example', { method: 'POST', body: JSON.stringify(event) })));
function told(event: TokenEvent): string {
  switch (event.type) {
    case 'request':
      return `${event.provider} ${event.attempt} ${event.url}`;
    case 'response':
      return `${event.status} after ${event.duration} ms`;
    case 'token':
      return `${event.lifetime ?? 'never expires'} ${event.background}`;
    case 'retry':
      return `${event.code}, again in ${event.delay} ms`;
    case 'failure':
      return event.code;
    case 'clock_skew':
      return `${event.skew} ms`;
    case 'invalidate':
    case 'evict':
      return new Date(event.at).toISOString();
  }
}
configure({ maxEntries: 100 });
configure({});
clear();

// Code that is written once for every provider.
export async function bearer<P extends ProviderName>(provider: P, config: ProviderConfig[P]): Promise<string> {
  return (await getToken(provider, config)).accessToken;
}
bearer('emporix', { tenant: 'acme', clientId, clientSecret });
export function tenants(...ids: string[]): EmporixConfig[] {
  return ids.map((tenant) => ({ tenant, clientId, clientSecret }));
}

// A descriptor of one's own, alone and as a correction of a built-in one, wherever a provider's name goes.
const acme = {
  id: 'acme',
  title: 'Acme',
  docs: 'https://acme.example/docs',
  verified: 'By hand.',
  params: { region: { kind: 'host', enum: ['eu', 'us'], help: 'eu or us' }, days: { kind: 'int', required: false, default: '1' } },
  scope: { in: 'query', name: 'scopes', sep: ',', default: ['read', 'tenant={region}'], append: true },
  auth: { method: 'client_secret_basic', basicEncoding: 'base64-parts', scheme: 'ID', sendId: true },
  request: {
    method: 'POST',
    url: 'https://{region}.acme.example/token',
    encoding: 'json',
    headers: { 'x-request-id': '{$uuid}' },
    body: { grant_type: 'client_credentials', days: '{days}', nested: { list: [1, true, null, '{region}'] } },
  },
  response: {
    token: ['data.token', 'token'],
    expiry: [{ path: 'data.expires', as: 'iso8601' }],
    zero: 'never',
    ttl: null,
    ok: [{ path: 'status', in: ['ok', 0] }, { path: 'error', absent: true }],
    error: { code: '/0/code', message: ['/0/title', 'message'] },
    extra: { instance: 'instance_url' },
    acceptTypes: ['mac'],
  },
  cache: { maxTtl: 3600, exclusive: true },
  use: { in: 'header', name: 'X-Token', prefix: '', origins: ['https://{region}.acme.example'] },
} satisfies ProviderDescriptor;
const sandbox: ProviderDescriptor = { id: 'emporix-sandbox', extends: 'emporix', request: { query: { sandbox: 'true' } } };
const signing = {
  id: 'signing',
  params: { account: {}, privateKey: { kind: 'key', secret: true, help: 'From the console.' } },
  auth: { method: 'none', sendId: false },
  assertion: {
    alg: 'ES256',
    key: '{privateKey}',
    keyEncoding: 'pem',
    header: { kid: '{account}', crit: ['b64'] },
    claims: { iss: '{clientId}', scope: ['a', { b: true }] },
    ttl: 540,
    backdate: 60,
    jti: false,
    nbf: true,
    direct: false,
  },
  request: { url: 'https://acme.example/token', body: { assertion: '{$assertion}' } },
} satisfies ProviderDescriptor;
const direct: ProviderDescriptor = { id: 'direct', extends: 'oauth2', assertion: { direct: true, ttl: 60 } };
export const keyed: DescriptorConfig[] = keys.map((privateKey) => ({ account: 'acme', clientId, privateKey, dpop: false }));
export const ownSigned: Promise<Token>[] = [
  getToken(signing, { account: 'acme', clientId, privateKey: jwk }),
  getToken(direct, { clientId, privateKey, grant: 'jwt_bearer', assertionClaims: { sub: 'user' } }),
];
const acmeConfig: DescriptorConfig = { region: 'eu', days: 7, clientId, clientSecret, timeout: 1_000, fetch };
export const own: [Promise<Token>, TokenClient, Fetch, Promise<RequestPreview>, boolean] = [
  getToken(acme, acmeConfig),
  createClient(acme, { region: 'eu', clientId, clientSecret, scope: ['a'], headers: { a: 'b' }, waitUntil: () => undefined }, options),
  createFetch(sandbox, { tenant: 'acme', clientId, clientSecret }, options),
  previewRequest(sandbox, { tenant: 'acme', clientId, clientSecret }),
  invalidate(acme, acmeConfig, 'token'),
];

// An error is narrowed by `instanceof`, and its code by comparison; the switch is exhaustive, so a code that is added shows here.
export function advice(error: unknown): string {
  if (!(error instanceof TokenError)) return 'not ours';
  const name: 'TokenError' = error.name;
  if (error.code === 'oauth') {
    const code: 'oauth' = error.code;
    return [name, code, error.error, error.errorDescription, error.errorUri, error.vendorCode, JSON.stringify(error.details)].join(' ');
  }
  const rest: Exclude<TokenErrorCode, 'oauth'> = error.code;
  switch (rest) {
    case 'invalid_config':
    case 'unsupported':
      return `${error.provider ?? 'no provider'}: ${error.message}`;
    case 'network':
    case 'timeout':
    case 'credentials':
      return error.cause instanceof Error ? error.cause.message : `after ${error.attempts.toFixed()} attempts`;
    case 'redirect':
    case 'http':
    case 'invalid_response':
      return error.retryable && !error.cached ? `again in ${error.retryAfter ?? 0} ms` : `status ${error.status ?? 'unknown'}`;
    default:
      return rest satisfies never;
  }
}
