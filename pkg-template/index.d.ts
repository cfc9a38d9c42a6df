/**
 * Access tokens for machines: OAuth 2.0 client credentials (RFC 6749, section 4.4) with a cache, for every JavaScript runtime.
 *
 * Durations are milliseconds, except a vendor's own parameters, which keep the vendor's unit and say so. Instants are
 * milliseconds since the epoch, as `Date.now()` has them.
 *
 * Every function that takes a provider's name also takes a {@link ProviderDescriptor}: a token endpoint as data.
 *
 * @packageDocumentation
 */

// Of two overloads the one that takes a provider's name comes last: a compiler reports why the last one does not fit, and a
// misspelt field is to be named by the overload that has it.

/**
 * Get a usable access token from the endpoint that a descriptor of your own describes.
 *
 * @param provider - See {@link ProviderDescriptor}. It decides where secrets go: it must never come from an end user.
 * @param config - The common fields, and the descriptor's own parameters.
 * @param options - What holds for this call only.
 * @throws {@link TokenError} as a rejection, see {@link TokenErrorCode}; or `options.signal.reason`, when that signal is aborted.
 */
export function getToken(provider: ProviderDescriptor, config: DescriptorConfig, options?: CallOptions): Promise<Token>;
/**
 * Get a usable access token: from memory while it is fresh, otherwise from the token endpoint.
 *
 * Calls that ask for the same token at the same time share one request. Towards the end of its life a token is handed out while
 * the next one is fetched in the background.
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
export function getToken<P extends ProviderName>(provider: P, config: ProviderConfig[P], options?: CallOptions): Promise<Token>;

/**
 * Bind {@link getToken} and a `fetch` to a descriptor of your own and its config.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The common fields, and the descriptor's own parameters. A faulty one is reported by the first call.
 * @param options - How the client's `fetch` behaves.
 */
export function createClient(provider: ProviderDescriptor, config: DescriptorConfig, options?: FetchOptions): TokenClient;
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
   * On a 401 it invalidates that token and tries once more, unless the body is a stream. A request that already has the header
   * keeps its own. A redirect that leaves the allowed origins never carries the token and is refused.
   *
   * @throws {@link TokenError} as a rejection: what {@link getToken} may reject with, `invalid_config` for an origin that is
   * not allowed or when none is, and `redirect`. What the underlying `fetch` rejects with is passed on.
   */
  readonly fetch: Fetch;
}

/**
 * Shorthand for `createClient(provider, config, options).fetch`, with a descriptor of your own.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The common fields, and the descriptor's own parameters.
 * @param options - Who may get the token, and what carries the requests.
 */
export function createFetch(provider: ProviderDescriptor, config: DescriptorConfig, options?: FetchOptions): Fetch;
/**
 * Shorthand for `createClient(provider, config, options).fetch`, see {@link TokenClient.fetch}.
 *
 * @param provider - The name of a built-in provider.
 * @param config - See {@link getToken}.
 * @param options - Who may get the token, and what carries the requests.
 */
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
   * Carries the API requests; {@link CommonConfig.fetch} carries the token requests only.
   *
   * @defaultValue The runtime's `fetch`.
   */
  fetch?: Fetch;
}

/** The signature of `fetch`, of which every runtime's own is one. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Show what {@link getToken} would send with a descriptor of your own, with every secret masked. Sends nothing.
 *
 * @param provider - See {@link ProviderDescriptor}.
 * @param config - The common fields, and the descriptor's own parameters.
 * @throws {@link TokenError} with the code `invalid_config`, as a rejection.
 */
export function previewRequest(provider: ProviderDescriptor, config: DescriptorConfig): Promise<RequestPreview>;
/**
 * Show what {@link getToken} would send, with every secret masked. Sends nothing, calls no function of yours and signs nothing.
 *
 * @param provider - The name of a built-in provider.
 * @param config - See {@link getToken}.
 * @throws {@link TokenError} with the code `invalid_config`, as a rejection.
 */
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
export function invalidate<P extends ProviderName>(provider: P, config: ProviderConfig[P], token: Token | string): boolean;

