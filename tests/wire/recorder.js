/**
 * A token endpoint and a resource that take whatever comes, and keep what came. Where a request has a DPoP proof without the
 * nonce of that place, it is asked for (RFC 9449, sections 8 and 9), so that what is sent then is seen too.
 */
import { json, listen } from '../servers/http.js';

export async function startRecorder() {
  let taken = [];
  const server = await listen((request) => {
    taken.push(request);
    return request.path === TOKEN_PATH ? answerTokenRequest(request) : answerApiRequest(request);
  });
  return {
    issuer: server.url,
    tokenEndpoint: `${server.url}${TOKEN_PATH}`,
    resource: `${server.url}/api/things?of=mine&of=yours`,
    stop: server.stop,
    /** What came since it was asked last. */
    take() {
      const requests = taken;
      taken = [];
      return requests;
    },
  };
}

function answerTokenRequest({ headers }) {
  const nonce = 'nonce-of-the-token-endpoint';
  if (lacks(headers.dpop, nonce)) return json(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': nonce });
  return json(200, {
    access_token: 'a-token-of-the-recorder',
    token_type: headers.dpop ? 'DPoP' : 'Bearer',
    expires_in: 3600,
    // RFC 8693, section 2.2.1 demands it; elsewhere it does no harm.
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });
}

function answerApiRequest({ headers }) {
  const nonce = 'nonce-of-the-resource';
  if (!lacks(headers.dpop, nonce)) return json(200, {});
  return json(401, {}, { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce", algs="ES256"' });
}

function lacks(proof, nonce) {
  return proof !== undefined && JSON.parse(Buffer.from(proof.split('.')[1], 'base64url')).nonce !== nonce;
}

const TOKEN_PATH = '/realms/acme/token';
