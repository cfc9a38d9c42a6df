/**
 * What a server sees of Tokenlet, held against what it sees of oauth4webapi and openid-client when they ask for the same: every
 * method, grant and proof, request by request and fact by fact. And what of a key gets into the memory of the wasm: nothing.
 */
import { createRequire } from 'node:module';
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { version } from '../tools.js';
import { withOauth4webapi, withOpenidClient, withTokenlet } from './clients.js';
import { DIFFERENCES } from './differences.js';
import { secrecy, watchMemory } from './memory.js';
import { factsOf } from './reading.js';
import { startRecorder } from './recorder.js';

const METHODS = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'tls_client_auth', 'none'];

// Before the package is loaded, which takes its memory then.
const memory = watchMemory();
const consumer = createRequire(new URL('../consumer/runners/esm.js', import.meta.url));
const tokenlet = consumer('tokenlet');

const recorder = await startRecorder();
const outcomes = [];
try {
  const world = await makeWorld(recorder);
  const unused = new Set(DIFFERENCES);
  for (const shape of shapes()) {
    const ours = await requestsOf(withTokenlet(tokenlet), shape, world);
    for (const [name, ask] of Object.entries({ oauth4webapi: withOauth4webapi, 'openid-client': withOpenidClient })) {
      const theirs = await requestsOf(ask, shape, world);
      outcomes.push({ name: `${titleOf(shape)}, as ${name} asks`, faults: faultsOf(ours, theirs, unused) });
    }
  }
  const stale = [...unused].map(({ place, reason }) => `${place} differs no more: ${reason}`);
  outcomes.push({ name: 'the table of differences has no row too many', faults: stale });
  outcomes.push(...await secrecy(tokenlet, memory, world));
} finally {
  await recorder.stop();
}
const failures = outcomes.filter(({ faults }) => faults.length > 0).map(({ name, faults }) => ({ name, message: faults.join('\n') }));
console.log(JSON.stringify({
  version: `oauth4webapi ${version('oauth4webapi')}, openid-client ${version('openid-client')}`,
  passed: outcomes.length - failures.length,
  failed: failures.length,
  skipped: 0,
  failures,
}));

function shapes() {
  const target = 'https://api.example.com';
  const exchanged = { subject_token: 'a token of somebody', subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' };
  const grants = [
    ...METHODS.map((method) => ({ method, grant: 'client_credentials', parameters: { scope: 'read write', resource: target } })),
    ...METHODS.map((method) => ({ method, grant: 'jwt_bearer', parameters: { scope: 'read' } })),
    ...METHODS.map((method) => ({ method, grant: 'token_exchange', parameters: { ...exchanged, audience: target } })),
  ];
  return grants.flatMap((shape) => [{ ...shape, dpop: false }, { ...shape, dpop: true }]);
}

function titleOf({ method, grant, dpop }) {
  return `${grant}, ${method}${dpop ? ', bound by DPoP' : ''}`;
}

async function makeWorld({ issuer, tokenEndpoint, resource, take }) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const clientId = 'client+/=%:&é';
  const kid = 'key-1';
  const assert = () => new SignJWT({ jti: crypto.randomUUID() })
    .setIssuer(clientId).setSubject(clientId).setAudience(tokenEndpoint).setIssuedAt().setExpirationTime('300 s')
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid }).sign(privateKey);
  return {
    issuer, tokenEndpoint, resource, take, clientId, assert,
    clientSecret: 'secret+/=%:&é of the wire',
    key: { ...(await exportJWK(privateKey)), kid },
  };
}

/** What the server saw, with its own addresses by their names, since they are others in each run. */
async function requestsOf(ask, shape, world) {
  await ask(shape, world);
  const named = (value) => value.replaceAll(world.tokenEndpoint, '{token endpoint}').replaceAll(world.issuer, '{issuer}');
  return world.take().map((request) => Object.fromEntries(Object.entries(factsOf(request)).map(([place, value]) => [place, named(value)])));
}

/** In words, what differs without standing in the table. */
function faultsOf(ours, theirs, unused) {
  if (ours.length !== theirs.length) return [`${ours.length} requests, not ${theirs.length}`];
  return ours.flatMap((own, turn) => {
    const places = new Set([...Object.keys(own), ...Object.keys(theirs[turn])]);
    return [...places].flatMap((place) => {
      const [one, other] = [own[place], theirs[turn][place]];
      if (one === other) return [];
      const known = DIFFERENCES.find((row) => row.place === place && row.ours === one && row.theirs === other);
      unused.delete(known);
      return known ? [] : [`request ${turn + 1}: ${place} is ${one}, not ${other}`];
    });
  });
}
