/**
 * The vendors' token endpoints as their pages describe them, strict to the byte. The simulator shares no code with
 * Tokenlet, so that a misreading of a page cannot hide in both.
 *
 * Each vendor has an origin of its own with the token endpoint and `GET /api/whoami`, an API that a token opens. The
 * control origin tells what arrived: `GET /requests` counts token requests, `GET /last` shows each vendor's last one,
 * `POST /reset` forgets both, and `POST /revoke` with a token for its body makes the APIs refuse that token.
 *
 * By hand: `node tests/servers/vendors.js [port]`, which then takes that port and the three after it.
 */
import { json, listen, openToEveryOrigin, record, startedByHand, text } from './http.js';
import * as abtasty from './vendors/abtasty.js';
import { accounts } from './vendors/accounts.js';
import * as emporix from './vendors/emporix.js';
import * as firstvision from './vendors/firstvision.js';

export { accounts };

const VENDORS = { emporix, firstvision, abtasty };

/** Starts one origin a vendor and the control origin; with a `port`, on that one and the three that follow. */
export async function startVendors({ port = 0 } = {}) {
  const ledger = new Ledger();
  const handlers = Object.entries(VENDORS).map(([name, vendor]) => [name, serveVendor(name, vendor, ledger)]);
  handlers.push(['control', (request) => serveControl(request, ledger)]);
  const servers = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const urls = {};
  try {
    for (const [index, [name, handle]] of handlers.entries()) {
      const server = await listen(openToEveryOrigin(handle), port && port + index);
      servers.push(server);
      urls[name] = server.url;
    }
  } catch (taken) {
    await stop();
    throw taken;
  }
  return { urls, stop };
}

/** What was asked of the vendors, and what they issued. */
class Ledger {
  #requests;
  #last;
  #serial = 0;
  #tokens = new Map();

  constructor() {
    this.reset();
  }

  /** Tokens outlive a reset: a suite counts afresh while its earlier tokens still work. */
  reset() {
    this.#requests = mapValues(VENDORS, () => 0);
    this.#last = mapValues(VENDORS, () => null);
  }

  note(vendor, request) {
    this.#requests[vendor] += 1;
    this.#last[vendor] = record(request);
  }

  /** Issues the token that `mint` makes of a number never used before. */
  issue(vendor, mint, { clientId, scope }) {
    this.#serial += 1;
    const token = mint(this.#serial);
    this.#tokens.set(token, { vendor, clientId, scope });
    return token;
  }

  holder(vendor, token) {
    const holder = this.#tokens.get(token);
    return holder?.vendor === vendor ? holder : undefined;
  }

  revoke(token) {
    return this.#tokens.delete(token);
  }

  get requests() {
    return this.#requests;
  }

  get last() {
    return this.#last;
  }
}

function serveVendor(name, vendor, ledger) {
  return (request) => {
    if (request.path === '/api/whoami') return whoami(request, name, vendor, ledger);
    ledger.note(name, request);
    return vendor.answerTokenRequest(request, (mint, facts) => ledger.issue(name, mint, facts));
  };
}

function whoami({ method, headers }, name, vendor, ledger) {
  if (method !== 'GET') return text(405, 'expected GET\n', { allow: 'GET' });
  const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
  const holder = ledger.holder(name, token);
  return holder ? json(200, holder) : vendor.refuseToken();
}

function serveControl({ method, path, body }, ledger) {
  switch (`${method} ${path}`) {
    case 'GET /requests':
      return json(200, ledger.requests);
    case 'GET /last':
      return json(200, ledger.last);
    case 'POST /reset':
      ledger.reset();
      return { status: 204 };
    case 'POST /revoke':
      return json(200, { revoked: ledger.revoke(body.toString('utf8')) });
    default:
      return text(404, 'expected GET /requests, GET /last, POST /reset or POST /revoke\n');
  }
}

function mapValues(object, change) {
  return Object.fromEntries(Object.keys(object).map((key) => [key, change(object[key])]));
}

if (startedByHand(import.meta.url)) {
  const { urls } = await startVendors({ port: Number(process.argv[2] ?? 0) });
  for (const [name, url] of Object.entries(urls)) console.log(`${name.padEnd(12)} ${url}`);
}
