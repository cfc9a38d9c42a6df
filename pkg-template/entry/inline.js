// The default entry: browsers, Deno, Bun and every bundler. The wasm travels inside as base64, so
// that there is no file to find, no request to make and nothing to configure.
import { tokenlet } from './face.js';
import * as glue from './glue.js';
import base64 from './wasm-inline.js';

const bytes = () => Uint8Array.fromBase64?.(base64) ?? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

const load = async () => (await glue.default({ module_or_path: bytes() }), glue);

export const { getToken, createClient, createFetch, previewRequest, invalidate, clear, configure, providers, TokenError } =
  /* @__PURE__ */ tokenlet({ load });
