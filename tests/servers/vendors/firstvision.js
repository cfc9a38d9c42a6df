/**
 * Fiserv FirstVision: `POST {baseUrl}/v1/api/oauth/token`, in the two revisions that are live at one address. A body or
 * a content type makes it the JSON form; neither makes it the query form, with the credentials raw in HTTP Basic.
 */
import { createHmac } from 'node:crypto';
import { json, text } from '../http.js';
import { accounts } from './accounts.js';
import {
  Malformed, readJson, requireNoAuthorization, requireNoBody, requireNoQuery, requirePost,
} from './strict.js';

export function answerTokenRequest(request, issue) {
  if (!PATHS.includes(request.path)) return text(404, 'no such page\n');
  const answer = decide(request, issue);
  return { ...answer, headers: { ...answer.headers, ...echoed(request) } };
}

export function refuseToken() {
  return refuse(ERRORS.unauthorized, 'the token is expired');
}

function decide(request, issue) {
  try {
    requirePost(request);
    requireShortCorrelationId(request);
    const isJson = request.body.length > 0 || request.headers['content-type'] !== undefined;
    return isJson ? grantJson(request, issue) : grantQuery(request, issue);
  } catch (refused) {
    if (!(refused instanceof Malformed)) throw refused;
    return refuse(ERRORS[refused.part], refused.message);
  }
}

/** The JSON form counts in seconds, and issues JWTs whose `exp` is long past, as the sample on the page does. */
function grantJson(request, issue) {
  requireNoQuery(request);
  requireNoAuthorization(request);
  const body = readJson(request, ['grant_type', 'scope', 'client_id', 'client_secret']);
  const { clientId, clientSecret } = accounts.firstvision;
  if (body.grant_type !== 'client_credentials') throw new Malformed('payload', 'expected client_credentials');
  requireShortScope(body.scope);
  const known = body.client_id === clientId && body.client_secret === clientSecret;
  if (!known || !areKnownScopes(body.scope)) return refuseClient();
  const token = issue((serial) => jwt({ sub: clientId, jti: serial, exp: LONG_PAST }), { clientId, scope: body.scope });
  return json(200, { access_token: token, token_type: 'Bearer', expires_in: 7199 });
}

/** The query form says `expires_in` but means an instant: the `exp` of the JWT that it issues. */
function grantQuery(request, issue) {
  requireNoBody(request);
  const [, encoded] = SCOPE_QUERY.exec(request.query) ?? [];
  if (encoded === undefined) throw new Malformed('query', 'expected ?scope= with %20 between scopes, and nothing else');
  const scope = encoded.replaceAll('%20', ' ');
  requireShortScope(scope);
  const { clientId, clientSecret } = accounts.firstvision;
  const [, credentials] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const known = credentials === Buffer.from(`${clientId}:${clientSecret}`, 'utf8').toString('base64');
  if (!known || !areKnownScopes(scope)) return refuseClient();
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  const token = issue((serial) => jwt({ sub: clientId, jti: serial, exp }), { clientId, scope });
  return json(200, { access_token: token, token_type: 'Bearer', expires_in: exp });
}

function requireShortScope(scope) {
  if (scope.length > 50) throw new Malformed('payload', 'scope is longer than 50 characters');
}

function requireShortCorrelationId({ headers }) {
  if (headers['x-client-correlation-id']?.length > 40) {
    throw new Malformed('header', 'x-client-correlation-id is longer than 40 characters');
  }
}

function areKnownScopes(scope) {
  const scopes = scope.split(' ');
  return scopes.every((one) => SCOPES.has(one)) && new Set(scopes).size === scopes.length;
}

function echoed({ headers }) {
  return Object.fromEntries(ECHOED_HEADERS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

function refuseClient() {
  return refuse(ERRORS.unauthorized, 'Invalid client credentials or scope');
}

/** The errors are a top-level array, which no RFC has. */
function refuse({ status, errorCode, title }, reason) {
  return json(status, [{
    detail: 'the request was refused',
    errorCode,
    instance: PATHS[0],
    'invalid-params': [reason],
    source: 'AGT',
    status,
    title,
  }]);
}

/** A JWT that looks like the vendor's. Nobody verifies it, so its key is a word. */
function jwt(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'firstvision', ...claims })}`;
  return `${signed}.${createHmac('sha256', 'simulator').update(signed).digest('base64url')}`;
}

/** A base URL may carry a path of its own, so one with a path is served beside the bare one. */
const PATHS = ['/v1/api/oauth/token', '/sandbox/v1/api/oauth/token'];

const SCOPES = new Set('accounts auth cards customers loans loyalty misc products users bnpl all'.split(' '));

/** Scopes are plain words, so that `%20` is all the encoding that a correct query can hold. */
const SCOPE_QUERY = /^scope=([a-z]+(?:%20[a-z]+)*)$/;

const ECHOED_HEADERS = ['x-client-correlation-id', 'x-client-trace-id'];

/** Two hours, as the page's sample has it but for the second that had passed. */
const LIFETIME_SECONDS = 7200;

/** 2022-01-01, in seconds. */
const LONG_PAST = 1640995200;

/**
 * The page gives ranges of codes for headers and payload (240002 to 240011) and for media types (241501 to 241504). Which
 * of them is for what it does not say, so each kind of fault has one of its range here.
 */
const ERRORS = {
  unauthorized: { status: 401, errorCode: '240101', title: 'Unauthorized' },
  header: { status: 400, errorCode: '240002', title: 'Bad Request' },
  query: { status: 400, errorCode: '240003', title: 'Bad Request' },
  payload: { status: 400, errorCode: '240011', title: 'Bad Request' },
  method: { status: 405, errorCode: '240501', title: 'Method Not Allowed' },
  'media type': { status: 415, errorCode: '241501', title: 'Unsupported Media Type' },
};