/** Forget every cached token, failure and learned fact. Requests under way still settle for their callers. */
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

/** A token request is sent. */
export interface RequestEvent extends EventOf<'request'> {
  /** The number of this attempt within its acquisition, from 1. */
  readonly attempt: number;
  /** Where it goes, without the query, and with whatever may be secret masked. */
  readonly url: string;
}

/** A token endpoint answered. */
export interface ResponseEvent extends EventOf<'response'> {
  /** The HTTP status; 0 where the runtime hides it, as browsers do for redirects. */
  readonly status: number;
  /** How long it took, from before the request was sent until the body had come. */
  readonly duration: number;
}

/** An attempt failed, and another one follows. */
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
  /** `Bearer` for every spelling of bearer, and where the server names no type (RFC 6750). */
  readonly tokenType: string;
  /**
   * When the token expires, in milliseconds since the epoch: the server's word, or what was assumed where it gave none.
   * Null: never. Never NaN.
   */
  readonly expiresAt: number | null;
  /** The scope as granted, separated by spaces (RFC 6749, section 3.3); null when the server does not say. */
  readonly scope: string | null;
  /** What a request needs to carry the token: `{ Authorization: 'Bearer …' }`. Spread it into the headers of a `fetch`. */
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
  /** How many requests were sent. */
  readonly attempts: number;
  /** True when a recent failure was answered again, without a new request. */
  readonly cached: boolean;
  /** What went wrong underneath: a runtime's network error by name, code and message, or what your own function threw. */
  readonly cause?: unknown;
}

/**
 * The kinds of failure.
 *
 * - `invalid_config`: refused before any request; names the field. Not retryable.
 * - `unsupported`: this runtime lacks something that is needed, such as `fetch`. Not retryable.
 * - `network`: no HTTP response (refused, reset, DNS, TLS, body cut short). Retryable.
 * - `timeout`: {@link CommonConfig.timeout} passed on every attempt. Retryable.
 * - `redirect`: the endpoint answered with a redirect, which is never followed, so that the credentials stay here; or a
 *   redirect left the allowed origins. Not retryable.
 * - `credentials`: `clientSecret()` threw, rejected, never settled or gave no string; `cause` holds what it threw. Retryable.
 * - `oauth`: the server refused and said why, whatever the status. Retryable for `temporarily_unavailable`, `server_error`,
 *   `slow_down`, and with the status 408, 429 or 5xx.
 * - `http`: an answer other than 2xx with no reason that can be read. Retryable with the status 408, 429 or 5xx.
 * - `invalid_response`: an answer of 2xx that holds no usable token. Retryable if it could not be parsed.
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

/** A secret, or a function that yields it and is asked at each request, so that a rotated secret is picked up. */
export type ClientSecret = string | (() => string | Promise<string>);

/**
 * The config fields that every provider takes. An unknown field, a wrong type, a missing required field or an empty secret is
 * refused with `invalid_config` before anything is sent.
 */
export interface CommonConfig {
  /** The client's identifier (RFC 6749, section 2.2). */
  clientId?: string;
  /**
   * The client's secret (RFC 6749, section 2.3.1), or a function that yields it and is asked at each request.
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
   * Carries the token requests: for mutual TLS bindings, proxies and tests.
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
  /** Emporix. */
  emporix: EmporixConfig;
  /** Fiserv FirstVision (JSON body). */
  firstvision: FirstvisionConfig;
  /** Fiserv FirstVision (scope in the query). */
  'firstvision-query': FirstvisionQueryConfig;
  /** Any OAuth 2.0 client-credentials endpoint. */
  oauth2: Oauth2Config;
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
   * Scopes to ask for instead of the default. A string is split on white space; order and repeats do not change which
   * token is cached.
   *
   * @defaultValue `'*'`
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
   * Further scopes, sent after `tenant={tenant}`. A string is split on white space; order and repeats do not change
   * which token is cached.
   */
  scope?: string | readonly string[];
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
   * Scopes to ask for instead of the default. A string is split on white space; order and repeats do not change which
   * token is cached.
   *
   * @defaultValue `'all'`
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
   * Scopes to ask for. Sent in the query. A string is split on white space; order and repeats do not change which token
   * is cached.
   */
  scope: string | readonly string[];
}

