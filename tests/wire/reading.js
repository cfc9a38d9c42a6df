/**
 * A request as its receiver understands it: facts by their places (`header accept`, `body scope`, `client_assertion claims aud`).
 * What is new in each request is told by its form alone.
 */

export function factsOf({ method, path, query, headers, body }) {
  const facts = { method, path, query: pairs(query) };
  for (const [name, value] of Object.entries(headers)) {
    if (!OF_THE_RUNTIME.has(name)) Object.assign(facts, headerFacts(name, value));
  }
  const parameters = new URLSearchParams(body.toString('utf8'));
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name).sort();
    Object.assign(facts, isJwt(values[0]) ? jwtFacts(name, values[0]) : { [`body ${name}`]: values.join(' and ') });
  }
  return facts;
}

function headerFacts(name, value) {
  if (name === 'dpop') return jwtFacts(name, value);
  // RFC 9110, sections 8.3.1 and 12.5.1: neither case nor blanks make a difference.
  if (name === 'content-type') return { 'header content-type': value.toLowerCase().replace(/;\s*/, '; ') };
  const [, basic] = /^Basic (.+)$/.exec(value) ?? [];
  if (basic === undefined) return { [`header ${name}`]: value };
  // RFC 6749, section 2.3.1: each half is form-encoded, and what is encoded beyond need is the same.
  const halves = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { [`header ${name}`]: ['Basic', ...halves.map((half) => new URLSearchParams(`half=${half}`).get('half'))].join(' ') };
}

function jwtFacts(name, jwt) {
  const [header, claims] = jwt.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const facts = { [`${name} signature`]: `${Buffer.from(jwt.split('.')[2], 'base64url').length} bytes` };
  for (const [member, value] of Object.entries(header)) facts[`${name} header ${member}`] = member === 'jwk' ? keyForm(value) : told(value);
  for (const [member, value] of Object.entries(claims)) facts[`${name} claims ${member}`] = claimForm(member, value, claims);
  return facts;
}

function claimForm(member, value, { iat }) {
  if (member === 'jti') return typeof value === 'string' && value.length >= LEAST_JTI ? 'a text that nobody guesses' : told(value);
  if (member === 'iat') return Number.isInteger(value) && Math.abs(value - Date.now() / 1_000) < CLOCK_SECONDS ? 'now' : told(value);
  if (member === 'exp' || member === 'nbf') return Number.isInteger(value) ? `iat + ${value - iat}` : told(value);
  return told(value);
}

const keyForm = (jwk) => Object.entries(jwk).map(([member, value]) => (member.length > 1 ? `${member}=${value}` : member)).sort().join(' ');

const pairs = (query) => [...new URLSearchParams(query)].map((pair) => pair.join('=')).sort().join('&');

const isJwt = (value) => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(value);

const told = (value) => JSON.stringify(value);

/** What the HTTP client of the runtime adds by itself, the same for all. */
const OF_THE_RUNTIME = new Set([
  'host', 'connection', 'accept-encoding', 'accept-language', 'sec-fetch-mode', 'content-length', 'user-agent',
]);

/** 128 bits in base64url; a UUID is longer. */
const LEAST_JTI = 21;

const CLOCK_SECONDS = 30;
