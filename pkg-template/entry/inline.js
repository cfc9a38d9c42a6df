// The default entry: browsers, Deno, Bun and every bundler. The wasm travels inside as base64, so
// that there is no file to find, no request to make and nothing to configure.
import { tokenlet } from './face.js';
import * as glue from './glue.js';
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

export { providers } from './providers.js';
export const { getToken, createClient, createFetch, previewRequest, invalidate, clear, configure, onEvent, TokenError } =
  /* @__PURE__ */ tokenlet({ load });