/**
 * Config of `oauth2`: Any OAuth 2.0 client-credentials endpoint.
 *
 * From RFC 6749 and RFC 7591, 2026-11.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export interface Oauth2Config extends CommonConfig {
  /**
   * How the client authenticates: client_secret_basic sends id and secret in an HTTP Basic header, client_secret_post
   * in the body (RFC 6749, section 2.3.1; the names and the default are those of RFC 7591).
   *
   * @defaultValue `'client_secret_basic'`
   */
  clientAuth?: 'client_secret_basic' | 'client_secret_post';
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
   * URL of the token endpoint (RFC 6749, section 3.2); https, and its query is kept. Secrets are sent there: it must
   * never come from an end user.
   */
  tokenEndpoint: string;
  /** The client's identifier, as the vendor gave it out. */
  clientId: string;
  /**
   * The client's secret, or a function that yields it and is asked at each request, so that a rotated secret is picked
   * up.
   */
  clientSecret: ClientSecret;
}

// </generated>

/**
 * The config that goes with a {@link ProviderDescriptor}: the common fields, and the descriptor's own parameters by name.
 *
 * A parameter is a string; one of the kind `int` may be a number. The wider type of the index signature is there only because
 * the common fields must fit it too; what a parameter may be is checked at the call, with `invalid_config`.
 */
export interface DescriptorConfig extends CommonConfig {
  [parameter: string]: string | number | CommonConfig[keyof CommonConfig];
}

/**
 * A token endpoint as data: the language that the built-in providers are written in. Plain JSON, so that it can come from a file
 * or a database; it decides where secrets go, so it must never come from an end user.
 *
 * A descriptor stands alone, or corrects a built-in provider through `extends`. A malformed one is refused with
 * `invalid_config`, which gives the path to the fault; so is what the language has and this release does not carry out yet.
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
 * TypeScript widens what it imports from a JSON file: write `descriptor as ProviderDescriptor` there.
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
  /** Lower-case letters, digits, `.`, `_` and `-`, of which a letter or digit comes first. */
  readonly id: string;
  /** The vendor's or the product's name, for people. */
  readonly title?: string;
  /** A link to the vendor's documentation. */
  readonly docs?: string;
  /** How and when the facts were checked, for people. */
  readonly verified?: string;
  /** The parameters by name: what the config takes besides the common fields. None may be named like one of those. */
  readonly params?: Readonly<Record<string, DescriptorParam>>;
  /** Where the scopes go and what they are. */
  readonly scope?: DescriptorScope;
  /** How the client authenticates. */
  readonly auth?: DescriptorAuth;
  /** A JWT to sign. Not carried out by this release yet. */
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
 * request), `{$now.s}`, `{$now.ms}`, `{$now.iso}` and `{$assertion}`; `{{` and `}}` are literal braces. There are no
 * conditionals and no nesting. Names are the declared parameters, and the common fields `clientId`, `scope`,
 * `audience` and `tokenEndpoint`.
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

/** A dotted path or JSON pointer into the decoded body; `''` is the whole body as text, `header:Name` a response header. */
export type ResponsePath = string;

/** One path, or several of which the first that is present and not empty counts. */
export type ResponsePaths = ResponsePath | readonly ResponsePath[];

