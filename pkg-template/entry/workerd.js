// Cloudflare Workers compile no wasm from bytes: they import it compiled, and may instantiate it at
// any time. A named import of `waitUntil` would stop a Worker from starting on runtimes before August 2025.
import * as cf from 'cloudflare:workers';
import { clearOf, configureOf, getTokenOf, invalidateOf, previewRequestOf } from './calls.js';
import { createClientOf, createFetchOf } from './client.js';
import { coreOf } from './core.js';
import * as glue from './glue.js';
import { onEventOf } from './listeners.js';
import wasm from './tokenlet.wasm';

const load = () => (glue.initSync({ module: wasm }), glue);
const waitUntil = cf.waitUntil && ((promise) => cf.waitUntil(promise));

const core = /* @__PURE__ */ coreOf({ load, waitUntil, isWorker: true });

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
