/**
 * Emporix: `POST /oauth/token` with a form that holds the credentials.
 *
 * The vendor documents no error of this endpoint. What is wrong with the grant is answered here as RFC 6749 section 5.2
 * has it, which is plausible and no more; what never reaches the grant is an Apigee fault, as its API hosts answer.
 */
import { json } from '../http.js';
import { accounts, isKnownTenant } from './accounts.js';
import { Malformed, readForm, requireNoAuthorization, requireNoQuery, requirePost } from './strict.js';

export function answerTokenRequest(request, issue) {
  if (request.path !== '/oauth/token') {
    return fault(404, 'Unable to identify proxy', 'messaging.adaptors.http.flow.ApplicationNotFound');
  }
  try {
    requirePost(request);
    requireNoQuery(request);
    requireNoAuthorization(request);
    return grant(readForm(request, ['grant_type', 'client_id', 'client_secret', 'scope']), issue);
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return refused.part === 'method' ? methodNotAllowed() : refuse(400, 'invalid_request', refused.message);
  }
}

export function refuseToken() {
  return fault(401, 'Invalid Access Token', 'oauth.v2.InvalidAccessToken');
}

function grant(form, issue) {
  const { clientId, clientSecret, tenant } = accounts.emporix;
  if (form.grant_type !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 'expected client_credentials');
  }
  if (form.client_id !== clientId || form.client_secret !== clientSecret) {
    return refuse(401, 'invalid_client', 'unknown client or wrong secret');
  }
  const [, name, further] = TENANT_SCOPE.exec(form.scope) ?? [];
  if (name === undefined || !isKnownTenant(name, tenant)) {
    return refuse(400, 'invalid_scope', 'expected tenant={tenant}, then further scopes');
  }
  const scopes = further.split(' ');
  if (new Set(scopes).size !== scopes.length) {
    return refuse(400, 'invalid_scope', 'a scope is repeated');
  }
  const token = issue((serial) => `emporix${String(serial).padStart(21, '0')}`, { clientId, scope: form.scope });
  return json(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: 14399,
    session_idle_time: 120,
    refresh_token: '',
    refresh_token_expires_in: 0,
    scope: form.scope,
  }, NO_STORE);
}

function refuse(status, error, description) {
  return json(status, { error, error_description: description }, NO_STORE);
}

function methodNotAllowed() {
  const answer = fault(405, 'Method Not Allowed', 'messaging.adaptors.http.flow.MethodNotAllowed');
  return { ...answer, headers: { ...answer.headers, allow: 'POST' } };
}

function fault(status, faultstring, errorcode) {
  return json(status, { fault: { faultstring, detail: { errorcode } } });
}

/** RFC 6749 section 5.1 asks this of every answer that holds a token. */
const NO_STORE = { 'cache-control': 'no-store' };

/** `tenant=` with its name, then scope tokens (RFC 6749 section 3.3) without a comma, each after one space. */
const TENANT_SCOPE = /^tenant=([^ ]+)((?: [\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+)*)$/;
