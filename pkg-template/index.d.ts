/**
 * Access tokens for machines, with a cache, for every JavaScript runtime: OAuth 2.0 client credentials (RFC 6749, section 4.4),
 * JWT bearer (RFC 7523) and token exchange (RFC 8693), with secrets, keys or certificates, and bound to a key where asked (RFC 9449).
 *
 * Durations are milliseconds, except a vendor's own parameters, which keep the vendor's unit and say so. Instants are
 * milliseconds since the epoch, as `Date.now()` has them.
 *
 * Every function that takes a provider's name also takes a {@link ProviderDescriptor}: a token endpoint as data.
 *
 * @packageDocumentation
 */

// The overload that takes a provider's name stands twice, around the one that takes a descriptor. Editors complete by the first
// one while anything is unfinished, and a compiler reports why the last one does not fit.

/** A descriptor that is being written: no finished one has such an id. Editors complete by it. */
type UnfinishedDescriptor = ProviderDescriptor & { readonly id: never };

/**
 * Get a usable access token: from memory while it is fresh, otherwise from the token endpoint.
 *
 * Calls that ask for the same token at the same time share one request. Towards the end of its life a token is handed out while
 * the next one is fetched in the background.
 *
 * With {@link CommonConfig.dpop} the token is bound to a key, and an API request needs a proof of that key besides the token:
 * {@link createFetch} makes one for each, and `token.headers` alone are not enough.
 *
 * @example
 * ```ts
 * const token = await getToken('emporix', { tenant: 'acme', clientId, clientSecret });
 * await fetch('https://api.emporix.io/product/acme/products', { headers: token.headers });
 * ```
 *
 * @param provider - The name of a built-in provider, see {@link providers}.
 * @param config - What the provider needs, and the fields that all providers share. It decides where secrets go: no URL, host
 * or descriptor in it may come from an end user.
 * @param options - What holds for this call only.
 * @returns The same frozen object for as long as the token is cached.
 * @throws {@link TokenError}, always as a rejection and never synchronously; see {@link TokenErrorCode} for the reasons. When
 * `options.signal` is aborted, the rejection is `signal.reason` instead, as with `fetch`.
 */
export function getToken<P extends ProviderName>(provider: P | UnfinishedDescriptor, config: ProviderConfig[P], options?: CallOptions): Promise<Token>;
/**
 * Get a usable access token from the endpoint that a descriptor of your own describes.
 *
 * @param provider - See {@link ProviderDescriptor}. It decides where secrets go: it must never come from an end user.
 * @param config - The common fields, and the descriptor's own parameters.
 * @param options - What holds for this call only.
 * @throws {@link TokenError} as a rejection, see {@link TokenErrorCode}; or `options.signal.reason`, when that signal is aborted.
 */
export function getToken(provider: ProviderDescriptor, config: DescriptorConfig, options?: CallOptions): Promise<Token>;
export function getToken<P extends ProviderName>(provider: P, config: ProviderConfig[P], options?: CallOptions): Promise<Token>;

/**
 * Bind {@link getToken} and a `fetch` to one provider and config.
 *
 * The config is copied: changing it afterwards changes nothing. A faulty one is reported by the first call, as
 * `invalid_config`; this function does not throw.
 *
 * @example
 * ```ts
 * const emporix = createClient('emporix', { tenant: 'acme', clientId, clientSecret });
 * const response = await emporix.fetch('https://api.emporix.io/product/acme/products');
 * ```
 *
 * @param provider - The name of a built-in provider.
 * @param config - See {@link getToken}.
 * @param options - How the client's `fetch` behaves.
 */
export function createClient<P extends ProviderName>(provider: P | UnfinishedDescriptor, config: ProviderConfig[P], options?: FetchOptions): TokenClient;
/**
 * Bind {@link getToken} and a `fetch` to a descriptor of your own and its config.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The common fields, and the descriptor's own parameters. A faulty one is reported by the first call.
 * @param options - How the client's `fetch` behaves.
 */
export function createClient(provider: ProviderDescriptor, config: DescriptorConfig, options?: FetchOptions): TokenClient;
export function createClient<P extends ProviderName>(provider: P, config: ProviderConfig[P], options?: FetchOptions): TokenClient;

/** {@link getToken}, {@link invalidate} and a `fetch`, bound to one provider and config by {@link createClient}. */
export interface TokenClient {
  /**
   * Get a usable access token, see {@link getToken | the function of the same name}.
   *
   * @throws {@link TokenError} as a rejection; or `options.signal.reason`, when that signal is aborted.
   */
  getToken(options?: CallOptions): Promise<Token>;
  /**
   * Drop `token` from the cache if, and only if, it is the cached one.
   *
   * @param token - The token that was refused, or its `accessToken`.
   * @returns True when it was the cached one. Two hundred calls with one refused token cost one new request.
   * @throws {@link TokenError} with the code `invalid_config`, synchronously, when `token` is neither or the client's config
   * is faulty.
   */
  invalidate(token: Token | string): boolean;
  /**
   * A drop-in `fetch` that carries the token to the allowed origins, see {@link FetchOptions.origins}.
   *
   * The token goes where the provider has it: in a header, in the query or in a cookie. A request that already has one there keeps
   * its own. With {@link CommonConfig.dpop} each request, and each hop of a redirect, carries a proof of its own beside the token
   * (RFC 9449, section 7), and one that the API refuses for want of a nonce, or of its time, is sent once more for each. When a
   * token is rejected, see {@link FetchOptions.retryOn}, that token is invalidated and the request sent once more with a new one,
   * from where it was rejected. A redirect that leaves the allowed origins never carries the token and is refused.
   *
   * A body that is a stream is sent once: after its rejection the answer is returned as it is, and a redirect that would need the
   * body again is refused. Every other body, a `Request`'s too, is kept to be sent again.
   *
   * With a token in the query, `response.url` holds it: do not log that.
   *
   * @throws {@link TokenError} as a rejection: what {@link getToken} may reject with; `invalid_config` for an origin that is
   * not allowed or when none is, and for a body that was read already; `redirect`; and `unsupported` in browsers, when the token
   * goes in a cookie. What the underlying `fetch` rejects with is passed on; with a token in the query it is a `TypeError` made
   * anew from name, message and code, without the token. An aborted call rejects with `signal.reason`.
   */
  readonly fetch: Fetch;
}

/**
 * Shorthand for `createClient(provider, config, options).fetch`, see {@link TokenClient.fetch}.
 *
 * @param provider - The name of a built-in provider.
 * @param config - See {@link getToken}.
 * @param options - Who may get the token, and what carries the requests.
 */
export function createFetch<P extends ProviderName>(provider: P | UnfinishedDescriptor, config: ProviderConfig[P], options?: FetchOptions): Fetch;
/**
 * Shorthand for `createClient(provider, config, options).fetch`, with a descriptor of your own.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The common fields, and the descriptor's own parameters.
 * @param options - Who may get the token, and what carries the requests.
 */
export function createFetch(provider: ProviderDescriptor, config: DescriptorConfig, options?: FetchOptions): Fetch;
export function createFetch<P extends ProviderName>(provider: P, config: ProviderConfig[P], options?: FetchOptions): Fetch;

/** How a `fetch` that carries tokens behaves. */
export interface FetchOptions {
  /**
   * Origins that may get the token, such as `https://api.example.com`; `https` or `http`, without a path.
   *
   * @defaultValue What the provider's descriptor names in `use.origins`. With neither, every call fails with `invalid_config`.
   */
  origins?: readonly string[];
  /**
   * Carries the API requests; {@link CommonConfig.fetch} carries the token requests only. Called with a URL and an init.
   *
   * @defaultValue The runtime's `fetch`.
   */
  fetch?: Fetch;
  /**
   * The statuses with which the API rejects a token: 401, 403 or both (RFC 6750, section 3.1); empty to ask for no new
   * token. What a refused proof teaches (a nonce, the time) is tried once more all the same.
   *
   * @defaultValue `[401]`
   */
  retryOn?: readonly (401 | 403)[];
}

/** The signature of `fetch`, of which every runtime's own is one. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Show what {@link getToken} would send, with every secret masked. Sends nothing, calls no function of yours, signs nothing and
 * discovers nothing: assertions and proofs are `***`, the URL of `oidc` is `\{token_endpoint of <issuer>\}`, and its method the one
 * for a server that supports them all.
 *
 * @param provider - The name of a built-in provider.
 * @param config - See {@link getToken}.
 * @throws {@link TokenError} with the code `invalid_config`, as a rejection.
 */
export function previewRequest<P extends ProviderName>(provider: P | UnfinishedDescriptor, config: ProviderConfig[P]): Promise<RequestPreview>;
/**
 * Show what {@link getToken} would send with a descriptor of your own, with every secret masked. Sends nothing.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The common fields, and the descriptor's own parameters.
 * @throws {@link TokenError} with the code `invalid_config`, as a rejection.
 */
export function previewRequest(provider: ProviderDescriptor, config: DescriptorConfig): Promise<RequestPreview>;
export function previewRequest<P extends ProviderName>(provider: P, config: ProviderConfig[P]): Promise<RequestPreview>;

/** A token request as it would be sent. Secrets, and the values of your own headers and parameters, are masked. */
export interface RequestPreview {
  /** The HTTP method. */
  method: string;
  /** The URL with its query. */
  url: string;
  /** The headers by name. */
  headers: Record<string, string>;
  /** The body, or null when there is none. */
  body: string | null;
}

/**
 * Drop `token` from the cache if, and only if, it is the one cached for this provider and config.
 *
 * For a token that an API refused with 401 before its time. Two hundred calls with one refused token cost one new request, and a
 * stale one costs none.
 *
 * @param provider - The name of a built-in provider.
 * @param config - The one that the token was got with.
 * @param token - The token that was refused, or its `accessToken`.
 * @returns True when it was the cached one; false also before anything was fetched.
 * @throws {@link TokenError} with the code `invalid_config`, synchronously, when `token` is neither; for a faulty provider or
 * config only once something was fetched.
 */
