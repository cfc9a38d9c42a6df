/**
 * A token request that is authenticated by a JWT (RFC 7523, section 2.2), held against what a case expects of it, to the last
 * member. The signature is checked by npm `jose`, so that no misreading of ours can hide in both.
 */
import { compactVerify, importJWK } from 'jose';

/**
 * Resolves to nothing, or throws a `Refusal` that says what is wrong. Expected are
 *   tokenEndpoint, clientId   the address as it was given, and whose request it is
 *   key, alg                  what the signature is checked with (a JWK), and the one algorithm that is taken
 *   kid, fingerprint          these header members, which are else not there
 *   aud                       the audience, the token endpoint by default
 *   body                      further parameters, besides those of every such request
 * and `seen` holds the `jti` of every assertion that was taken.
 */
export async function check({ method, headers, body }, expected, seen) {
  ensure(method === 'POST', `expected POST, not ${method}`);
  const type = headers['content-type'] ?? 'nothing';
  ensure(FORM.test(type), `expected a form, not ${type}`);
  ensure(headers.authorization === undefined, 'a client that signs sends no Authorization header');
  const parameters = new URLSearchParams(body.toString('utf8'));
  const assertion = parameters.get('client_assertion') ?? '';
  const { grant_type = 'client_credentials', ...more } = expected.body ?? {};
  same(sorted(parameters), sorted(Object.entries({
    grant_type,
    client_id: expected.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    ...more,
  })), 'parameters');
  const { protectedHeader, payload } = await verified(assertion, expected);
  checkHeader(protectedHeader, expected);
  checkClaims(JSON.parse(new TextDecoder().decode(payload)), expected, seen);
}

/** What a strict server has against a request. */
export class Refusal extends Error {}

async function verified(assertion, { key, alg }) {
  try {
    return await compactVerify(assertion, await importJWK(key, alg), { algorithms: [alg] });
  } catch (fault) {
    throw new Refusal(`the assertion is not signed by this key with ${alg}: ${fault.message}`);
  }
}

function checkHeader(header, { alg, kid, fingerprint }) {
  const expected = { alg, typ: 'JWT' };
  if (kid !== undefined) expected.kid = kid;
  // RFC 7515, section 4.1.8.
  if (fingerprint !== undefined) expected['x5t#S256'] = Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
  same(sorted(Object.entries(header)), sorted(Object.entries(expected)), 'header');
}

function checkClaims({ iat, exp, jti, ...rest }, { clientId, tokenEndpoint, aud = tokenEndpoint }, seen) {
  same(sorted(Object.entries(rest)), sorted(Object.entries({ iss: clientId, sub: clientId, aud })), 'claims besides iat, exp and jti');
  ensure(Number.isInteger(iat) && Number.isInteger(exp), `iat and exp have to be whole seconds, not ${iat} and ${exp}`);
  ensure(Math.abs(iat - Date.now() / 1_000) < CLOCK_SECONDS, `iat has to be now, not ${iat}`);
  ensure(exp - iat === LIFETIME_SECONDS, `the assertion has to live for ${LIFETIME_SECONDS} s, not ${exp - iat}`);
  ensure(typeof jti === 'string' && jti.length >= JTI_LENGTH, `jti has to be a text that nobody guesses, not ${jti}`);
  ensure(!seen.has(jti), 'this jti was used before');
  seen.add(jti);
}

function same(actual, expected, what) {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  ensure(got === wanted, `${what}: expected ${wanted}, got ${got}`);
}

/** Pairs by name, whatever order they came in, repeats included. */
function sorted(pairs) {
  return [...pairs].sort(([left], [right]) => (left < right ? -1 : 1));
}

function ensure(condition, words) {
  if (!condition) throw new Refusal(words);
}

const FORM = /^application\/x-www-form-urlencoded(;\s*charset=utf-8)?$/i;
const LIFETIME_SECONDS = 300;
const CLOCK_SECONDS = 30;

/** 128 bits in base64url; a UUID is longer. */
const JTI_LENGTH = 22;
