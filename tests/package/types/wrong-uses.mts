// What must not compile. Each line differs from a right use in one thing, so that the error is about that thing.

import { TokenError, configure, createClient, createFetch, getToken, invalidate, onEvent, previewRequest } from 'tokenlet';
import type { CommonConfig, FetchOptions, ProviderConfig, ProviderDescriptor, Token } from 'tokenlet';

declare const token: Token;
declare const error: TokenError;
const clientId = 'id';
const clientSecret = 'secret';

// The right use that most lines below are changed from.
getToken('emporix', { tenant: 'acme', clientId, clientSecret });

// The provider's name.
// @ts-expect-error the name is misspelt.
getToken('emporics', { tenant: 'acme', clientId, clientSecret });
// @ts-expect-error a string could be any name.
getToken('emporix' as string, { tenant: 'acme', clientId, clientSecret });
// @ts-expect-error the provider is missing.
getToken({ tenant: 'acme', clientId, clientSecret });
// @ts-expect-error the config is missing.
getToken('emporix');

// The config's fields.
// @ts-expect-error there is no such field.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, colour: 'red' });
// @ts-expect-error a common field is misspelt.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, timeOut: 1_000 });
// @ts-expect-error a required field is misspelt.
getToken('emporix', { tennant: 'acme', clientId, clientSecret });
// @ts-expect-error the tenant is missing.
getToken('emporix', { clientId, clientSecret });
// @ts-expect-error the client id is missing.
getToken('emporix', { tenant: 'acme', clientSecret });
// @ts-expect-error the secret is missing.
getToken('emporix', { tenant: 'acme', clientId });
// @ts-expect-error the secret may be undefined, as what comes from an environment may.
getToken('emporix', { tenant: 'acme', clientId, clientSecret: undefined as string | undefined });
// @ts-expect-error the field belongs to another provider.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, accountId: 'account' });
// @ts-expect-error the base URL is missing: there is no public host.
getToken('firstvision', { clientId, clientSecret });
// @ts-expect-error the scope is missing, which the query form requires.
getToken('firstvision-query', { baseUrl: 'https://gateway.example', clientId, clientSecret });
// @ts-expect-error the account is missing.
getToken('abtasty', { clientId, clientSecret });
// @ts-expect-error the token endpoint is missing.
getToken('oauth2', { clientId, clientSecret });

// @ts-expect-error the audience is missing, which the vendor requires.
getToken('auth0', { domain: 'acme.eu.auth0.com', clientId, clientSecret });
// @ts-expect-error the vendor's key is all that proves who the client is.
getToken('ibm-cloud', { apikey: 'key', clientSecret });

// @ts-expect-error the issuer is missing, which says where the endpoint is.
getToken('oidc', { clientId, clientSecret });
// @ts-expect-error the key is missing.
getToken('google', { scope: 'https://www.googleapis.com/auth/cloud-platform' });
// @ts-expect-error the client id is missing, which no key of this vendor's brings.
getToken('github-app', { installation: 7, privateKey: 'PEM' });
// @ts-expect-error the key is all that proves who the client is.
getToken('entra-certificate', { tenant: 'acme.example', clientId, clientSecret, privateKey: 'PEM', certificate: 'PEM', scope: 'a' });
// @ts-expect-error this provider takes no key.
getToken('emporix', { tenant: 'acme', clientId, privateKey: 'PEM' });
// @ts-expect-error claims are of providers that have the grant.
getToken('google', { privateKey: 'PEM', scope: 'a', assertionClaims: { sub: 'user' } });

// Keys, and what is signed with them.
const signed = { tokenEndpoint: 'https://as.example/token', clientId };
declare const cryptoKey: CryptoKey;
// @ts-expect-error both halves of a key are not the private one.
getToken('oauth2', { ...signed, privateKey: { privateKey: cryptoKey, publicKey: cryptoKey } });
// @ts-expect-error bytes are no PEM.
getToken('oauth2', { ...signed, privateKey: new Uint8Array(32) });
// @ts-expect-error a key is no function.
getToken('oauth2', { ...signed, privateKey: () => 'PEM' });
// @ts-expect-error keys are awaited before.
getToken('oauth2', { ...signed, privateKey: Promise.resolve(cryptoKey) });
// @ts-expect-error other credentials of Google's have no key.
getToken('google', { scope: 'a', privateKey: { type: 'authorized_user', client_id: 'id', refresh_token: 'token' } });
// @ts-expect-error there is no such algorithm.
getToken('oauth2', { ...signed, privateKey: 'PEM', algorithm: 'none' });
// @ts-expect-error the method of authentication is misspelt.
getToken('oauth2', { ...signed, privateKey: 'PEM', clientAuth: 'private-key-jwt' });
// @ts-expect-error the grant is named as here, not as on the wire.
getToken('oauth2', { ...signed, privateKey: 'PEM', grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });
// @ts-expect-error claims are plain data.
getToken('oauth2', { ...signed, privateKey: 'PEM', grant: 'jwt_bearer', assertionClaims: { sub: () => 'user' } });
// @ts-expect-error a proof is asked for or not.
getToken('oauth2', { ...signed, clientSecret, dpop: 'ES256' });

