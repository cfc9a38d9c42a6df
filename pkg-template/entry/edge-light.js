// Vercel Edge and Next.js's edge runtime compile no wasm from bytes: they import it compiled. The
// module comes from another realm, and only the asynchronous way of instantiating recognises it.
import { tokenlet } from './face.js';
import * as glue from './glue.js';
import wasm from './tokenlet.wasm?module';

const load = async () => (await glue.default({ module_or_path: wasm }), glue);

export { providers } from './providers.js';
export const { getToken, createClient, createFetch, previewRequest, invalidate, clear, configure, onEvent, TokenError } =
  /* @__PURE__ */ tokenlet({ load });
