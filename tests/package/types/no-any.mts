// No `any` may reach a user: it would silence every other check. The exports are walked as types, down to a fixed depth.

import * as tokenlet from 'tokenlet';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Expect<T extends true> = T;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** True for what belongs to the runtime, whose own types are not without `any`. Much else would extend RequestInit. */
type IsAmbient<T> = true extends
  | Equal<T, AbortSignal>
  | Equal<T, Request>
  | Equal<T, RequestInit>
  | Equal<T, Response>
  | Equal<T, URL>
  ? true
  : false;

/** True when some part of `T` is `any`; each list element of `Depth` is one step down that is left. */
type HasAny<T, Depth extends readonly 0[] = [0, 0, 0, 0, 0, 0, 0]> =
  IsAny<T> extends true ? true
  : unknown extends T ? false
  : Depth extends readonly [0, ...infer Rest extends readonly 0[]] ? (true extends Within<T, Rest> ? true : false)
  : false;

type Within<T, Depth extends readonly 0[]> =
  T extends string | number | boolean | null | undefined ? false
  : IsAmbient<T> extends true ? false
  : T extends Promise<infer U> ? HasAny<U, Depth>
  : T extends { (...args: infer A1): infer R1; (...args: infer A2): infer R2 } ?
    HasAny<A1[number], Depth> | HasAny<R1, Depth> | HasAny<A2[number], Depth> | HasAny<R2, Depth>
  : T extends readonly (infer E)[] ? HasAny<E, Depth>
  : { [K in keyof T]-?: HasAny<T[K], Depth> }[keyof T];

// The walk finds what it looks for, wherever that is, so that the checks below can fail.
interface Overloaded {
  (first: string, hidden: any): string;
  (first: number): string;
}
interface OverloadedResult {
  (first: string): any;
  (first: number): string;
}
export type Finds = [
  Expect<HasAny<any>>,
  Expect<HasAny<string | { deep: { list: readonly { value?: any }[] } }>>,
  Expect<HasAny<(value: any) => void>>,
  Expect<HasAny<() => Promise<any>>>,
  Expect<HasAny<{ [name: string]: any }>>,
  Expect<HasAny<Overloaded>>,
  Expect<HasAny<OverloadedResult>>,
  Expect<Equal<HasAny<{ a: unknown; b?: () => Promise<readonly string[]> }>, false>>,
];

type Exports = typeof tokenlet;

/** The names of the values that the package exports: neither more nor less than this. */
export type Names = Expect<
  Equal<
    keyof Exports,
    | 'TokenError'
    | 'clear'
    | 'configure'
    | 'createClient'
    | 'createFetch'
    | 'getToken'
    | 'invalidate'
    | 'onEvent'
    | 'previewRequest'
    | 'providers'
  >
>;

/** Every function, with its parameters and results. The class is none, and its instances come below. */
type FunctionName = Exclude<keyof Exports, 'TokenError'>;
export type Functions = Expect<
  Equal<{ [K in FunctionName]: HasAny<Exports[K]> }, { [K in FunctionName]: false }>
>;

/** Every type, also those that no function reaches within the depth. */
export type Types = [
  Expect<Equal<HasAny<tokenlet.AssertionClaims>, false>>,
  Expect<Equal<HasAny<tokenlet.CallOptions>, false>>,
  Expect<Equal<HasAny<tokenlet.ClientSecret>, false>>,
  Expect<Equal<HasAny<tokenlet.CommonConfig>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorAssertion>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorAuth>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorCache>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorConfig>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorParam>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorRequest>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorResponse>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorScope>, false>>,
  Expect<Equal<HasAny<tokenlet.DescriptorUse>, false>>,
  Expect<Equal<HasAny<tokenlet.Fetch>, false>>,
  Expect<Equal<HasAny<tokenlet.FetchOptions>, false>>,
  Expect<Equal<HasAny<tokenlet.JsonValue>, false>>,
  Expect<Equal<HasAny<tokenlet.PrivateJwk>, false>>,
  Expect<Equal<HasAny<tokenlet.PrivateKey>, false>>,
  Expect<Equal<HasAny<tokenlet.ProviderConfig>, false>>,
  Expect<Equal<HasAny<tokenlet.ProviderDescriptor>, false>>,
  Expect<Equal<HasAny<tokenlet.ProviderInfo>, false>>,
  Expect<Equal<HasAny<tokenlet.RequestPreview>, false>>,
  Expect<Equal<HasAny<tokenlet.ServiceAccountKey>, false>>,
  Expect<Equal<HasAny<tokenlet.SigningKey>, false>>,
  Expect<Equal<HasAny<tokenlet.Token>, false>>,
  Expect<Equal<HasAny<tokenlet.TokenClient>, false>>,
  Expect<Equal<HasAny<tokenlet.TokenError>, false>>,
  Expect<Equal<HasAny<tokenlet.TokenErrorCode>, false>>,
  Expect<Equal<HasAny<tokenlet.TokenEvent>, false>>,
];

/** The catalogue's own names, which the generated part of the types brings: a list, of which these are, and no text at all. */
type Known = 'abtasty' | 'auth0' | 'emporix' | 'firstvision' | 'firstvision-query' | 'ibm-cloud' | 'oauth2' | 'zoom';
export type Providers = Expect<Equal<Extract<tokenlet.ProviderName, Known | 'acme'>, Known>>;
export type NoText = Expect<Equal<string extends tokenlet.ProviderName ? true : false, false>>;
