/**
 * AB Tasty (Flagship): `POST /{account_id}/token?expires_in={seconds}` with a JSON body. Whatever is wrong is answered
 * with 400 and `{}`, as the specification has it.
 */
import { json } from '../http.js';
import { accounts, isKnownTenant } from './accounts.js';
import { Malformed, readJson, requireNoAuthorization, requirePost } from './strict.js';

export function answerTokenRequest(request, issue) {
  try {
    requirePost(request);
    requireNoAuthorization(request);
    requireKnownAccount(request);
    const lifetime = readLifetime(request);
    const body = readJson(request, ['grant_type', 'scope', 'client_id', 'client_secret']);
    return grant(body, lifetime, issue);
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return json(400, {});
  }
}

export function refuseToken() {
  return json(401, {});
}

function requireKnownAccount({ path }) {
  const [, account] = /^\/([^/]+)\/token$/.exec(path) ?? [];
  if (account === undefined || !isKnownTenant(account, accounts.abtasty.accountId)) {
    throw new Malformed('path', 'unknown account');
  }
}

/** The lifetime asked for, in seconds. 0 is the vendor's default and asks for a token that never expires. */
function readLifetime({ query }) {
  if (query === '') return 0;
  const [, seconds] = /^expires_in=(0|[1-9]\d{0,9})$/.exec(query) ?? [];
  if (seconds === undefined) throw new Malformed('query', 'expected ?expires_in={seconds}, and nothing else');
  return Number(seconds);
}

function grant(body, lifetime, issue) {
  const { clientId, clientSecret } = accounts.abtasty;
  const known = body.client_id === clientId && body.client_secret === clientSecret;
  if (!known || body.grant_type !== 'client_credentials' || !SCOPE.test(body.scope)) return json(400, {});
  const token = issue((serial) => `abtasty-${String(serial).padStart(20, '0')}`, { clientId, scope: body.scope });
  return json(200, { access_token: token, token_type: 'bearer', expires_in: lifetime, scope: body.scope });
}

/** `*` for all scopes of the client, or scope tokens (RFC 6749 section 3.3) with one space between them. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;
