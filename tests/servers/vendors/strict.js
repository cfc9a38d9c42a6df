/**
 * Reading requests to the letter. What a lenient server would put up with (a second value, an unknown field, a number
 * for a string) is a `Malformed` here, and each vendor dresses it in its own error shape.
 */

/**
 * A request that the vendor's page does not allow; `part` says where the fault is: `method`, `path`, `query`, `header`,
 * `media type` or `payload`.
 */
export class Malformed extends Error {
  constructor(part, message) {
    super(message);
    this.part = part;
  }
}

export function requirePost({ method }) {
  demand(method === 'POST', 'method', `expected POST, got ${method}`);
}

export function requireNoQuery({ query }) {
  demand(query === '', 'query', 'expected no query');
}

/** Refuses credentials in two places: RFC 6749 section 2.3 allows one method a request. */
export function requireNoAuthorization({ headers }) {
  demand(headers.authorization === undefined, 'header', 'the credentials belong in the body, and only there');
}

export function requireNoBody({ headers, body }) {
  demand(headers['content-type'] === undefined, 'media type', 'an empty body has no content type');
  demand(body.length === 0, 'payload', 'expected an empty body');
}

/** The form with exactly the fields of `names`, each once, encoded as application/x-www-form-urlencoded writes it. */
export function readForm(request, names) {
  requireMediaType(request, 'application/x-www-form-urlencoded');
  const pairs = readText(request).split('&');
  for (const pair of pairs) {
    // A space is `+` and never `%20`. A bare `=` in a value passes, because Emporix's own example sends `scope=tenant=…`.
    demand(FORM_PAIR.test(pair) && !pair.includes('%20'), 'payload', 'a field is not form-encoded');
  }
  return exactly(names, pairs.map((pair) => {
    const [, name, value] = FORM_PAIR.exec(pair);
    return [name, decodeForm(value)];
  }));
}

/** The JSON object with exactly the members of `names`, each once and each a string. */
export function readJson(request, names) {
  requireMediaType(request, 'application/json');
  const source = readText(request);
  let value;
  try {
    value = JSON.parse(source);
  } catch {
    throw new Malformed('payload', 'the body is not JSON');
  }
  demand(value !== null && typeof value === 'object' && !Array.isArray(value), 'payload', 'expected a JSON object');
  const members = Object.entries(value);
  for (const [name, member] of members) {
    demand(typeof member === 'string', 'payload', `expected a string for ${name}`);
  }
  // JSON.parse keeps the last of two members with one name; in an object of strings, counting strings finds the other.
  const strings = source.match(JSON_STRING)?.length ?? 0;
  demand(strings === members.length * 2, 'payload', 'a member is repeated');
  return exactly(names, members);
}

function exactly(names, pairs) {
  const fields = new Map(pairs);
  demand(fields.size === pairs.length, 'payload', 'a field is repeated');
  for (const name of names) {
    demand(fields.get(name), 'payload', `expected a value for ${name}`);
  }
  for (const name of fields.keys()) {
    demand(names.includes(name), 'payload', `unknown field ${name}`);
  }
  return Object.fromEntries(fields);
}

function requireMediaType({ headers }, expected) {
  const [type, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const harmless = parameters.every((parameter) => parameter.trim() === 'charset=utf-8');
  demand(type.trim() === expected && harmless, 'media type', `expected ${expected}`);
}

function readText({ body }) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new Malformed('payload', 'the body is not UTF-8');
  }
}

function decodeForm(value) {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    throw new Malformed('payload', 'a field is not UTF-8');
  }
}

function demand(condition, part, message) {
  if (!condition) throw new Malformed(part, message);
}

/** A name and a value in the alphabet of https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set. */
const FORM_PAIR = /^([a-z_]+)=((?:[\w*.=+-]|%[\dA-F]{2})*)$/i;

const JSON_STRING = /"(?:[^"\\]|\\.)*"/g;