export function invalidate<P extends ProviderName>(provider: P | UnfinishedDescriptor, config: ProviderConfig[P], token: Token | string): boolean;
/**
 * Drop `token` from the cache if, and only if, it is the one cached for this descriptor and config.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The one that the token was got with.
 * @param token - The token that was refused, or its `accessToken`.
 * @returns True when it was the cached one; false also before anything was fetched.
 * @throws {@link TokenError} with the code `invalid_config`, synchronously, when `token` is neither; for a faulty provider or
 * config only once something was fetched.
 */
export function invalidate(provider: ProviderDescriptor, config: DescriptorConfig, token: Token | string): boolean;
export function invalidate<P extends ProviderName>(provider: P, config: ProviderConfig[P], token: Token | string): boolean;

/** Forget every cached token, failure, key and learned fact. Requests under way still settle for their callers. */
export function clear(): void;

/**
 * Set process-wide limits.
 *
 * @param options - `maxEntries`: how many tokens are cached at most; a whole number, 2 000 by default. The least recently used
 * goes first, never one with a request under way.
 * @throws {@link TokenError} with the code `invalid_config`, synchronously, for an unknown field or a wrong value.
 */
export function configure(options: { maxEntries?: number }): void;

/**
 * Observe what happens, for logs and metrics. Nothing secret is told, and a hit never is: it would cost every call.
 *
 * @param listener - Called at once with each event, which is frozen. Whatever it throws or rejects with changes nothing.
 * @returns A function that ends it.
 * @throws {@link TokenError} with the code `invalid_config`, synchronously, when `listener` is no function.
 * @example
 * const stop = onEvent((event) => {
 *   if (event.type === 'failure') console.warn(`${event.provider}: ${event.code}`);
 * });
 */
export function onEvent(listener: (event: TokenEvent) => void): () => void;

/** What listeners hear: plain data, told apart by `type`. Durations are milliseconds. */
export type TokenEvent =
  | RequestEvent
  | ResponseEvent
  | RetryEvent
  | GrantEvent
  | FailureEvent
  | ClockSkewEvent
  | EventOf<'invalidate'>
  | EventOf<'evict'>;

/** What every event says. */
export interface EventOf<Type extends string> {
  /** What happened. `invalidate`: a cached token was dropped; `evict`: one had to go for another key. */
  readonly type: Type;
  /** The provider's or the descriptor's id. */
  readonly provider: string;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
}

/** A token request is sent, or one for an issuer's metadata. */
export interface RequestEvent extends EventOf<'request'> {
  /** The number of this attempt within its acquisition, from 1. */
  readonly attempt: number;
  /** Where it goes, without the query, and with whatever may be secret masked. */
  readonly url: string;
}

/** A token endpoint answered, or an issuer. */
export interface ResponseEvent extends EventOf<'response'> {
  /** The HTTP status; 0 where the runtime hides it, as browsers do for redirects. */
  readonly status: number;
  /** How long it took, from before the request was sent until the body had come. */
  readonly duration: number;
}

/** An attempt failed, and another one follows after a wait. What a refusal teaches (a nonce, the time) is tried at once, without this. */
export interface RetryEvent extends EventOf<'retry'> {
  /** How long it waits before. */
  readonly delay: number;
  /** What the attempt failed with. */
  readonly code: TokenErrorCode;
}

/** A token came. */
export interface GrantEvent extends EventOf<'token'> {
  /** How long it lives, counted from before its request; 0 when it may not be kept, null when it never expires. */
  readonly lifetime: number | null;
  /** Whether it was asked for behind a caller who still had a usable token. */
  readonly background: boolean;
}

/** An acquisition failed, after its last attempt. */
export interface FailureEvent extends EventOf<'failure'> {
  /** What it failed with. */
  readonly code: TokenErrorCode;
}

/** The server's clock, as its `Date` header tells it, is more than 30 s off. Browsers hide that header across origins. */
export interface ClockSkewEvent extends EventOf<'clock_skew'> {
  /** By how much the server's clock is ahead; negative when it is behind. */
  readonly skew: number;
}

/** List the built-in providers with their parameters, for forms and documentation. The list is frozen. */
export function providers(): Promise<readonly ProviderInfo[]>;

/** A built-in provider, as {@link providers} lists it. */
export interface ProviderInfo {
  /** The name to call the functions with. */
  readonly id: ProviderName;
  /** The vendor's or the product's name, for people. */
  readonly title: string;
  /** A link to the documentation that the provider was built from. */
  readonly docs: string;
  /** What the provider takes. */
  readonly params: readonly ParameterInfo[];
}

/** One field of a built-in provider's config. */
export interface ParameterInfo {
  /** The config field. */
  readonly name: string;
  /** Whether the field must be given. */
  readonly required: boolean;
  /** Whether the value is a secret, which a form should hide. */
  readonly secret: boolean;
  /** The value when the field is left out; null when there is none. */
  readonly default: string | null;
  /** What the field means, with its unit; empty when nothing is said. */
  readonly help: string;
  /** What the value is, where the descriptor declares it; see {@link DescriptorParam.kind}. */
  readonly kind?: NonNullable<DescriptorParam['kind']>;
  /** The only values that are accepted, where the descriptor declares them. */
  readonly enum?: readonly string[];
}

/**
 * An access token. Frozen, and the same object for as long as the token is cached; survives `structuredClone` and
 * `JSON.stringify`, and never carries a refresh token.
 */
