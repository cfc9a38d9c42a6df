/**
 * Issuers of many doors: the metadata, token endpoint and API of each take their time, and keep the names of their callers as
 * `counting.js` does. They read every assertion and every proof, through `jose`, and take each of them once.
 */
import { createHash } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, createLocalJWKSet, exportJWK, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { json, listen, text } from '../../../servers/http.js';

/**
 * Every door has the same `clients`, as configs with keys of their own, of which the first one is that of the door's `config`; and
 * a `spare` one, whose key no other scenario has used.
 *
 * @param nonce what proofs must have, or else nothing
 */
export async function startIssuers(nonce) {
  const keys = await Promise.all(Array.from({ length: CLIENTS }, makeKey));
  const [spare, ...clients] = keys.map(({ config }, number) => ({ ...config, clientId: `client-${number}` }));
  const read = reader(createLocalJWKSet({ keys: keys.map(({ registered }) => registered) }), nonce);
  const doors = [];
  const { url, stop } = await listen(async (request) => {
    const [, number, place] = /^\/(\d+)\/(.*)$/.exec(request.path);
    const door = doors[number];
    try {
      return await places[place](door, request, read);
    } catch (refusal) {
      door.refusals.push(refusal.message);
      const error = refusal.message === WANTS_NONCE ? WANTS_NONCE : 'invalid_request';
      const headers = { 'www-authenticate': `DPoP error="${error}"`, ...(nonce && { 'dpop-nonce': nonce }) };
      return json(place === 'api' ? 401 : 400, { error, error_description: refusal.message }, headers);
    }
  });
  const open = ({ metadataMs = 0, delayMs = 0, apiMs = 0, lifetimeSeconds = 3_600 }) => {
    const issuer = `${url}/${doors.length}`;
    const token = (call) => `door-${doors.indexOf(door)}-call-${call}`;
    const door = { issuer, metadataMs, delayMs, apiMs, lifetimeSeconds, token, ...empty() };
    doors.push(door);
    return { ...door, provider: 'oidc', api: `${issuer}/api`, clients, spare, config: { ...clients[0], issuer, dpop: true } };
  };
  return { open, stop };
}

/** `seekers` ask for metadata, `callers` for tokens, of which each has a holder and may have a key; `visitors` come to the API. */
const empty = () => ({ seekers: [], callers: [], holders: [], keys: [], visitors: [], refusals: [] });

const places = {
  '.well-known/openid-configuration': async ({ issuer, seekers, metadataMs }, { headers }) => {
    seekers.push(headers.caller);
    await sleep(metadataMs);
    return json(200, { issuer, token_endpoint: `${issuer}/token`, ...SUPPORTED });
  },

  token: async (door, request, read) => {
    const holder = await read.client(request);
    const key = request.headers.dpop && await read.proof(request);
    const call = door.callers.push(request.headers.caller);
    door.holders.push(holder);
    door.keys.push(key);
    await sleep(door.delayMs);
    return json(200, { access_token: door.token(call), token_type: key ? 'DPoP' : 'Bearer', expires_in: door.lifetimeSeconds });
  },

  /** Answers the token, so that whoever comes here tells the same as who only gets one. */
  api: async (door, request, read) => {
    const [, token] = /^DPoP (\S+)$/.exec(request.headers.authorization) ?? [];
    const key = await read.proof(request, token);
    if (key !== door.keys.find((_, index) => door.token(index + 1) === token)) throw new Error('the token is bound to another key');
    door.visitors.push(key);
    await sleep(door.apiMs);
    return text(200, token);
  },
};

/** What reads assertions (RFC 7523, section 3) and proofs (RFC 9449, section 4.3). */
function reader(keyOf, nonce) {
  const seen = new Set();
  const once = ({ payload: { jti }, ...rest }) => {
    if (typeof jti !== 'string' || seen.has(jti)) throw new Error('this was used before');
    seen.add(jti);
    return rest;
  };
  return {
    client: async ({ url, body }) => {
      const { client_id: id, client_assertion: assertion } = Object.fromEntries(new URLSearchParams(body.toString()));
      if (assertion === undefined) return id;
      const verified = await jwtVerify(assertion, keyOf, { audience: url, issuer: id, subject: id });
      once(verified);
      return id;
    },
    proof: async ({ url, method, headers }, token) => {
      const verified = await jwtVerify(headers.dpop, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
      const { htm, htu, ath, nonce: own } = verified.payload;
      if (own !== nonce) throw new Error(WANTS_NONCE);
      if (htm !== method || htu !== url) throw new Error('the proof is for another request');
      if (token && ath !== createHash('sha256').update(token).digest('base64url')) throw new Error('the proof is for another token');
      return calculateJwkThumbprint(once(verified).protectedHeader.jwk);
    },
  };
}

async function makeKey(_, number) {
  const keyId = `key-${number}`;
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    config: { privateKey: await exportPKCS8(privateKey), keyId },
    registered: { ...(await exportJWK(publicKey)), kid: keyId, alg: 'ES256' },
  };
}

const sleep = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

const CLIENTS = 6;
const WANTS_NONCE = 'use_dpop_nonce';
const SUPPORTED = {
  token_endpoint_auth_methods_supported: ['private_key_jwt', 'none'],
  token_endpoint_auth_signing_alg_values_supported: ['ES256'],
};
