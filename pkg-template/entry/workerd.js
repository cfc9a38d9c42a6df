// Cloudflare Workers compile no wasm from bytes: they import it compiled, and may instantiate it at
// any time. A named import of `waitUntil` would stop a Worker from starting on runtimes before August 2025.
import * as cf from 'cloudflare:workers';
import { tokenlet } from './face.js';
import * as glue from './glue.js';
import wasm from './tokenlet.wasm';

const load = () => (glue.initSync({ module: wasm }), glue);
const waitUntil = cf.waitUntil && ((promise) => cf.waitUntil(promise));

export { providers } from './providers.js';
export const { getToken, createClient, createFetch, previewRequest, invalidate, clear, configure, onEvent, TokenError } =
  /* @__PURE__ */ tokenlet({ load, waitUntil, isWorker: true });