export interface Token {
  /** The token itself (RFC 6749, section 5.1). A secret. */
  readonly accessToken: string;
  /**
   * `Bearer` for every spelling of bearer, and where the server names no type (RFC 6750); `DPoP` with {@link CommonConfig.dpop};
   * `N_A` for what an exchange gave that is no access token, whose `headers` are empty (RFC 8693, section 2.2.1).
   */
  readonly tokenType: string;
  /**
   * When the token expires, in milliseconds since the epoch: the server's word, or what was assumed where it gave none.
   * Null: never. Never NaN.
   */
  readonly expiresAt: number | null;
  /** The scope as granted, separated by spaces (RFC 6749, section 3.3); null when the server does not say. */
  readonly scope: string | null;
  /**
   * What a request needs to carry the token: `{ Authorization: 'Bearer …' }`. Spread it into the headers of a `fetch`.
   *
   * With {@link CommonConfig.dpop} it is `{ Authorization: 'DPoP …' }`, which an API takes together with a proof alone: call it
   * through {@link createFetch}, which makes one for each request.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** The vendor's other fields as sent, such as Emporix's `session_idle_time`. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What holds for one call of {@link getToken}. */
export interface CallOptions {
  /** Detaches this caller only, which then rejects with `signal.reason`; a request that others wait for goes on. */
  signal?: AbortSignal;
  /**
   * Skip the cache and remembered failures, once. Joins a request under way, and asks the server at most once a second.
   *
   * @defaultValue `false`
   */
  forceRefresh?: boolean;
  /**
   * How much longer the token must live at least, in milliseconds. What a new request yields is returned all the same.
   *
   * @defaultValue `0`
   */
  minTtl?: number;
}

/**
 * Why there is no token. Every failure but the caller's own abort is one, and its message says what to do next.
 *
 * Neither the message nor any field holds a secret or a token, also when the server echoed one back; the one exception is what
 * your own function threw, which is passed on as `cause`. A field of which nothing is known is null.
 *
 * @example
 * ```ts
 * try {
 *   await getToken('emporix', config);
 * } catch (error) {
 *   if (error instanceof TokenError && error.code === 'oauth') console.error(error.error, error.errorDescription);
 *   else throw error;
 * }
 * ```
 */
export class TokenError extends Error {
  /** Only the library makes these. */
  private constructor();
  readonly name: 'TokenError';
  /** What kind of failure it is. Stable: compare this, never the message. */
  readonly code: TokenErrorCode;
  /** Whether the same call may succeed later, without anything being changed. */
  readonly retryable: boolean;
  /** The id of the provider; null when the failure came before it was known. */
  readonly provider: string | null;
  /** The HTTP status, where there was an answer. */
  readonly status: number | null;
  /** The server's error code, such as `invalid_client` (RFC 6749, section 5.2). */
  readonly error: string | null;
  /** The server's explanation for developers: `error_description` (RFC 6749, section 5.2) or the vendor's equivalent. */
  readonly errorDescription: string | null;
  /** A page about the error: `error_uri` (RFC 6749, section 5.2). */
  readonly errorUri: string | null;
  /** The vendor's own code, such as FirstVision's `errorCode`. */
  readonly vendorCode: string | null;
  /** The error body, parsed, with secrets removed and its size bounded; null when there is none. */
  readonly details: JsonValue;
  /** How long the server asks to wait, in milliseconds: `Retry-After` in either form (RFC 9110, section 10.2.3). */
  readonly retryAfter: number | null;
  /** How many requests were sent for the token; or for the issuer's metadata, where those could not be had. */
  readonly attempts: number;
  /** True when a recent failure was answered again, without a new request. */
  readonly cached: boolean;
  /** What went wrong underneath: a runtime's network error by name, code and message, or what your own function threw. */
  readonly cause?: unknown;
}

/**
 * The kinds of failure.
 *
 * - `invalid_config`: refused before any token request; names the field. A key that can not be read, or does not fit its algorithm,
 *   is one, and the message says what it is and never any part of it. Not retryable.
 * - `unsupported`: this runtime lacks something that is needed, such as `fetch`, or what is to be signed with: WebCrypto, which
 *   pages have on https and on localhost alone, or Ed25519 in it. Not retryable.
 * - `network`: no HTTP response (refused, reset, DNS, TLS, body cut short). Retryable.
 * - `timeout`: {@link CommonConfig.timeout} passed on every attempt. Retryable.
 * - `redirect`: the endpoint answered with a redirect, which is never followed, so that the credentials stay here; or an API
 *   call was answered with one that leaves the allowed origins, or can not be followed or seen. Not retryable.
 * - `credentials`: `clientSecret()` threw, rejected, never settled or gave no string; `cause` holds what it threw. Retryable.
 * - `oauth`: the server refused and said why, whatever the status. Retryable for `temporarily_unavailable`, `server_error`,
 *   `slow_down`, and with the status 408, 429 or 5xx.
 * - `http`: an answer other than 2xx with no reason that can be read. Retryable with the status 408, 429 or 5xx.
 * - `invalid_response`: an answer of 2xx that holds no usable token, or metadata that is not the issuer's; with
 *   {@link CommonConfig.dpop} also a token that is not bound. Retryable if it could not be parsed.
 */
export type TokenErrorCode =
  | 'invalid_config'
  | 'unsupported'
  | 'network'
  | 'timeout'
  | 'redirect'
  | 'credentials'
  | 'oauth'
  | 'http'
  | 'invalid_response';

/** What JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/**
 * A secret, or a function that yields it and is asked at each request, so that a rotated secret is picked up. A private key in its
 * place is refused, lest it be sent.
 */
export type ClientSecret = string | (() => string | Promise<string>);

/**
 * A private key to sign with, in any of the forms that keys come in:
 *
 * - PEM: PKCS#8 (`BEGIN PRIVATE KEY`; RFC 5958), PKCS#1 (`BEGIN RSA PRIVATE KEY`; RFC 8017) or SEC1 (`BEGIN EC PRIVATE KEY`;
 *   RFC 5915). A line break may also be written as a backslash and an n, as environment variables often have it.
 * - JWK (RFC 7517), as an object or as JSON. Its `alg` and `kid` are heeded.
 * - The JSON key of a Google service account, as an object or as the text of the file. Where the config has no `clientId`, it is
 *   the key's `client_email`; the default of `keyId` is its `private_key_id`.
 * - A `CryptoKey` that may `sign`. It need not be extractable. It is told from others by identity: keep the object, since the
 *   same key imported anew is another client's to the cache.
 *
 * RSA keys of 2048 bits and more sign, and keys on P-256, P-384 and Ed25519. What is refused, with `invalid_config` before
 * anything is sent: a public key or a certificate, an encrypted key (decrypt it: `openssl pkey -in <file> -out <new file>`), one in
 * OpenSSH's or PuTTY's format, one that is cut short or on another curve, one that does not fit the algorithm, a JWK that is not
 * meant to sign, a set of JWKs, a `CryptoKey` without the usage `sign`, and as `privateKey` a shared secret (kty `oct`, HMAC).
 *
 * A key is read once, signs as a `CryptoKey` that can not be exported, and is remembered by its text until {@link clear}. It is never
 * sent, and stands in no error.
 */
export type PrivateKey = string | PrivateJwk | ServiceAccountKey | SigningKey;

/** A private key as a JWK (RFC 7517; its members in RFC 7518, section 6, and RFC 8037). */
export interface PrivateJwk {
  /** `RSA`, `EC`, `OKP` or `oct`. */
  readonly kty?: string;
  /** The key's id; the default of `keyId`. */
  readonly kid?: string;
  /** The algorithm that the key is for, which it then signs with. */
  readonly alg?: string;
  /** What the key is for: `sig`, where it says. */
  readonly use?: string;
  /** What the key may do: `sign` among it, where it says. */
  readonly key_ops?: readonly string[];
  /** Not heeded. */
  readonly ext?: boolean;
  /** The curve: `P-256`, `P-384` or `Ed25519`. */
  readonly crv?: string;
  /** The first coordinate, or the public key of Ed25519. */
  readonly x?: string;
  /** The second coordinate. */
  readonly y?: string;
  /** The private key, or RSA's private exponent. */
  readonly d?: string;
  /** The secret of a key of the kind `oct`, which signs HS256, HS384 or HS512. */
  readonly k?: string;
  /** RSA's modulus. */
  readonly n?: string;
  /** RSA's public exponent. */
  readonly e?: string;
  /** RSA's first prime. */
  readonly p?: string;
  /** RSA's second prime. */
  readonly q?: string;
  /** RSA's first exponent. */
  readonly dp?: string;
  /** RSA's second exponent. */
  readonly dq?: string;
  /** RSA's coefficient. */
  readonly qi?: string;
}

/** The JSON key of a Google service account, as the console and `gcloud` give it out. */
export interface ServiceAccountKey {
  /** `service_account`. */
  readonly type?: string;
  /** The key, as PEM. */
  readonly private_key: string;
  /** The key's id; the default of `keyId`. */
  readonly private_key_id?: string;
  /** The service account; the default of `clientId`. */
  readonly client_email: string;
  /** Not heeded. */
  readonly client_id?: string;
  /** Not heeded. */
  readonly project_id?: string;
  /** Not heeded. */
  readonly auth_uri?: string;
  /** Not heeded: the provider's own, or {@link CommonConfig.tokenEndpoint}, is where the assertion goes. */
  readonly token_uri?: string;
  /** Not heeded. */
  readonly auth_provider_x509_cert_url?: string;
  /** Not heeded. */
  readonly client_x509_cert_url?: string;
  /** Not heeded. */
  readonly universe_domain?: string;
}

/** A `CryptoKey` of WebCrypto, of which every runtime's own is one. */
export interface SigningKey {
  /** `private`. */
  readonly type: string;
  /** Either: what is only used is never exported. */
  readonly extractable: boolean;
  /** What the key signs with: RSASSA-PKCS1-v1_5, RSA-PSS, ECDSA or Ed25519. */
  readonly algorithm: { readonly name: string };
  /** `sign` among them. */
  readonly usages: readonly string[];
}

/** Claims of a JWT (RFC 7519, section 4), by name. */
export type AssertionClaims = Readonly<Record<string, JsonValue>>;

/**
 * The config fields that every provider takes. An unknown field, a wrong type, a missing required field or an empty secret is
 * refused with `invalid_config` before anything is sent.
 */
export interface CommonConfig {
  /** The client's identifier (RFC 6749, section 2.2). */
  clientId?: string;
  /**
   * The client's secret (RFC 6749, section 2.3.1), or a function that yields it and is asked at each request. With the method
   * `client_secret_jwt` it signs, and is not sent (RFC 7523, section 2.2).
   *
   * Callers who give a function never share a token with callers who give a string. A function is not asked while the token is
   * cached and what it yields is no part of the cache's key: where tenants bring functions of their own for one client id, set
   * {@link CommonConfig.partition}.
   */
  clientSecret?: ClientSecret;
  /**
   * Scopes to ask for (RFC 6749, section 3.3). A string is split on white space; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
  /** The API that the token is meant for, where the server takes an `audience` parameter (Auth0 and others). */
  audience?: string;
  /** The resources that the token is meant for: absolute URIs, sent as one `resource` parameter each (RFC 8707, section 2). */
  resource?: string | readonly string[];
  /**
   * Further parameters of the token request. They go into the body, or into the query where the body is empty, and may not
   * repeat a name that the request already has.
   */
  params?: Readonly<Record<string, string>>;
  /** Further headers of the token request. They may not repeat a name that the request already has, compared without case. */
  headers?: Readonly<Record<string, string>>;
  /**
   * URL to use instead of the provider's (RFC 6749, section 3.2); its query is kept. Refused together with `baseUrl`.
   * Secrets are sent there: it must never come from an end user.
   */
  tokenEndpoint?: string;
  /**
   * How long one attempt may take, headers and body, in milliseconds; at most 20 000.
   *
   * @defaultValue `8000`
   */
  timeout?: number;
  /**
   * How many further attempts follow a retryable failure; at most 5, and 0 turns retrying off.
   *
   * @defaultValue `2`
   */
  retries?: number;
  /**
   * How long before its expiry a token starts to be refreshed in the background, in milliseconds.
   *
   * @defaultValue The smaller of 300 000 and a quarter of the token's lifetime.
   */
  refreshAhead?: number;
  /**
   * How long a token is kept at most, in milliseconds, whatever its expiry.
   *
   * @defaultValue No limit but the expiry.
   */
  maxAge?: number;
  /**
   * Ask for tokens that are bound to a key (RFC 9449), which are of no use to whoever steals one. The key pair, ES256, is made once
   * a client (provider, token endpoint and `clientId`), stays in memory and can not be exported; each token request proves it. Call
   * APIs through {@link createFetch}, which proves it to them. A server that grants a plain token is refused as `invalid_response`.
   *
   * @defaultValue `false`
   */
  dpop?: boolean;
  /**
   * Carries the token requests, and those for a server's metadata: for proxies, tests and mutual TLS (RFC 8705), which needs one.
   * With `tls_client_auth` it is what tells clients apart in the cache: keep it, or give {@link CommonConfig.partition}.
   *
   * @defaultValue The runtime's `fetch`.
   */
  fetch?: Fetch;
  /**
   * Keeps a Worker alive for a background refresh.
   *
   * @defaultValue Found by itself on current Workers.
   */
  waitUntil?: (promise: Promise<unknown>) => void;
  /** Keeps callers apart that everything else would put together. Part of the cache's key, never sent. */
  partition?: string;
  /**
   * Permit plain http to a host that is not loopback.
   *
   * @defaultValue `false`
   */
  allowHttp?: boolean;
}

/** The names of the built-in providers. */
export type ProviderName = keyof ProviderConfig;

// <generated: provider configs>
// Written by generate-types.js from src/catalogue/*.json: change those and run it again.

/** What each built-in provider takes: the key is the provider's name, the value its config. */
export interface ProviderConfig {
  /** AB Tasty Feature Experimentation (Flagship), Remote Control API. */
  abtasty: AbtastyConfig;
  /** Adobe IMS, OAuth server-to-server credentials. */
  adobe: AdobeConfig;
  /** Auth0. */
  auth0: Auth0Config;
  /** Box, client credentials grant. */
  box: BoxConfig;
  /** Amazon Cognito. */
  cognito: CognitoConfig;
  /** commercetools Composable Commerce. */
  commercetools: CommercetoolsConfig;
  /** CrowdStrike Falcon. */
  crowdstrike: CrowdstrikeConfig;
  /** Databricks workspace. */
  databricks: DatabricksConfig;
  /** Databricks account. */
  'databricks-account': DatabricksAccountConfig;
  /** eBay REST APIs. */
  ebay: EbayConfig;
  /** Emporix. */
  emporix: EmporixConfig;
  /** Microsoft Entra ID. */
  entra: EntraConfig;
  /** Microsoft Entra ID (certificate). */
  'entra-certificate': EntraCertificateConfig;
  /** Fiserv FirstVision (JSON body). */
  firstvision: FirstvisionConfig;
  /** Fiserv FirstVision (EMEA). */
  'firstvision-emea': FirstvisionEmeaConfig;
  /** Fiserv FirstVision (scope in the query). */
  'firstvision-query': FirstvisionQueryConfig;
  /** GitHub App (installation). */
  'github-app': GithubAppConfig;
  /** Google (service account). */
  google: GoogleConfig;
  /** IBM Cloud IAM. */
  'ibm-cloud': IbmCloudConfig;
  /** Keycloak. */
  keycloak: KeycloakConfig;
  /** Any OAuth 2.0 token endpoint. */
  oauth2: Oauth2Config;
  /** Any OpenID Connect or OAuth 2.0 issuer. */
  oidc: OidcConfig;
  /** Okta (custom authorization server). */
  okta: OktaConfig;
  /** Okta (org authorization server). */
  'okta-org': OktaOrgConfig;
  /** PayPal REST APIs. */
  paypal: PaypalConfig;
  /** PingOne. */
  pingone: PingoneConfig;
  /** Salesforce. */
  salesforce: SalesforceConfig;
  /** Salesforce (JWT bearer). */
  'salesforce-jwt': SalesforceJwtConfig;
  /** SAP BTP, Authorization and Trust Management (XSUAA). */
  'sap-btp': SapBtpConfig;
  /** Shopify Admin API. */
  shopify: ShopifyConfig;
  /** Spotify Web API. */
  spotify: SpotifyConfig;
  /** Twitch. */
  twitch: TwitchConfig;
  /** Zoom, server-to-server OAuth. */
  zoom: ZoomConfig;
}

/**
 * Config of `abtasty`: AB Tasty Feature Experimentation (Flagship), Remote Control API.
 *
 * From the vendor's public documentation, specification and command-line tool, 2026-11; not tried against the live
 * endpoint.
 *
 * @see https://docs.abtasty.com/server-side/remote-control-api/authorization
 */
export interface AbtastyConfig extends CommonConfig {
  /** Account id, from Settings > Account in the platform; part of the token URL. */
  accountId: string;
  /**
   * Lifetime to ask for, in seconds; 0 asks for a token that never expires. An answer without a lifetime, or with 0,
   * has the lifetime asked for.
   *
   * @defaultValue `43200`
   */
  expiresIn?: number;
  /**
   * Origin of the vendor's authorization server. Secrets are sent there: it must never come from an end user. Refused
   * together with `tokenEndpoint`.
   *
   * @defaultValue `'https://auth.flagship.io'`
   */
  baseUrl?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'*'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `adobe`: Adobe IMS, OAuth server-to-server credentials.
 *
 * From the vendor's public documentation and its published code, 2026-11; not tried against the live endpoint. The page
 * has version 3 of the endpoint without org_id, the code version 2 with it.
 *
 * @see https://developer.adobe.com/developer-console/docs/guides/authentication/ServerToServerAuthentication/ims
 */
export interface AdobeConfig extends CommonConfig {
  /**
   * Organization id, such as 0123456789ABCDEF01234567@AdobeOrg, from the credential's page in the Developer Console.
   * The documentation does without it.
   */
  orgId?: string;
  /**
   * Version of the token endpoint: v2 as in Adobe's own code, or v3 as in its documentation.
   *
   * @defaultValue `'v2'`
   */
  version?: 'v2' | 'v3';
  /**
   * Origin of Adobe's identity service; https://ims-na1-stg1.adobelogin.com is its stage. Secrets are sent there: it
   * must never come from an end user. Refused together with `tokenEndpoint`.
   *
   * @defaultValue `'https://ims-na1.adobelogin.com'`
   */
  baseUrl?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope: string | readonly string[];
}

/**
 * Config of `auth0`: Auth0.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://auth0.com/docs/secure/tokens/access-tokens/get-access-tokens
 */
export interface Auth0Config extends CommonConfig {
  /**
   * Domain of the tenant, e.g. acme.eu.auth0.com, or its custom domain, from the application's settings. Secrets are
   * sent there: it must never come from an end user.
   */
  domain: string;
  /**
   * Id or name of the organization that the token is for, where the application may use organizations for
   * machine-to-machine access.
   */
  organization?: string;
  /** The API that the token is meant for. */
  audience: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `box`: Box, client credentials grant.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.box.com/guides/authentication/client-credentials/
 */
export interface BoxConfig extends CommonConfig {
  /**
   * Whom the token stands for: enterprise is the service account of the app, user one user.
   *
   * @defaultValue `'enterprise'`
   */
  subjectType?: 'enterprise' | 'user';
  /**
   * Id of that enterprise or user. The enterprise id is on the General Settings page of the app in the Box Developer
   * Console.
   */
  subjectId: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `cognito`: Amazon Cognito.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
export interface CognitoConfig extends CommonConfig {
  /**
   * Domain of the user pool, e.g. acme.auth.eu-west-1.amazoncognito.com, or its custom domain. Scopes are \{resource
   * server\}/\{scope\}; without any, all of the app client's are granted. Secrets are sent there: it must never come
   * from an end user.
   */
  domain: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `commercetools`: commercetools Composable Commerce.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://docs.commercetools.com/api/authorization
 */
export interface CommercetoolsConfig extends CommonConfig {
  /**
   * Region of the project, such as europe-west1: the second part of its host
   * auth.\{region\}.\{cloud\}.commercetools.com. Secrets are sent there: it must never come from an end user.
   */
  region: string;
  /**
   * Cloud of that region: the third part of the host, such as gcp, aws or azure. Secrets are sent there: it must never
   * come from an end user.
   */
  cloud: string;
  /**
   * Key of the project. With it and without scopes of your own, the scope is manage_project:\{projectKey\}; without
   * either, the token has every scope of the API client.
   */
  projectKey?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'manage_project:{projectKey?}'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `crowdstrike`: CrowdStrike Falcon.
 *
 * From the vendor's public documentation and SDKs, 2026-11; not tried against the live endpoint. The documentation
 * knows no grant_type, which some of the SDKs send.
 *
 * @see https://developer.crowdstrike.com/api-reference/collections/oauth2/
 */
export interface CrowdstrikeConfig extends CommonConfig {
  /** CID of the member that the token is to act for, with a client of the parent CID (Falcon Flight Control). */
  memberCid?: string;
  /**
   * Host of the cloud that the client belongs to: api.crowdstrike.com (US-1), api.us-2.crowdstrike.com,
   * api.eu-1.crowdstrike.com, api.laggar.gcw.crowdstrike.com (US-GOV-1) or api.us-gov-2.crowdstrike.mil. The wrong one
   * answers with a redirect. Secrets are sent there: it must never come from an end user.
   *
   * @defaultValue `'api.crowdstrike.com'`
   */
  host?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `databricks`: Databricks workspace.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. Whether HTTP Basic is
 * percent-encoded is said nowhere: curl in examples does not, the Go SDK of the vendor does.
 *
 * @see https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m
 */
export interface DatabricksConfig extends CommonConfig {
  /**
   * Host of the workspace, as in its URL: dbc-a1b2345c-d6e7.cloud.databricks.com,
   * adb-1234567890123456.7.azuredatabricks.net or 1234567890123456.7.gcp.databricks.com. Secrets are sent there: it
   * must never come from an end user.
   */
  host: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'all-apis'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `databricks-account`: Databricks account.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. Whether HTTP Basic is
 * percent-encoded is said nowhere: curl in examples does not, the Go SDK of the vendor does.
 *
 * @see https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m
 */
export interface DatabricksAccountConfig extends CommonConfig {
  /** Account id, from the menu of the user in the account console; part of the token URL. */
  accountId: string;
  /**
   * Host of the account console: accounts.cloud.databricks.com on AWS, accounts.azuredatabricks.net on Azure,
   * accounts.gcp.databricks.com on Google Cloud. Secrets are sent there: it must never come from an end user.
   *
   * @defaultValue `'accounts.cloud.databricks.com'`
   */
  host?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'all-apis'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `ebay`: eBay REST APIs.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.ebay.com/api-docs/static/oauth-client-credentials-grant.html
 */
export interface EbayConfig extends CommonConfig {
  /**
   * Origin of the eBay API, where the token is requested and used; https://api.sandbox.ebay.com is the sandbox. Secrets
   * are sent there: it must never come from an end user. Refused together with `tokenEndpoint`.
   *
   * @defaultValue `'https://api.ebay.com'`
   */
  baseUrl?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'https://api.ebay.com/oauth/api_scope'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `emporix`: Emporix.
 *
 * From the vendor's public documentation and specification, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.emporix.io/api-references/api-guides/authorization/oauth-service/api-reference/service-access-token
 */
export interface EmporixConfig extends CommonConfig {
  /**
   * Tenant to get the token for, sent as the scope tenant=\{tenant\}. Documented as ^[a-z][a-z0-9]+$, 3 to 16
   * characters.
   */
  tenant: string;
  /**
   * Origin of the Emporix API, where the token is requested and used. Secrets are sent there: it must never come from
   * an end user. Refused together with `tokenEndpoint`.
   *
   * @defaultValue `'https://api.emporix.io'`
   */
  baseUrl?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Further scopes, sent after `tenant={tenant}`, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `entra`: Microsoft Entra ID.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export interface EntraConfig extends CommonConfig {
  /**
   * Directory (tenant) id or domain name, from the overview of the app registration. The scope is that of one resource,
   * \{resource\}/.default, e.g. https://graph.microsoft.com/.default.
   */
  tenant: string;
  /**
   * Host of the cloud that the tenant is in; national clouds have others, e.g. login.microsoftonline.us for the US
   * government and login.partner.microsoftonline.cn for China. Secrets are sent there: it must never come from an end
   * user.
   *
   * @defaultValue `'login.microsoftonline.com'`
   */
  authority?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope: string | readonly string[];
}

/**
 * Config of `entra-certificate`: Microsoft Entra ID (certificate).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials
 */
export interface EntraCertificateConfig extends CommonConfig {
  /**
   * Directory (tenant) id or domain name, from the overview of the app registration. The scope is that of one resource,
   * \{resource\}/.default, e.g. https://graph.microsoft.com/.default.
   */
  tenant: string;
  /**
   * Host of the cloud that the tenant is in; national clouds have others, e.g. login.microsoftonline.us for the US
   * government and login.partner.microsoftonline.cn for China. Secrets are sent there: it must never come from an end
   * user.
   *
   * @defaultValue `'login.microsoftonline.com'`
   */
  authority?: string;
  /** Private key of the certificate, as PEM, without a password. */
  privateKey: PrivateKey;
  /**
   * The certificate of the app registration, as PEM, or its SHA-256 fingerprint in hex or base64url (openssl x509
   * -noout -fingerprint -sha256). The thumbprint that the portal shows is SHA-1, which is not sent any more.
   */
  certificate: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope: string | readonly string[];
  /** Not used by this provider. */
  clientSecret?: never;
}

/**
 * Config of `firstvision`: Fiserv FirstVision (JSON body).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://github.com/Fiserv/firstvision-apac/blob/HEAD/docs/APIs/Security/get-access-token.md
 */
export interface FirstvisionConfig extends CommonConfig {
  /**
   * Base URL of the FirstVision API gateway; it may carry a path. The vendor gives it out: there is no public
   * production host. Secrets are sent there: it must never come from an end user. Refused together with
   * `tokenEndpoint`.
   */
  baseUrl: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'all'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `firstvision-emea`: Fiserv FirstVision (EMEA).
 *
 * From the vendor's public documentation, read 2026-11; not tried against the live endpoint. It shows no answer of the
 * token endpoint: RFC 6749's is expected, and the documented hour where it tells no lifetime. The audience of the
 * assertion is not the URL of the request.
 *
 * @see https://github.com/Fiserv/firstvision-emea/blob/HEAD/docs/Support/Registration-and-Token.md
 */
export interface FirstvisionEmeaConfig extends CommonConfig {
  /**
   * Base URL of the FirstVision API with its region: https://prod.emea.api.fiservapps.com/api/fs/fv_emea; cat. instead
   * of prod. is UAT, cert. the sandbox. APAC has hosts in apac.api.fiservapps.com, fv_apac in the path and a scope of
   * its own. Secrets are sent there: it must never come from an end user. Refused together with `tokenEndpoint`.
   */
  baseUrl: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for instead of the default, separated by spaces. An array does as well; order and repeats do not
   * change which token is cached.
   *
   * @defaultValue `'emea_firstvision'`
   */
  scope?: string | readonly string[];
}

/**
 * Config of `firstvision-query`: Fiserv FirstVision (scope in the query).
 *
 * From the vendor's public documentation and, for HTTP Basic, its OpenAPI file of 2022-08, read 2026-11; not tried
 * against the live endpoint.
 *
 * @see https://github.com/Fiserv/firstvision-apac/blob/HEAD/docs/APIs/Security/get-access-token.md
 */
export interface FirstvisionQueryConfig extends CommonConfig {
  /**
   * Base URL of the FirstVision API gateway; it may carry a path. The vendor gives it out: there is no public
   * production host. Secrets are sent there: it must never come from an end user. Refused together with
   * `tokenEndpoint`.
   */
  baseUrl: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. Sent in the query. An array does as well; order and repeats do not change
   * which token is cached.
   */
  scope: string | readonly string[];
}

/**
 * Config of `github-app`: GitHub App (installation).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. The token has all permissions
 * and repositories of the installation; a descriptor that extends this one may ask for fewer in its body.
 *
 * @see https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export interface GithubAppConfig extends CommonConfig {
  /**
   * Id of the app's installation in an account: the number at the end of the address of its settings, and in every
   * webhook.
   */
  installation: number;
  /** Private key of the app: the PEM file that its settings give out, as it is. */
  privateKey: PrivateKey;
  /**
   * Root of the REST API; https://HOST/api/v3 for GitHub Enterprise Server, https://api.SUBDOMAIN.ghe.com for
   * Enterprise Cloud with data residency. Secrets are sent there: it must never come from an end user. Refused together
   * with `tokenEndpoint`.
   *
   * @defaultValue `'https://api.github.com'`
   */
  baseUrl?: string;
  /**
   * Name of the app in the user-agent header. GitHub refuses requests without one; where the runtime sends none of its
   * own, requests to the API need one too.
   *
   * @defaultValue `'tokenlet'`
   */
  userAgent?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /** Not used by this provider. */
  clientSecret?: never;
  /** Fixed by this provider. */
  scope?: never;
}

/**
 * Config of `google`: Google (service account).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export interface GoogleConfig extends CommonConfig {
  /**
   * Key of the service account: the JSON file that the Google Cloud console gives out, which also says the client id,
   * or the PEM in its private_key; then clientId is the account's client_email.
   */
  privateKey: PrivateKey;
  /**
   * Email address of the user to act as, where an administrator of the Workspace domain has given the service account
   * domain-wide delegation.
   */
  subject?: string;
  /** The client's identifier, as the vendor gave it out. The JSON key of a service account brings its own. */
  clientId?: string;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope: string | readonly string[];
  /** Not used by this provider. */
  clientSecret?: never;
}

/**
 * Config of `ibm-cloud`: IBM Cloud IAM.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://cloud.ibm.com/docs/iam?topic=iam-iamtoken_from_apikey
 */
export interface IbmCloudConfig extends CommonConfig {
  /** API key of a user or a service id, from Manage > Access (IAM) > API keys in the console. */
  apikey: string;
  /**
   * Origin of the IAM token service; https://private.iam.cloud.ibm.com is that of private endpoints. Secrets are sent
   * there: it must never come from an end user. Refused together with `tokenEndpoint`.
   *
   * @defaultValue `'https://iam.cloud.ibm.com'`
   */
  baseUrl?: string;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
  /** Not used by this provider. */
  clientSecret?: never;
}

/**
 * Config of `keycloak`: Keycloak.
 *
 * From the project's public documentation, 2026-11; not tried against a live server.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export interface KeycloakConfig extends CommonConfig {
  /**
   * Base URL of the server, e.g. https://sso.example.com; before version 17, and where a relative path is set, with it:
   * https://sso.example.com/auth. Secrets are sent there: it must never come from an end user. Refused together with
   * `tokenEndpoint`.
   */
  baseUrl: string;
  /** Realm in which the client is registered; the client needs its service account enabled. */
  realm: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `oauth2`: Any OAuth 2.0 token endpoint.
 *
 * From RFC 6749, RFC 7523, RFC 7591, RFC 8693 and RFC 8705, 2026-11.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export interface Oauth2Config extends CommonConfig {
  /**
   * How the client authenticates: client_secret_basic sends id and secret in an HTTP Basic header, client_secret_post
   * in the body (RFC 6749, section 2.3.1), client_secret_jwt and private_key_jwt send an assertion signed with the
   * secret or the private key (RFC 7523, section 2.2), tls_client_auth has the config's fetch present a certificate
   * (RFC 8705), none does nothing. By default client_secret_basic with a secret, else private_key_jwt with a private
   * key; none with a key alone for the grant jwt_bearer, and for token_exchange without either. With both, say which.
   */
  clientAuth?: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'tls_client_auth' | 'none';
  /**
   * How id and secret go into the HTTP Basic header: rfc6749 form-encodes both first (RFC 6749, section 2.3.1), raw
   * does not (RFC 7617). They differ as soon as one holds a character such as + / = % or :.
   *
   * @defaultValue `'rfc6749'`
   */
  basicEncoding?: 'rfc6749' | 'raw';
  /**
   * Format of the request body: form is application/x-www-form-urlencoded, as RFC 6749 has it, json is
   * application/json.
   *
   * @defaultValue `'form'`
   */
  bodyFormat?: 'form' | 'json';
  /**
   * What the token is given for: the client itself (client_credentials; RFC 6749, section 4.4), an assertion that the
   * private key signs (jwt_bearer; RFC 7523, section 2.1), or another token (token_exchange; RFC 8693).
   *
   * @defaultValue `'client_credentials'`
   */
  grant?: 'client_credentials' | 'jwt_bearer' | 'token_exchange';
  /**
   * Private key that signs the assertion of private_key_jwt and of jwt_bearer: PEM (PKCS#8, PKCS#1 or SEC1), a JWK, a
   * Google service account's JSON, or a CryptoKey.
   */
  privateKey?: PrivateKey;
  /**
   * Id of the key, sent as kid (RFC 7515, section 4.1.4); by default that of the JWK or of the service account's JSON.
   */
  keyId?: string;
  /**
   * Algorithm that signs (RFC 7518, section 3.1). By default what the key says: RS256 for RSA, ES256 or ES384 for an
   * elliptic curve, EdDSA for Ed25519, HS256 for a secret.
   */
  algorithm?: 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA' | 'HS256' | 'HS384' | 'HS512';
  /**
   * Audience of the assertion (RFC 7523, section 3): endpoint is the URL of the token endpoint, any other text stands
   * for itself.
   *
   * @defaultValue `'endpoint'`
   */
  assertionAudience?: string;
  /**
   * Certificate of the private key, as PEM, or its SHA-256 fingerprint in hex or base64url; sent as x5t#S256 (RFC 7515,
   * section 4.1.8).
   */
  certificate?: string;
  /** Token to exchange, which token_exchange requires (RFC 8693, section 2.1). */
  subjectToken?: string;
  /**
   * What the token to exchange is, as a URI (RFC 8693, section 3); urn:ietf:params:oauth:token-type:access_token by
   * default.
   */
  subjectTokenType?: string;
  /** Token of the party that acts for the subject, with token_exchange (RFC 8693, section 2.1). */
  actorToken?: string;
  /**
   * What the actor's token is, as a URI (RFC 8693, section 3); urn:ietf:params:oauth:token-type:access_token by
   * default, where there is one.
   */
  actorTokenType?: string;
  /** What token_exchange is to give, as a URI (RFC 8693, section 3); the server decides by default. */
  requestedTokenType?: string;
  /**
   * URL of the token endpoint (RFC 6749, section 3.2); https, and its query is kept. Secrets are sent there: it must
   * never come from an end user.
   */
  tokenEndpoint: string;
  /** The client's identifier, as the vendor gave it out. The JSON key of a service account brings its own. */
  clientId?: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret?: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
  /**
   * Claims of the assertion that asks for the token (RFC 7523, section 3), with the grant `jwt_bearer` alone. They add
   * to what is there by itself, or replace it: `iss` and `sub`, the client id; `aud`, as `assertionAudience` says;
   * `iat`, `exp` and `jti`.
   */
  assertionClaims?: AssertionClaims;
}

/**
 * Config of `oidc`: Any OpenID Connect or OAuth 2.0 issuer.
 *
 * From OpenID Connect Discovery 1.0, RFC 8414 and RFC 8705, and what oauth2 is from, 2026-11.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export interface OidcConfig extends CommonConfig {
  /**
   * How the client authenticates: client_secret_basic sends id and secret in an HTTP Basic header, client_secret_post
   * in the body (RFC 6749, section 2.3.1), client_secret_jwt and private_key_jwt send an assertion signed with the
   * secret or the private key (RFC 7523, section 2.2), tls_client_auth has the config's fetch present a certificate
   * (RFC 8705), none does nothing. By default the first that the server supports: private_key_jwt with a private key;
   * with a secret client_secret_basic, client_secret_post, client_secret_jwt.
   */
  clientAuth?: 'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'tls_client_auth' | 'none';
  /**
   * How id and secret go into the HTTP Basic header: rfc6749 form-encodes both first (RFC 6749, section 2.3.1), raw
   * does not (RFC 7617). They differ as soon as one holds a character such as + / = % or :.
   *
   * @defaultValue `'rfc6749'`
   */
  basicEncoding?: 'rfc6749' | 'raw';
  /**
   * Format of the request body: form is application/x-www-form-urlencoded, as RFC 6749 has it, json is
   * application/json.
   *
   * @defaultValue `'form'`
   */
  bodyFormat?: 'form' | 'json';
  /**
   * What the token is given for: the client itself (client_credentials; RFC 6749, section 4.4), an assertion that the
   * private key signs (jwt_bearer; RFC 7523, section 2.1), or another token (token_exchange; RFC 8693).
   *
   * @defaultValue `'client_credentials'`
   */
  grant?: 'client_credentials' | 'jwt_bearer' | 'token_exchange';
  /**
   * Private key that signs the assertion of private_key_jwt and of jwt_bearer: PEM (PKCS#8, PKCS#1 or SEC1), a JWK, a
   * Google service account's JSON, or a CryptoKey.
   */
  privateKey?: PrivateKey;
  /**
   * Id of the key, sent as kid (RFC 7515, section 4.1.4); by default that of the JWK or of the service account's JSON.
   */
  keyId?: string;
  /**
   * Algorithm that signs (RFC 7518, section 3.1). By default what the key says: RS256 for RSA, ES256 or ES384 for an
   * elliptic curve, EdDSA for Ed25519, HS256 for a secret.
   */
  algorithm?: 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA' | 'HS256' | 'HS384' | 'HS512';
  /**
   * Audience of the assertion (RFC 7523, section 3): endpoint is the URL of the token endpoint, issuer the issuer, any
   * other text stands for itself.
   *
   * @defaultValue `'endpoint'`
   */
  assertionAudience?: string;
  /**
   * Certificate of the private key, as PEM, or its SHA-256 fingerprint in hex or base64url; sent as x5t#S256 (RFC 7515,
   * section 4.1.8).
   */
  certificate?: string;
  /** Token to exchange, which token_exchange requires (RFC 8693, section 2.1). */
  subjectToken?: string;
  /**
   * What the token to exchange is, as a URI (RFC 8693, section 3); urn:ietf:params:oauth:token-type:access_token by
   * default.
   */
  subjectTokenType?: string;
  /** Token of the party that acts for the subject, with token_exchange (RFC 8693, section 2.1). */
  actorToken?: string;
  /**
   * What the actor's token is, as a URI (RFC 8693, section 3); urn:ietf:params:oauth:token-type:access_token by
   * default, where there is one.
   */
  actorTokenType?: string;
  /** What token_exchange is to give, as a URI (RFC 8693, section 3); the server decides by default. */
  requestedTokenType?: string;
  /**
   * The issuer's identifier, character for character as its metadata has it, e.g. https://login.example.com/tenant. The
   * metadata at its well-known address (OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3) say where the
   * token endpoint is. Secrets are sent there: it must never come from an end user.
   */
  issuer: string;
  /**
   * URL of the token endpoint (RFC 6749, section 3.2); https, and its query is kept. Secrets are sent there: it must
   * never come from an end user.
   */
  tokenEndpoint?: string;
  /** The client's identifier, as the vendor gave it out. The JSON key of a service account brings its own. */
  clientId?: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret?: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
  /**
   * Claims of the assertion that asks for the token (RFC 7523, section 3), with the grant `jwt_bearer` alone. They add
   * to what is there by itself, or replace it: `iss` and `sub`, the client id; `aud`, as `assertionAudience` says;
   * `iat`, `exp` and `jti`.
   */
  assertionClaims?: AssertionClaims;
}

/**
 * Config of `okta`: Okta (custom authorization server).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.okta.com/docs/guides/implement-client-creds/
 */
export interface OktaConfig extends CommonConfig {
  /**
   * Domain of the Okta org, e.g. acme.okta.com, or its custom domain, without -admin. Secrets are sent there: it must
   * never come from an end user.
   */
  domain: string;
  /**
   * Id of a custom authorization server, from Security > API, which has at least one scope of your own. Not for the org
   * authorization server and Okta's own APIs: they take private_key_jwt only, as okta-org does.
   *
   * @defaultValue `'default'`
   */
  authorizationServer?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `okta-org`: Okta (org authorization server).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. New service apps require DPoP
 * unless their settings say otherwise: the config's dpop does it.
 *
 * @see https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/
 */
export interface OktaOrgConfig extends CommonConfig {
  /**
   * Domain of the Okta org, e.g. acme.okta.com, or its custom domain, without -admin. Secrets are sent there: it must
   * never come from an end user.
   */
  domain: string;
  /** Private key of the service app, as the JWK or the PEM that its settings show when a key is generated. */
  privateKey: PrivateKey;
  /**
   * Id of the key in the service app's settings, sent as kid; that of a JWK by default. Needed where the app has
   * several keys.
   */
  keyId?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope: string | readonly string[];
  /** Not used by this provider. */
  clientSecret?: never;
}

/**
 * Config of `paypal`: PayPal REST APIs.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.paypal.com/api/rest/authentication/
 */
export interface PaypalConfig extends CommonConfig {
  /**
   * Origin of the PayPal API, where the token is requested and used; https://api-m.sandbox.paypal.com is the sandbox.
   * Secrets are sent there: it must never come from an end user. Refused together with `tokenEndpoint`.
   *
   * @defaultValue `'https://api-m.paypal.com'`
   */
  baseUrl?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `pingone`: PingOne.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/token-admin-app-client_credentials.html
 */
export interface PingoneConfig extends CommonConfig {
  /** Id of the environment, from Settings > Environment > Properties in the console. */
  environment: string;
  /**
   * Top-level domain of the environment's region: com is North America, ca Canada, eu Europe, com.au Australia, sg
   * Singapore, asia Asia-Pacific.
   *
   * @defaultValue `'com'`
   */
  tld?: 'com' | 'ca' | 'eu' | 'com.au' | 'sg' | 'asia';
  /**
   * The application's token endpoint authentication method, from its configuration: client_secret_basic sends id and
   * secret in an HTTP Basic header, client_secret_post in the body.
   *
   * @defaultValue `'client_secret_basic'`
   */
  clientAuth?: 'client_secret_basic' | 'client_secret_post';
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `salesforce`: Salesforce.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. Answers do not say when a token
 * expires: two hours is the documented default of the session timeout.
 *
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm&type=5
 */
export interface SalesforceConfig extends CommonConfig {
  /**
   * My Domain of the org, e.g. acme.my.salesforce.com, or acme--test.sandbox.my.salesforce.com for a sandbox;
   * login.salesforce.com and test.salesforce.com refuse this grant. Secrets are sent there: it must never come from an
   * end user.
   */
  domain: string;
  /**
   * Lifetime to assume of a token, in seconds, since no answer says it: the session timeout of the app's policies, else
   * of the run-as user's profile, else of Setup > Session Settings. Where tokens are JWTs, their own expiry counts.
   *
   * @defaultValue `7200`
   */
  sessionTimeout?: number;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `salesforce-jwt`: Salesforce (JWT bearer).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. Answers do not say when a token
 * expires: two hours is the documented default of the session timeout.
 *
 * @see https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm&type=5
 */
export interface SalesforceJwtConfig extends CommonConfig {
  /**
   * My Domain of the org, e.g. acme.my.salesforce.com, or acme--test.sandbox.my.salesforce.com for a sandbox. Secrets
   * are sent there: it must never come from an end user.
   */
  domain: string;
  /**
   * Lifetime to assume of a token, in seconds, since no answer says it: the session timeout of the app's policies, else
   * of the run-as user's profile, else of Setup > Session Settings. Where tokens are JWTs, their own expiry counts.
   *
   * @defaultValue `7200`
   */
  sessionTimeout?: number;
  /**
   * Username of the user to act as, e.g. integration@acme.example, for whom the app is approved beforehand: by its
   * policies, or by the user.
   */
  username: string;
  /** Private key, as PEM, of the certificate that the app's settings have for digital signatures. */
  privateKey: PrivateKey;
  /**
   * Audience of the assertion: https://login.salesforce.com, https://test.salesforce.com for a sandbox, or the URL of
   * an Experience Cloud site.
   *
   * @defaultValue `'https://login.salesforce.com'`
   */
  assertionAudience?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /** Not used by this provider. */
  clientSecret?: never;
  /** Fixed by this provider. */
  scope?: never;
}

/**
 * Config of `sap-btp`: SAP BTP, Authorization and Trust Management (XSUAA).
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. The page of the token request
 * has HTTP Basic without percent-encoding; the one on status 401 says that this fails with a + in the secret, and gives
 * the encoding and the X-CF-ENCODED-CREDENTIALS header that are sent here.
 *
 * @see https://github.com/SAP-docs/btp-cloud-platform/blob/main/docs/30-development/getting-an-application-access-token-6391b5d.md
 */
export interface SapBtpConfig extends CommonConfig {
  /**
   * Subdomain of the subaccount: identityzone in the service key, and the first part of its url. Secrets are sent
   * there: it must never come from an end user.
   */
  subdomain: string;
  /**
   * Region of the subaccount, such as eu10 or us10-001: what follows 'authentication.' in the service key's url.
   * Secrets are sent there: it must never come from an end user.
   */
  region: string;
  /**
   * The rest of the service key's url; platform.sapcloud.cn in China. Secrets are sent there: it must never come from
   * an end user.
   *
   * @defaultValue `'hana.ondemand.com'`
   */
  domain?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `shopify`: Shopify Admin API.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. For apps and shops of one
 * organization; the scopes are those of the installed app.
 *
 * @see https://shopify.dev/docs/apps/build/authentication-authorization/client-credentials-grant
 */
export interface ShopifyConfig extends CommonConfig {
  /**
   * Domain of the shop in which the app is installed: acme.myshopify.com, not the shop's own domain. Secrets are sent
   * there: it must never come from an end user.
   */
  shop: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `spotify`: Spotify Web API.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint.
 *
 * @see https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow
 */
export interface SpotifyConfig extends CommonConfig {
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `twitch`: Twitch.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. The API wants the client id as
 * well, in a Client-Id header that callers add.
 *
 * @see https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/#client-credentials-grant-flow
 */
export interface TwitchConfig extends CommonConfig {
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

/**
 * Config of `zoom`: Zoom, server-to-server OAuth.
 *
 * From the vendor's public documentation, 2026-11; not tried against the live endpoint. The documentation takes the
 * parameters in the query or in the body; users have had 400 for the query. It says that several tokens can be used at
 * once; older reports say that a new one ends the one before.
 *
 * @see https://developers.zoom.us/docs/internal-apps/s2s-oauth/
 */
export interface ZoomConfig extends CommonConfig {
  /** Account id, from the credentials page of the server-to-server app in the Zoom App Marketplace. */
  accountId: string;
  /**
   * Domain of the Zoom service; zoomgov.com is Zoom for Government. Secrets are sent there: it must never come from an
   * end user.
   *
   * @defaultValue `'zoom.us'`
   */
  domain?: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
  /**
   * Scopes to ask for, separated by spaces. An array does as well; order and repeats do not change which token is
   * cached.
   */
  scope?: string | readonly string[];
}

// </generated>

/**
 * The config that goes with a {@link ProviderDescriptor}: the common fields, and the descriptor's own parameters by name.
 *
 * A parameter is a string; one of the kind `int` may be a number, one of the kind `key` is a {@link PrivateKey}. The wider type
 * of the index signature is there only because the common fields must fit it too; what a parameter may be is checked at the
 * call, with `invalid_config`.
 */
export interface DescriptorConfig extends CommonConfig {
  /** Claims of the assertion, where the descriptor extends `oauth2` or `oidc`: see {@link Oauth2Config.assertionClaims}. */
  assertionClaims?: AssertionClaims;
  [parameter: string]: string | number | PrivateKey | AssertionClaims | CommonConfig[keyof CommonConfig];
}

/**
 * A token endpoint as data: the language that the built-in providers are written in. Plain JSON, so that it can come from a file
 * or a database; it decides where secrets go, so it must never come from an end user.
 *
 * A descriptor stands alone, or corrects a built-in provider through `extends`. A malformed one is refused with
 * `invalid_config`, which gives the path to the fault.
 *
 * @example
 * ```ts
 * const acme = {
 *   id: 'acme',
 *   params: { region: { kind: 'host', help: 'eu or us' } },
 *   auth: { method: 'client_secret_post' },
 *   request: { url: 'https://{region}.acme.example/token', body: { grant_type: 'client_credentials' } },
 *   response: { expiry: [{ path: 'expires_in', as: 'seconds' }] },
 * } satisfies ProviderDescriptor;
 * await getToken(acme, { region: 'eu', clientId, clientSecret });
 * ```
 *
 * TypeScript widens what it imports from a JSON file: write `descriptor as ProviderDescriptor` there. For an editor that checks
 * the file itself, the package holds `tokenlet/descriptor.schema.json`.
 */
export type ProviderDescriptor = StandaloneDescriptor | ExtendingDescriptor;

/** A descriptor that is complete by itself. */
export interface StandaloneDescriptor extends DescriptorParts {
  readonly extends?: never;
  /** The token request. */
  readonly request: DescriptorRequest & { readonly url: Template };
}

/** A descriptor that corrects a built-in one. The merged whole is validated. */
export interface ExtendingDescriptor extends DescriptorParts {
  /** The id of the base. Maps are merged key by key; scalars and arrays replace. */
  readonly extends: ProviderName;
  /** The token request, or what differs in it. */
  readonly request?: DescriptorRequest;
}

/** What every descriptor may hold. */
export interface DescriptorParts {
  /** The provider's name: lower-case letters and digits, then also `.`, `_` and `-`. */
  readonly id: string;
  /** The vendor's or the product's name, for people. */
  readonly title?: string;
  /** A link to the page that documents the token request, for people. */
  readonly docs?: string;
  /** How and when the facts were checked, for people. */
  readonly verified?: string;
  /** The parameters by name: what the config takes besides the common fields. None may be named like one of those. */
  readonly params?: Readonly<Record<string, DescriptorParam>>;
  /** Where the scopes go and what they are. */
  readonly scope?: DescriptorScope;
  /** How the client authenticates. */
  readonly auth?: DescriptorAuth;
  /** The JWT to sign: the client's, with `private_key_jwt` and `client_secret_jwt`, and otherwise what `{$assertion}` places. */
  readonly assertion?: DescriptorAssertion;
  /** How an answer is read. */
  readonly response?: DescriptorResponse;
  /** How long tokens may be kept. */
  readonly cache?: DescriptorCache;
  /** How a token is used, and where. */
  readonly use?: DescriptorUse;
}

/**
 * A literal with `{name}`, `{name?}` (drops the whole entry when the parameter is unset), `{$uuid}` (the same within one
 * request), `{$now.s}`, `{$now.ms}`, `{$now.iso}` and `{$assertion}` (the JWT that `assertion` describes, signed for this
 * request); `{{` and `}}` are literal braces. There are no conditionals and no nesting. Names are the declared parameters, and
 * the common fields `clientId`, `scope`, `audience` and `tokenEndpoint`; a common field that the request places without `?`
 * must be given. What is made anew for each request can be placed in the request and, but for `{$assertion}`, in the claims and
 * header of the assertion; a parameter of the kind `key` in `assertion.key` alone.
 */
export type Template = string;

/** A value of a body or claim in which every string is a {@link Template}; the other JSON values keep their types. */
export type TemplateValue =
  | Template
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [name: string]: TemplateValue };

/**
 * A dotted path (`data.token`) or JSON pointer (`/data/token`) into the decoded body; `''` is the whole body as text (Magento),
 * `header:Name` a response header (OpenStack Keystone: `header:X-Subject-Token`).
 */
export type ResponsePath = string;

/** One path, or several of which the first that is present and not empty counts. */
export type ResponsePaths = ResponsePath | readonly ResponsePath[];

/** A parameter that a descriptor declares. */
export interface DescriptorParam {
  /**
   * Decides validation and encoding: a `host` is validated, a `segment` percent-encoded, a `url` must be https, an `int` is a
   * whole number (`{n}` alone in a JSON body is sent as a JSON number), a `key` is a {@link PrivateKey}, which is never sent.
   *
   * @defaultValue `'text'`
   */
  readonly kind?: 'text' | 'host' | 'segment' | 'url' | 'int' | 'key';
  /**
   * Whether the value is masked in errors, events and previews; a form should hide it. IBM Cloud's API key is one.
   *
   * @defaultValue `false`
   */
  readonly secret?: boolean;
  /**
   * Whether the config must have it; one with a default never must.
   *
   * @defaultValue `true`
   */
  readonly required?: boolean;
  /** The value when the config has none; of an `int`, its digits: `'43200'`. */
  readonly default?: string;
  /** The only values that are accepted: `['enterprise', 'user']` of Box. */
  readonly enum?: readonly string[];
  /** What the parameter means, with its unit, and where to find it, for people. */
  readonly help?: string;
  /** How long the value may be, in characters; at least 1, and by default however long. */
  readonly maxLength?: number;
  /**
   * False: the value may be shown in previews, as hosts and regions may.
   *
   * @defaultValue `true`
   */
  readonly sensitive?: boolean;
}

/** Where the scopes go and what they are (RFC 6749, section 3.3). */
export interface DescriptorScope {
  /**
   * Where the scopes are sent: FirstVision takes them in the `query`. `none`: nowhere, unless a template places `{scope}`.
   *
   * @defaultValue `'body'`
   */
  readonly in?: 'body' | 'query' | 'none';
  /**
   * The name of the field that carries them.
   *
   * @defaultValue `'scope'`
   */
  readonly name?: string;
  /**
   * What stands between two scopes: `','` for Adobe.
   *
   * @defaultValue `' '`
   */
  readonly sep?: string;
  /** The scopes to ask for when the config has none: `['all-apis']` of Databricks. */
  readonly default?: readonly Template[];
  /**
   * Whether the config must have some, unless there is a default, as with Microsoft Entra ID.
   *
   * @defaultValue `false`
   */
  readonly required?: boolean;
  /**
   * Whether the caller is kept from replacing the default.
   *
   * @defaultValue `false`
   */
  readonly fixed?: boolean;
  /**
   * Whether the caller's scopes follow the default instead of replacing it, as with Emporix.
   *
   * @defaultValue `false`
   */
  readonly append?: boolean;
}

/** How the client authenticates (RFC 6749, section 2.3). */
export interface DescriptorAuth {
  /**
   * The method by its registered name (RFC 7591, section 2); `client_secret_query` for id and secret in the URL (WeChat), `none`
   * for no client secret (IBM Cloud). With `private_key_jwt` and `client_secret_jwt` the request has a `client_assertion`, signed
   * as `assertion` says, and its type (RFC 7523, section 2.2). With `tls_client_auth` the config's `fetch` presents a certificate
   * (RFC 8705). Left out, it is the config's `clientAuth` where that is a parameter; else `client_secret_basic` with a secret,
   * `none` where the request places `{$assertion}`, and `private_key_jwt` with a parameter of the kind `key`.
   */
  readonly method?:
    | 'client_secret_post'
    | 'client_secret_basic'
    | 'client_secret_query'
    | 'private_key_jwt'
    | 'client_secret_jwt'
    | 'tls_client_auth'
    | 'none';
  /**
   * The name of the field that carries the client id: `app_id` for Feishu.
   *
   * @defaultValue `'client_id'`
   */
  readonly idName?: string;
  /**
   * The name of the field that carries the client secret: `app_secret` for Feishu.
   *
   * @defaultValue `'client_secret'`
   */
  readonly secretName?: string;
  /**
   * How id and secret go into the Basic header. `raw`: base64(id:secret) (RFC 7617; Spotify). `rfc6749`: both form-encoded first
   * (RFC 6749, section 2.3.1). `base64-parts`: base64(base64(id):base64(secret)) (Sabre).
   *
   * @defaultValue `'rfc6749'`
   */
  readonly basicEncoding?: 'raw' | 'rfc6749' | 'base64-parts';
  /**
   * The first word of the Authorization header; Workday uses `ID`.
   *
   * @defaultValue `'Basic'`
   */
  readonly scheme?: string;
  /**
   * Whether the client id is in the body or query, as some need with Basic (SAP BTP) and some refuse with an assertion (Okta). By
   * default it is there with every method but Basic, unless the descriptor places it.
   */
  readonly sendId?: boolean;
  /**
   * The config's `fetch` must present a client certificate (RFC 8705), whatever the method.
   *
   * @defaultValue `false`
   */
  readonly mtls?: boolean;
}

/**
 * A JWT to sign (RFC 7523, RFC 7515), made anew for each request.
 *
 * With the methods `private_key_jwt` and `client_secret_jwt` it proves the client, and goes into `client_assertion` by itself:
 * `iss` and `sub` are the client id and `aud` the token endpoint, besides `iat`, `exp` and `jti`. With every other method it is
 * what `{$assertion}` places in the request, and has those three and the claims that stand here, alone.
 */
export interface DescriptorAssertion {
  /**
   * The algorithm (RFC 7518, section 3.1; RFC 8037, section 3.1). Left out, it is what the key says: a JWK's `alg`, else RS256 for
   * RSA, ES256 for P-256, ES384 for P-384, EdDSA for Ed25519, HS256 for a secret, and for a `CryptoKey` what it was made for.
   */
  readonly alg?: 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA' | 'HS256' | 'HS384' | 'HS512';
  /**
   * The key to sign with: `{privateKey}`. Left out, it is the parameter of the kind `key`, and with `client_secret_jwt` the client
   * secret. One that is made of other parameters is a secret text (Ghost: `{secret}`).
   */
  readonly key?: Template;
  /**
   * How the key is written; `auto` tells by its looks, and with an `alg` of HS256, HS384 or HS512 takes what does not look like a
   * key as `utf8`. `utf8`, `hex` and `base64` are secrets of those algorithms (Ghost: `hex`).
   *
   * @defaultValue `'auto'`
   */
  readonly keyEncoding?: 'auto' | 'pem' | 'jwk' | 'utf8' | 'hex' | 'base64';
  /**
   * Further members of the JOSE header (RFC 7515, section 4.1), besides `alg`, `typ` (`JWT`) and the key's own `kid`, which a
   * member of the same name replaces: `{ kid: '{keyId?}' }`. `x5t#S256` is taken as a certificate in PEM too, or as its SHA-256 fingerprint
   * in hex, and sent as base64url.
   */
  readonly header?: Readonly<Record<string, TemplateValue>>;
  /** The claims (RFC 7519, section 4), besides or instead of those that are there by themselves. */
  readonly claims?: Readonly<Record<string, TemplateValue>>;
  /**
   * How long the JWT is valid, in seconds: `exp` is so long after now.
   *
   * @defaultValue `300`
   */
  readonly ttl?: number;
  /**
   * How far `iat` lies in the past, in seconds; GitHub advises 60.
   *
   * @defaultValue `0`
   */
  readonly backdate?: number;
  /**
   * Whether there is a `jti` claim, a new UUID for each JWT.
   *
   * @defaultValue `true`
   */
  readonly jti?: boolean;
  /**
   * Whether there is an `nbf` claim, which is the same instant as `iat`.
   *
   * @defaultValue `false`
   */
  readonly nbf?: boolean;
  /**
   * No HTTP request: the signed JWT is the token, and lives for `ttl` (App Store Connect, Snowflake key pairs, Ghost).
   *
   * @defaultValue `false`
   */
  readonly direct?: boolean;
}

/** The token request (RFC 6749, section 4.4.2). What it places itself wins over what a common field would add. */
export interface DescriptorRequest {
  /**
   * The HTTP method. With `GET` there is no body, and its fields go to the query (WeChat).
   *
   * @defaultValue `'POST'`
   */
  readonly method?: 'POST' | 'GET';
  /** The token endpoint; https. A query in it is kept. */
  readonly url?: Template;
  /**
   * The format of the body; Auth0 takes `json`. `none`: there is no body, and its fields go to the query.
   *
   * @defaultValue `'form'`
   */
  readonly encoding?: 'form' | 'json' | 'none';
  /** The headers by name. */
  readonly headers?: Readonly<Record<string, Template>>;
  /** The query's parameters by name, in order. */
  readonly query?: Readonly<Record<string, Template>>;
  /** The body's members by name, in order. `grant_type` is sent only where it is placed here. */
  readonly body?: Readonly<Record<string, TemplateValue>>;
}

/** How an answer is read (RFC 6749, sections 5.1 and 5.2). */
export interface DescriptorResponse {
  /**
   * The format of the body; `auto` finds out. Qualys answers with `text`.
   *
   * @defaultValue `'auto'`
   */
  readonly format?: 'auto' | 'json' | 'form' | 'text';
  /**
   * Where the token is: `auth.client_token` of HashiCorp Vault.
   *
   * @defaultValue `'access_token'`
   */
  readonly token?: ResponsePaths;
  /** Where the token's type is; left out, `token_type`. */
  readonly type?: ResponsePaths;
  /** Where the expiry is and how to read it, tried in order; left out, `expires_in` in seconds. */
  readonly expiry?: readonly DescriptorExpiry[];
  /**
   * What an expiry of 0 means; null and `''` count as missing.
   *
   * @defaultValue `'expired'`
   */
  readonly zero?: 'unknown' | 'never' | 'expired';
  /**
   * The lifetime to assume when nothing in the answer says, in seconds; null or 0: the token never expires. A template serves
   * for a lifetime that was asked for (AB Tasty) or that is known (Salesforce). Left out, 300.
   */
  readonly ttl?: number | Template | null;
  /**
   * When the token is a JWT: fall back to its `exp` claim, and never outlive it (RFC 7519, section 4.1.4).
   *
   * @defaultValue `true`
   */
  readonly jwtExp?: boolean;
  /** What must hold, all of it, besides a 2xx status: for vendors that answer 200 with an error, such as Feishu. */
  readonly ok?: readonly DescriptorCondition[];
  /** Where the reason of a refusal is, besides the usual places. */
  readonly error?: {
    /** The vendor's code: `errcode` of WeChat. */
    readonly code?: ResponsePaths;
    /** The explanation: `errmsg` of WeChat. */
    readonly message?: ResponsePaths;
  };
  /** What else to keep: the name in {@link Token.extra}, and where it is. Left out, every other member of the answer. */
  readonly extra?: Readonly<Record<string, ResponsePath>>;
  /** Token types that are accepted besides none and bearer in any spelling: `['Application Access Token']` of eBay. */
  readonly acceptTypes?: readonly string[];
}

/** Where an expiry is, and how to read it. */
export interface DescriptorExpiry {
  /** Where it is. */
  readonly path: ResponsePath;
  /**
   * Its unit, or what kind of instant it is. `seconds-or-epoch`: 10^9 and more is an instant (FirstVision). `d:h:m`: days, hours
   * and minutes from now (Tableau).
   */
  readonly as:
    | 'seconds'
    | 'milliseconds'
    | 'minutes'
    | 'epoch-seconds'
    | 'epoch-milliseconds'
    | 'seconds-or-epoch'
    | 'iso8601'
    | 'http-date'
    | 'd:h:m';
}

/** What must hold for an answer to be a success. With neither `in` nor `absent`, the value must be there. */
export interface DescriptorCondition {
  /** Where to look. */
  readonly path: ResponsePath;
  /** The value must be one of these. */
  readonly in?: readonly JsonValue[];
  /** True: the value must be missing, null or empty; with `in`, missing or one of those. */
  readonly absent?: boolean;
}

/** How long tokens may be kept. */
export interface DescriptorCache {
  /** How long a token is kept at most, in seconds; by default as long as it lives. */
  readonly maxTtl?: number;
  /**
   * Whether issuing a token revokes or evicts earlier ones, as with Tableau; then none is refreshed in the background.
   *
   * @defaultValue `false`
   */
  readonly exclusive?: boolean;
}

/** How a token is used, and where. */
export interface DescriptorUse {
  /**
   * Where {@link createFetch} puts the token. With `query` (ArcGIS) and `cookie`, {@link Token.headers} is empty.
   *
   * @defaultValue `'header'`
   */
  readonly in?: 'header' | 'query' | 'cookie';
  /**
   * The name of the header, parameter or cookie: `X-Shopify-Access-Token`. In a query or cookie it is `access_token` by default.
   *
   * @defaultValue `'Authorization'`
   */
  readonly name?: string;
  /**
   * What stands before the token: `'token '` for Looker. In a query or cookie it is nothing by default.
   *
   * @defaultValue `'Bearer '`
   */
  readonly prefix?: string;
  /** The origins that may get the token through {@link createFetch}. */
  readonly origins?: readonly Template[];
}
