/**
 * Performs an answer, however odd, on Node's response:
 *   status, reason, headers   200, the usual phrase, and JSON's content type unless they are given
 *   head       the text that takes the place of all three, `{open}` being the headers that let pages read it; the body then
 *              follows without a length
 *   body       a text, or a value that is sent as JSON; `times` repeats it
 *   latin1     true where each character of the text stands for one byte, instead of UTF-8
 *   gzip       true where the body is compressed
 *   ending     what comes after the head: 'body' and nothing more (unless it is given), or half of the body and then
 *              'hang', 'close' or 'reset'; or 'drip', a byte now and then for ever; or 'flood', the body `times` over, and
 *              then silence
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';

export function perform(outgoing, headers, answer, tally) {
  const { ending = 'body' } = answer;
  const bytes = encoded(answer);
  const out = begin(outgoing, headers, answer, LENGTHS[ending](bytes));
  ENDINGS[ending](out, bytes, outgoing.socket, answer, tally);
}

/** Sends the head, and returns the stream that the body goes to: the bare connection after a head written by hand. */
function begin(outgoing, headers, { status = 200, reason, headers: own, head, gzip }, length) {
  if (head !== undefined) {
    const open = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    outgoing.socket.write(head.replace('{open}', open));
    return outgoing.socket;
  }
  const described = { 'content-type': 'application/json', ...(gzip && { 'content-encoding': 'gzip' }), ...(status !== 204 && length) };
  outgoing.writeHead(status, reason, { ...headers, ...described, ...own });
  outgoing.flushHeaders();
  return outgoing;
}

function encoded({ body = '', latin1 = false, gzip = false, ending }) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), latin1 ? 'latin1' : 'utf8');
  if (!gzip) return bytes;
  // A flood repeats its part within one stream, which a full flush allows; the header comes with the first (RFC 1952).
  return ending === 'flood' ? deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH }) : gzipSync(bytes);
}

const half = (bytes) => bytes.subarray(0, bytes.length / 2);

/** Where the body breaks off, the whole was promised; where it never ends, it is chunked. */
const announced = (bytes) => ({ 'content-length': bytes.length });
const LENGTHS = { body: announced, hang: announced, close: announced, reset: announced, drip: () => ({}), flood: () => ({}) };

const ENDINGS = {
  body: (out, bytes) => out.end(bytes),
  hang: (out, bytes) => out.write(half(bytes)),
  close: (out, bytes, socket) => out.write(half(bytes), () => socket.end()),
  reset: (out, bytes, socket) => out.write(half(bytes), () => socket.resetAndDestroy()),
  drip(out, bytes, socket) {
    let sent = 0;
    const dripping = setInterval(() => {
      out.write(bytes.subarray(sent, sent + 1));
      sent = (sent + 1) % bytes.length;
    }, DRIP_MS);
    socket.once('close', () => clearInterval(dripping));
  },
  async flood(out, bytes, socket, { times, gzip }, tally) {
    if (gzip) out.write(GZIP_HEADER);
    for (let sent = 0; sent < times && !socket.destroyed; sent += 1) {
      tally.bytes += bytes.length;
      if (!out.write(bytes)) await drained(out, socket);
      await sleep(PACE_MS);
    }
  },
};

/** Resolves once there is room again, or nobody to make any. */
function drained(out, socket) {
  return new Promise((resolve) => {
    const done = () => {
      out.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    out.once('drain', done);
    socket.once('close', done);
  });
}

/** Slow enough to starve who waits for the end, and quick enough that no silence tells. */
const DRIP_MS = 100;

/** The networks of browsers read ahead of the page without a bound: what they take tells of the page only if they have to wait. */
const PACE_MS = 2;

/** RFC 1952, section 2.3: deflate, no flags, no time, an unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