/** A parameter that a descriptor declares. */
export interface DescriptorParam {
  /**
   * Decides validation and encoding: a `host` is validated, a `segment` percent-encoded, a `url` must be https, an `int` is a
   * whole number (alone in a JSON body it is sent as a JSON number), a `key` is a private key.
   *
   * @defaultValue `'text'`
   */
  readonly kind?: 'text' | 'host' | 'segment' | 'url' | 'int' | 'key';
  /**
   * Whether the value is masked everywhere.
   *
   * @defaultValue `false`
   */
  readonly secret?: boolean;
  /**
   * Whether the config must have it.
   *
   * @defaultValue `true`
   */
  readonly required?: boolean;
  /** The value when the config has none. */
  readonly default?: string;
  /** The only values that are accepted. */
  readonly enum?: readonly string[];
  /** What the parameter means, with its unit, for people. */
  readonly help?: string;
  /** How long the value may be, in characters; at least 1. */
  readonly maxLength?: number;
  /**
   * False: the value may be shown in previews.
   *
   * @defaultValue `true`
   */
  readonly sensitive?: boolean;
}

/** Where the scopes go and what they are (RFC 6749, section 3.3). */
export interface DescriptorScope {
  /**
   * Where the scopes are sent.
   *
   * @defaultValue `'body'`
   */
  readonly in?: 'body' | 'query' | 'none';
  /**
   * The parameter's name.
   *
   * @defaultValue `'scope'`
   */
  readonly name?: string;
  /**
   * What separates the scopes.
   *
   * @defaultValue A space.
   */
  readonly sep?: string;
  /** The scopes when the config has none. */
  readonly default?: readonly Template[];
  /**
   * Whether the config must have some.
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
   * Whether the caller's scopes follow the default instead of replacing it.
   *
   * @defaultValue `false`
   */
  readonly append?: boolean;
}

/** How the client authenticates (RFC 6749, section 2.3). */
export interface DescriptorAuth {
  /**
   * The method by its registered name (RFC 7591, section 2), or `client_secret_query`. This release carries out
   * `client_secret_basic`, `client_secret_post` and `none`.
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
   * The name of the parameter that carries the client id.
   *
   * @defaultValue `'client_id'`
   */
  readonly idName?: string;
  /**
   * The name of the parameter that carries the secret.
   *
   * @defaultValue `'client_secret'`
   */
  readonly secretName?: string;
  /**
   * How id and secret go into the Basic header. `raw`: base64(id:secret) (RFC 7617). `rfc6749`: both form-encoded first
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
  /** Also put the client id in the body or query, as some need with Basic or an assertion. */
  readonly sendId?: boolean;
  /**
   * The caller's `fetch` must present a client certificate.
   *
   * @defaultValue `false`
   */
  readonly mtls?: boolean;
}

/** A JWT to sign (RFC 7523). Not carried out by this release yet. */
export interface DescriptorAssertion {
  /** The algorithm (RFC 7518, section 3.1; RFC 8037). */
  readonly alg?: 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA' | 'HS256' | 'HS384' | 'HS512';
  /** The key to sign with. */
  readonly key?: Template;
  /**
   * How the key is written.
   *
   * @defaultValue `'auto'`
   */
  readonly keyEncoding?: 'auto' | 'pem' | 'jwk' | 'utf8' | 'hex' | 'base64';
  /** Further members of the header. */
  readonly header?: Readonly<Record<string, TemplateValue>>;
  /** The claims. */
  readonly claims?: Readonly<Record<string, TemplateValue>>;
  /**
   * How long the JWT is valid, in seconds.
   *
   * @defaultValue `300`
   */
  readonly ttl?: number;
  /**
   * How far `iat` lies in the past, in seconds.
   *
   * @defaultValue `0`
   */
  readonly backdate?: number;
  /**
   * Whether there is a `jti` claim.
   *
   * @defaultValue `true`
   */
  readonly jti?: boolean;
  /**
   * Whether there is an `nbf` claim.
   *
   * @defaultValue `false`
   */
  readonly nbf?: boolean;
  /**
   * No HTTP request: the signed JWT is the token (App Store Connect, Snowflake key pairs, Ghost).
   *
   * @defaultValue `false`
   */
  readonly direct?: boolean;
}

