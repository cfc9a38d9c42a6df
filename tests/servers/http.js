/**
 * What the test servers share: HTTP as values. A handler takes a request (method, path, query, headers, body) and
 * returns, or promises, an answer (status, headers, body), so that a server reads as a table of what it does. What no value
 * can say, an answer says as `perform`, a function of Node's response and the headers.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

/**
 * Serves `handle` on a port of 127.0.0.1, 0 taking any that is free. `stop()` also cuts the connections that are still
 * open, since a kept-alive or hanging one would hold the process.
 */
export async function listen(handle, port = 0) {
  const server = createServer(async (incoming, outgoing) => {
    try {
      send(outgoing, await handle(await receive(incoming)));
    } catch (fault) {
      send(outgoing, { ...text(fault.status ?? 500, `${fault.message}\n`), close: true });
    }
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Lets pages of every origin use `handle`, and answers their preflights, which `handle` therefore never sees. */
export function openToEveryOrigin(handle) {
  return async (request) => {
    const answer = isPreflight(request) ? preflight(request) : await handle(request);
    const open = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
    return { ...answer, headers: { ...open, ...answer.headers } };
  };
}

export function json(status, value, headers = {}) {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function text(status, body, headers = {}) {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** What a log keeps of a request: plain JSON, with the address as a client writes it. */
export function record({ method, url, headers, body }) {
  return { method, url, headers, body: body.toString('utf8') };
}

/** True for the module that `node` was started with, also when it was named through a symbolic link. */
export function startedByHand(moduleUrl) {
  const [, script = ''] = process.argv;
  return existsSync(script) && realpathSync(script) === fileURLToPath(moduleUrl);
}

async function receive(incoming) {
  const chunks = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    // What is too much is read and dropped, because leaving the loop would cut the connection before the answer.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (length > MAX_BODY_BYTES) {
    throw Object.assign(new Error(`the body is longer than ${MAX_BODY_BYTES} bytes`), { status: 413 });
  }
  // The target is split by hand because a URL parser would tidy what a strict server has to see as it was sent.
  const [, path, query] = /^([^?]*)(?:\?(.*))?$/s.exec(incoming.url);
  return {
    method: incoming.method,
    url: `http://${incoming.headers.host}${incoming.url}`,
    path,
    query: query ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function send(outgoing, { status, headers = {}, body = '', cut = false, close = false, perform }) {
  if (outgoing.destroyed) return;
  if (perform) return perform(outgoing, headers);
  if (close) outgoing.setHeader('connection', 'close');
  const bytes = Buffer.from(body);
  if (!BODILESS.has(status)) outgoing.setHeader('content-length', bytes.length);
  outgoing.writeHead(status, headers);
  if (cut) {
    // Half the body leaves before the connection goes, so that the client has the status and waits for the rest.
    outgoing.write(bytes.subarray(0, bytes.length / 2), () => outgoing.destroy());
  } else {
    outgoing.end(bytes);
  }
}

function isPreflight({ method, headers }) {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function preflight({ headers }) {
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': headers['access-control-request-method'],
      // The names are echoed because `*` does not cover Authorization:
      // https://fetch.spec.whatwg.org/#http-access-control-allow-headers
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': String(PREFLIGHT_SECONDS),
    },
  };
}

/** Far more than any token request needs, and little enough that no client can fill the memory. */
const MAX_BODY_BYTES = 64 * 1024;

/** The longest that Chromium keeps a preflight; Firefox would keep it for a day. */
const PREFLIGHT_SECONDS = 7200;

/** Statuses whose answers have no body, and for which fetch refuses one. */
const BODILESS = new Set([204, 205, 304]);
