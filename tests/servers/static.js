/**
 * Serves a folder on loopback, with the content types that browsers insist on: `WebAssembly.compileStreaming` takes
 * nothing but application/wasm, and module scripts nothing but JavaScript.
 *
 * By hand: `node tests/servers/static.js <root> [port]`.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { listen, startedByHand, text } from './http.js';

export async function startStatic(root, { port = 0 } = {}) {
  const top = path.resolve(root);
  return listen((request) => serve(top, request), port);
}

async function serve(top, request) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return text(405, 'expected GET or HEAD\n', { allow: 'GET, HEAD' });
  }
  const file = locate(top, request.path);
  const found = file && (await stat(file).catch(() => undefined));
  if (!found) return text(404, 'no such file\n');
  if (!found.isDirectory()) return answerFile(file);
  if (!request.path.endsWith('/')) {
    // Without the slash, the relative links of the page would resolve against its parent.
    return text(308, 'add a slash\n', { location: `./${encodeURIComponent(path.basename(file))}/` });
  }
  return answerFile(path.join(file, 'index.html'));
}

async function answerFile(file) {
  try {
    const body = await readFile(file);
    return { status: 200, headers: { 'content-type': contentType(file), 'cache-control': 'no-cache' }, body };
  } catch {
    return text(404, 'no such file\n');
  }
}

/** The file that a request path names, or undefined where decoding it fails or leads out of `top`. */
function locate(top, requestPath) {
  let decoded;
  try {
    decoded = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  const file = path.join(top, decoded);
  const inside = file === top || file === top + path.sep || file.startsWith(top + path.sep);
  return inside && !decoded.includes('\0') ? file : undefined;
}

function contentType(file) {
  const suffix = Object.keys(CONTENT_TYPES).find((one) => file.endsWith(one));
  return suffix ? CONTENT_TYPES[suffix] : 'application/octet-stream';
}

const CONTENT_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.d.cts': 'application/typescript; charset=utf-8',
  '.d.ts': 'application/typescript; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

if (startedByHand(import.meta.url)) {
  const [root = '.', port = '0'] = process.argv.slice(2);
  const { url } = await startStatic(root, { port: Number(port) });
  console.log(url);
}
