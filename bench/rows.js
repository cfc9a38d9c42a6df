// The rows of the table. Each is the ratio of two times from one race: below 1, Tokenlet is faster.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { called, compare, race, row } from './measure.js';
import { prepareSigned } from './signed-rows.js';
import { badgateway, endpoint, literal, map, msal, tokenlet, verified } from './subjects.js';

const HITS = { rounds: 61, calls: 10_000 };
const PEER_HITS = { rounds: 31, calls: 2_000 };
const MISSES = { rounds: 31, calls: 200 };
const PROCESSES = 15;

const TENANTS = Array.from({ length: 1000 }, (_, i) => `t${i}`);
const CROWD = TENANTS.slice(0, 100);

const CLIENT_HIT = 'a hit through `createClient`';
const MAP = 'hand-written `Map`';
const PEERS = { msal: '`@azure/msal-node`', badgateway: '`@badgateway/oauth2-client`' };

/** Loads every subject; each call of the result measures all rows anew. */
export async function prepare(project) {
  const ours = await verified(await tokenlet(project)(endpoint));
  const peers = [
    { name: PEERS.msal, ...(await verified(await msal(endpoint))) },
    { name: PEERS.badgateway, ...(await verified(await badgateway(endpoint))) },
  ];
  const signed = await prepareSigned(project);
  return async () => [
    ...(await hits(ours)),
    ...(await tenants(ours)),
    ...(await crowd(ours)),
    ...(await peerHits(ours, peers)),
    ...(await misses(ours, peers)),
    ...(await signed()),
    ...(await firstCalls(project)),
  ];
}

async function hits(ours) {
  await startOver(ours, ['acme']);
  const { hit: mapHits } = await map(endpoint);
  const contestants = [ours.hit, clientHits(ours), mapHits].map((call) => ({ call }));
  const [hit, clientHit, mapHit] = await race(contestants, HITS);
  const [call, , mapCall] = await race(contestants, { ...HITS, time: called });
  return [
    row('a hit, its config written at the call', MAP, compare(hit, mapHit), 1),
    row(CLIENT_HIT, MAP, compare(clientHit, mapHit), 1),
    row('the call of a hit, not awaited', MAP, compare(call, mapCall)),
  ];
}

async function tenants(ours) {
  const theirs = await map(endpoint);
  await startOver(ours, TENANTS);
  for (const tenant of TENANTS) await theirs.fill(tenant);
  const [hit, mapHit] = await race(
    [ours, theirs].map(({ getToken }) => ({
      call: (i) => getToken('emporix', literal(TENANTS[i % TENANTS.length])),
    })),
    HITS,
  );
  return [row('hits of a thousand tenants in turn', MAP, compare(hit, mapHit), 2)];
}

async function crowd(ours) {
  const [alone, among, inTurn] = await race(
    [
      { before: () => startOver(ours, ['acme']), call: ours.hit },
      { before: () => startOver(ours, ['acme', ...CROWD]), call: ours.hit },
      {
        before: () => startOver(ours, CROWD),
        call: (i) => ours.getToken('emporix', literal(CROWD[i % CROWD.length])),
      },
    ],
    HITS,
  );
  return [
    row('a hit with 100 tokens cached', 'the same with 1', compare(among, alone), 1.3),
    row('hits of those 100 in turn', 'the same with 1', compare(inTurn, alone)),
  ];
}

// The peers' objects are bound to one client, as ours from `createClient` are.
async function peerHits(ours, peers) {
  await startOver(ours, ['acme']);
  const contestants = [clientHits(ours), ...peers.map(({ hit }) => hit)].map((call) => ({ call }));
  const [hit, ...theirs] = await race(contestants, PEER_HITS);
  return peers.map(({ name }, i) => row(CLIENT_HIT, name, compare(hit, theirs[i])));
}

async function misses(ours, peers) {
  const others = [{ name: MAP, ...(await map(endpoint)) }, ...peers];
  const contestants = [ours, ...others].map((subject) => ({ call: subject.miss }));
  const [miss, ...theirs] = await race(contestants, MISSES);
  const what = 'a miss, but for the network';
  return others.map(({ name }, i) => row(what, name, compare(miss, theirs[i])));
}

async function firstCalls(project) {
  const times = { tokenlet: [], msal: [], badgateway: [] };
  for (let round = 0; round < PROCESSES; round += 1) {
    for (const [subject, taken] of Object.entries(times)) {
      taken.push(await firstCall(subject, project));
    }
  }
  return Object.entries(PEERS).map(([peer, name]) =>
    row('import and first token of a process', name, compare(times.tokenlet, times[peer])),
  );
}

async function firstCall(subject, project) {
  const script = fileURLToPath(new URL('first-call.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, subject, project]);
  return Number(stdout) * 1e6;
}

function clientHits(ours) {
  const client = ours.createClient('emporix', literal('acme'));
  return () => client.getToken();
}

async function startOver(ours, cached) {
  ours.clear();
  for (const tenant of cached) await ours.fill(tenant);
}
