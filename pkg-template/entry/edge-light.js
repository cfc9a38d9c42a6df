// Vercel Edge and Next.js's edge runtime compile no wasm from bytes: they import it compiled. The
// module comes from another realm, and only the asynchronous way of instantiating recognises it.
import { clearOf, configureOf, getTokenOf, invalidateOf, previewRequestOf } from './calls.js';
import { createClientOf, createFetchOf } from './client.js';
import { coreOf } from './core.js';
import * as glue from './glue.js';
import { onEventOf } from './listeners.js';
import wasm from './tokenlet.wasm?module';

const load = async () => (await glue.default({ module_or_path: wasm }), glue);

const core = /* @__PURE__ */ coreOf({ load });

export const getToken = /* @__PURE__ */ getTokenOf(core);
export const createClient = /* @__PURE__ */ createClientOf(core);
export const createFetch = /* @__PURE__ */ createFetchOf(core);
export const previewRequest = /* @__PURE__ */ previewRequestOf(core);
export const invalidate = /* @__PURE__ */ invalidateOf(core);
export const clear = /* @__PURE__ */ clearOf(core);
export const configure = /* @__PURE__ */ configureOf(core);
export const onEvent = /* @__PURE__ */ onEventOf(core);
export { providers } from './providers.js';
export { TokenError } from './token-error.js';
