// The default entry: browsers, Deno, Bun and every bundler. The wasm travels inside as base64, so
// that there is no file to find, no request to make and nothing to configure.
import { clearOf, configureOf, getTokenOf, invalidateOf, previewRequestOf } from './calls.js';
import { createClientOf, createFetchOf } from './client.js';
import { coreOf } from './core.js';
import * as glue from './glue.js';
import { onEventOf } from './listeners.js';
import base64 from './wasm-inline.js';

const bytes = () => {
  if (Uint8Array.fromBase64 !== undefined) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  // A loop, because Uint8Array.from with a function takes ten times as long.
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
};

const load = async () => (await glue.default({ module_or_path: bytes() }), glue);

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