// The fields' types.
// @ts-expect-error a number for a string.
getToken('emporix', { tenant: 7, clientId, clientSecret });
// @ts-expect-error a string for a number.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, timeout: '1000' });
// @ts-expect-error a lifetime is a number of seconds.
getToken('abtasty', { accountId: 'account', clientId, clientSecret, expiresIn: '12h' });
// @ts-expect-error a function that yields no string.
getToken('emporix', { tenant: 'acme', clientId, clientSecret: () => 7 });
// @ts-expect-error scopes are strings.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, scope: [1] });
// @ts-expect-error parameters are strings.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, params: { organization: 1 } });
// @ts-expect-error a Headers object is no record.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, headers: new Headers() });
// @ts-expect-error a `fetch` answers with a Response.
getToken('emporix', { tenant: 'acme', clientId, clientSecret, fetch: async () => ({ ok: true }) });
// @ts-expect-error the method of authentication has a registered name.
getToken('oauth2', { tokenEndpoint: 'https://as.example/token', clientId, clientSecret, clientAuth: 'basic' });
// @ts-expect-error the same through the exported types.
export const common: CommonConfig = { clientId, retry: 1 };
// @ts-expect-error the same through the exported types.
export const emporix: ProviderConfig['emporix'] = { clientId, clientSecret };

// The options, of this and the other functions.
// @ts-expect-error the controller is no signal.
getToken('emporix', { tenant: 'acme', clientId, clientSecret }, { signal: new AbortController() });
// @ts-expect-error the option is misspelt.
getToken('emporix', { tenant: 'acme', clientId, clientSecret }, { minTTL: 1_000 });
// @ts-expect-error the option is of another function.
getToken('emporix', { tenant: 'acme', clientId, clientSecret }, { origins: ['https://api.example'] });
// @ts-expect-error the option is of another function.
createClient('emporix', { tenant: 'acme', clientId, clientSecret }, { forceRefresh: true });
// @ts-expect-error the field is misspelt.
createClient('emporix', { tennant: 'acme', clientId, clientSecret });
// @ts-expect-error the field is misspelt.
createFetch('emporix', { tennant: 'acme', clientId, clientSecret });
// @ts-expect-error one origin is no list of them.
createFetch('emporix', { tenant: 'acme', clientId, clientSecret }, { origins: 'https://api.example' });
// @ts-expect-error the same through the exported types.
export const options: FetchOptions = { origin: ['https://api.example'] };
// @ts-expect-error the field is misspelt.
previewRequest('emporix', { tennant: 'acme', clientId, clientSecret });
// @ts-expect-error the token is missing.
invalidate('emporix', { tenant: 'acme', clientId, clientSecret });
// @ts-expect-error a token is an object or a string.
invalidate('emporix', { tenant: 'acme', clientId, clientSecret }, 7);
// @ts-expect-error a listener is a function.
onEvent('log');
// @ts-expect-error only a retry waits.
onEvent((event) => console.log(event.delay));
// @ts-expect-error a hit is never told.
onEvent((event) => event.type === 'hit');
// @ts-expect-error the limit is misspelt.
configure({ maxEntry: 1 });
// @ts-expect-error the limit is a number.
configure({ maxEntries: '1' });

// What is handed out cannot be changed, and says no more than it knows.
// @ts-expect-error a token is frozen.
token.accessToken = 'another';
// @ts-expect-error its headers too.
token.headers['Authorization'] = 'another';
// @ts-expect-error its extra fields too.
token.extra['instance_url'] = 'another';
// @ts-expect-error a token may never expire.
export const expiresAt: number = token.expiresAt;
// @ts-expect-error nobody vouches for the type of a vendor's field.
export const idle: number = token.extra['session_idle_time'];
// @ts-expect-error a refresh token is never handed out.
export const refreshToken = token.refreshToken;
// @ts-expect-error a promise is no token.
export const unawaited: Token = getToken('emporix', { tenant: 'acme', clientId, clientSecret });
// @ts-expect-error the code is one of a list.
export const misspelt: boolean = error.code === 'invalid-config';
// @ts-expect-error the code cannot be changed.
error.code = 'network';
// @ts-expect-error only an answer has a status.
export const status: number = error.status;
// @ts-expect-error only the library makes these.
export const made = new TokenError('message');

// Descriptors.
// @ts-expect-error an endpoint has a URL.
export const noRequest: ProviderDescriptor = { id: 'acme' };
// @ts-expect-error an endpoint has a URL.
export const noUrl: ProviderDescriptor = { id: 'acme', request: { method: 'POST' } };
// @ts-expect-error a descriptor has an id.
export const noId: ProviderDescriptor = { request: { url: 'https://acme.example/token' } };
// @ts-expect-error the base is misspelt.
export const noBase: ProviderDescriptor = { id: 'acme', extends: 'emporics' };
// @ts-expect-error there is no such part.
export const noPart: ProviderDescriptor = { id: 'acme', request: { url: 'https://acme.example/token' }, respones: {} };
// @ts-expect-error there is no such encoding.
export const noEncoding: ProviderDescriptor = { id: 'acme', request: { url: 'https://acme.example/token', encoding: 'xml' } };
// @ts-expect-error there is no such reading of an expiry.
export const noExpiry: ProviderDescriptor = { id: 'acme', extends: 'oauth2', response: { expiry: [{ path: 'a', as: 'hours' }] } };
// @ts-expect-error there is no such algorithm.
export const noAlgorithm: ProviderDescriptor = { id: 'acme', extends: 'oauth2', assertion: { alg: 'ES256K' } };
// @ts-expect-error a lifetime is a number of seconds.
export const noLifetime: ProviderDescriptor = { id: 'acme', extends: 'oauth2', assertion: { ttl: '5m' } };
// @ts-expect-error there is no such kind.
export const noKind: ProviderDescriptor = { id: 'acme', extends: 'oauth2', params: { a: { kind: 'number' } } };
// @ts-expect-error a common field has the same type with a descriptor.
getToken({ id: 'acme', extends: 'emporix' }, { tenant: 'acme', clientId, clientSecret, timeout: '1000' });
// @ts-expect-error a parameter is a string or a number.
getToken({ id: 'acme', extends: 'emporix' }, { tenant: new Date(), clientId, clientSecret });