/** The token request (RFC 6749, section 4.4.2). What it places itself wins over what a common field would add. */
export interface DescriptorRequest {
  /**
   * The HTTP method.
   *
   * @defaultValue `'POST'`
   */
  readonly method?: 'POST' | 'GET';
  /** The token endpoint; https. */
  readonly url?: Template;
  /**
   * The format of the body.
   *
   * @defaultValue `'form'`
   */
  readonly encoding?: 'form' | 'json' | 'none';
  /** The headers by name. */
  readonly headers?: Readonly<Record<string, Template>>;
  /** The query's parameters. */
  readonly query?: Readonly<Record<string, Template>>;
  /** The body's members, in order. */
  readonly body?: Readonly<Record<string, TemplateValue>>;
}

/** How an answer is read (RFC 6749, sections 5.1 and 5.2). */
export interface DescriptorResponse {
  /**
   * The format of the body.
   *
   * @defaultValue `'auto'`
   */
  readonly format?: 'auto' | 'json' | 'form' | 'text';
  /**
   * Where the token is.
   *
   * @defaultValue `'access_token'`
   */
  readonly token?: ResponsePaths;
  /** Where the token's type is. */
  readonly type?: ResponsePaths;
  /** Where the expiry is and how to read it; tried in order. */
  readonly expiry?: readonly DescriptorExpiry[];
  /**
   * What an expiry of 0 means; null and `''` count as missing.
   *
   * @defaultValue `'expired'`
   */
  readonly zero?: 'unknown' | 'never' | 'expired';
  /**
   * The lifetime to assume when nothing in the answer says, in seconds; null or 0: the token never expires. A template serves
   * for a lifetime that was asked for.
   *
   * @defaultValue 300 seconds.
   */
  readonly ttl?: number | Template | null;
  /**
   * When the token is a JWT: fall back to its `exp` claim, and never outlive it (RFC 7519, section 4.1.4).
   *
   * @defaultValue `true`
   */
  readonly jwtExp?: boolean;
  /** What must hold, besides a 2xx status, for a success: for vendors that answer 200 with an error. */
  readonly ok?: readonly DescriptorCondition[];
  /** Where the reason of a refusal is. */
  readonly error?: {
    /** The vendor's code. */
    readonly code?: ResponsePaths;
    /** The explanation. */
    readonly message?: ResponsePaths;
  };
  /** What else to keep: the name in {@link Token.extra}, and where it is. */
  readonly extra?: Readonly<Record<string, ResponsePath>>;
  /** Token types that are accepted besides none and bearer in any spelling. */
  readonly acceptTypes?: readonly string[];
}

/** Where an expiry is, and how to read it. */
export interface DescriptorExpiry {
  /** Where it is. */
  readonly path: ResponsePath;
  /** How to read it. `seconds-or-epoch`: 10^9 and more is an instant. `d:h:m`: days, hours and minutes from now. */
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

/** What must hold for an answer to be a success. */
export interface DescriptorCondition {
  /** Where to look. */
  readonly path: ResponsePath;
  /** The value must be one of these. */
  readonly in?: readonly JsonValue[];
  /** There must be no value. */
  readonly absent?: boolean;
}

/** How long tokens may be kept. */
export interface DescriptorCache {
  /** How long a token is kept at most, in seconds. */
  readonly maxTtl?: number;
  /**
   * Whether issuing a token revokes or evicts earlier ones; then none is refreshed in the background.
   *
   * @defaultValue `false`
   */
  readonly exclusive?: boolean;
}

/** How a token is used, and where. */
export interface DescriptorUse {
  /**
   * Where the token goes.
   *
   * @defaultValue `'header'`
   */
  readonly in?: 'header' | 'query' | 'cookie';
  /**
   * The name of the header, parameter or cookie.
   *
   * @defaultValue `'Authorization'`
   */
  readonly name?: string;
  /**
   * What precedes the token.
   *
   * @defaultValue `'Bearer '`
   */
  readonly prefix?: string;
  /** The origins that may get the token through {@link createFetch}. */
  readonly origins?: readonly Template[];
}
