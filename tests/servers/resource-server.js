/**
 * An API that takes tokens of `strong-server.js` and believes nothing: it reads them through the server's own keys or its
 * introspection, and holds proofs of possession to RFC 9449, with nonces of its own. `jose` does the cryptography.
 *
 * On every path but these, with any method, the answer is what arrived, the `claims` of the token and of the `proof`:
 *   /redirect/:status      to where ?to= says
 *   /rejected-once         `invalid_token` to the first token that is bound to a key, and not to its later ones
 *   /nonce-never-right     `use_dpop_nonce`, whatever the proof has for one
 *   POST /inspect          the claims of the token in the body, or null; no proof is asked for
 *   POST /renew            every nonce is replaced
 */
import { createHash, randomUUID } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, createRemoteJWKSet, jwtVerify } from 'jose';
import { json, listen, openToEveryOrigin, record, text } from './http.js';

/**
 * @param authority the `issuer` of the tokens, its `jwks` and `introspection` endpoints, an `id` and `secret` for the
 *   latter, and the `audiences` that this API answers to
 */
export function startResourceServer(authority) {
  return listen(openToEveryOrigin(api(reader(authority))));
}

function api(read) {
  const rejected = new Set();
  const proofs = proofReader();

  const routes = {
    '/inspect': async ({ body }) => json(200, (await read(body.toString('utf8'))) ?? null),
    '/renew': () => {
      proofs.renew();
      return { status: 204 };
    },
  };

  return async (request) => {
    const open = routes[request.path];
    if (open && request.method === 'POST') return open(request);
    try {
      const { headers, ...rest } = answer(request, await admit(request, read, proofs), rejected);
      return { ...rest, headers: { ...headers, 'dpop-nonce': proofs.nonce() } };
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const challenge = `${refusal.scheme} error="${refusal.error}", error_description="${refusal.message}"`;
      const headers = { 'www-authenticate': challenge, 'dpop-nonce': proofs.nonce() };
      return json(401, { error: refusal.error, error_description: refusal.message }, headers);
    }
  };
}

function answer(request, { claims, proof }, rejected) {
  const [, status] = /^\/redirect\/(30[12378])$/.exec(request.path) ?? [];
  if (status) return text(Number(status), 'look elsewhere\n', { location: new URLSearchParams(request.query).get('to') });
  if (request.path === '/rejected-once' && !rejected.has(claims.cnf.jkt)) {
    rejected.add(claims.cnf.jkt);
    throw new Refusal('DPoP', 'invalid_token', 'this token is not liked');
  }
  return json(200, { ...record(request), claims, proof });
}

/** What RFC 9449, section 7.1, lets pass: a bound token with a proof for it, and any other without one. */
async function admit(request, read, proofs) {
  const [, scheme, token] = /^(Bearer|DPoP) ([\w.~+/-]+=*)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!scheme) throw new Refusal('DPoP', 'invalid_request', 'expected Bearer or DPoP and a token');
  const claims = await read(token);
  if (!claims) throw new Refusal(scheme, 'invalid_token', 'the token is not known, or not for this API');
  const { jkt, 'x5t#S256': thumbprint } = claims.cnf ?? {};
  if (thumbprint) throw new Refusal(scheme, 'invalid_token', 'the token is bound to a certificate, and this is no TLS');
  if (jkt === undefined) {
    if (scheme === 'DPoP') throw new Refusal(scheme, 'invalid_token', 'the token is bound to no key');
    return { claims };
  }
  if (scheme !== 'DPoP') throw new Refusal('DPoP', 'invalid_token', 'the token is bound to a key, and needs a proof');
  return { claims, proof: await proofs.read(request, token, jkt) };
}

/** Checks proofs (RFC 9449, section 4.3), whose nonces are replaced after a few and whose ids are taken once. */
function proofReader() {
  const seen = new Set();
  let nonces = [randomUUID()];
  let taken = 0;

  const refuse = (message, error = 'invalid_dpop_proof') => {
    throw new Refusal('DPoP', error, message);
  };
  const reread = async (proof) => {
    try {
      return await jwtVerify(proof, EmbeddedJWK, PROOF);
    } catch (fault) {
      return refuse(`the proof is no good: ${fault.message.replaceAll('"', "'")}`);
    }
  };

  return {
    read: async ({ method, url, path, headers }, token, jkt) => {
      const { protectedHeader: { jwk }, payload } = await reread(headers.dpop ?? '');
      if (Object.keys(jwk).sort().join() !== 'crv,kty,x,y') refuse('the key has more members than a public one');
      if ((await calculateJwkThumbprint(jwk)) !== jkt) refuse('the token is bound to another key', 'invalid_token');
      if (payload.htm !== method) refuse('htm is not the method');
      if (payload.htu !== bare(url)) refuse('htu is not the URL without its query');
      if (payload.ath !== createHash('sha256').update(token).digest('base64url')) refuse('ath is not the hash of the token');
      if (path === '/nonce-never-right' || !nonces.includes(payload.nonce)) refuse('expected a nonce of late', 'use_dpop_nonce');
      if (typeof payload.jti !== 'string' || seen.has(payload.jti)) refuse('the proof was used before');
      seen.add(payload.jti);
      taken += 1;
      if (taken % PROOFS_PER_NONCE === 0) nonces = [randomUUID(), ...nonces].slice(0, NONCES_TAKEN);
      return payload;
    },
    nonce: () => nonces[0],
    renew: () => {
      nonces = [randomUUID()];
    },
  };
}

/** A function from a token to its claims, or undefined where it is not good here. */
function reader({ issuer, jwks, introspection, id, secret, audiences }) {
  const keys = createRemoteJWKSet(new URL(jwks));
  const asked = async (token) => {
    const authorization = `Basic ${btoa([id, secret].map(encodeURIComponent).join(':'))}`;
    const answered = await fetch(introspection, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ token }) });
    const { active, ...claims } = await answered.json();
    return active && claims.iss === issuer && audiences.includes(claims.aud) ? { ...claims, format: 'opaque' } : undefined;
  };
  return async (token) => {
    if (token.split('.').length !== 3) return asked(token);
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: audiences, typ: 'at+jwt' });
      return { ...payload, format: 'jwt' };
    } catch {
      return undefined;
    }
  };
}

/** Without query and fragment (RFC 9449, section 4.2). */
const bare = (url) => url.split('?')[0];

class Refusal extends Error {
  constructor(scheme, error, message) {
    super(message);
    Object.assign(this, { scheme, error });
  }
}

/** For `jwtVerify`. The tolerance is for the second that a client may have learned the time with. */
const PROOF = { typ: 'dpop+jwt', algorithms: ['ES256'], maxTokenAge: 60, clockTolerance: 2 };

/** A nonce is replaced that often, and serves for a while longer: proofs that are under way have it. */
const PROOFS_PER_NONCE = 8;
const NONCES_TAKEN = 4;
