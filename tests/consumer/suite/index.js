/**
 * What the package promises its users, checked where they use it: from the
 * packed and installed package, in each runtime. Only what every runtime has
 * is used here; `env` (plain JSON) says where the servers of `tests/servers` are.
 */
import { runChapters } from './harness.js';
import assertions from './assertions.js';
import authentication from './authentication.js';
import cache from './cache.js';
import catalogue from './catalogue.js';
import config from './config.js';
import damagedKeys from './damaged-keys.js';
import descriptor from './descriptor.js';
import discovery from './discovery.js';
import discoveryCache from './discovery-cache.js';
import dpop from './dpop.js';
import dpopAnswers from './dpop-answers.js';
import dpopUses from './dpop-uses.js';
import echoes from './echoes.js';
import endpoints from './endpoints.js';
import errors from './errors.js';
import events from './events.js';
import exchanges from './exchanges.js';
import expiry from './expiry.js';
import fetching from './fetch.js';
import fetchBodies from './fetch-bodies.js';
import fetchCarriers from './fetch-carriers.js';
import fetchMatrix from './fetch-matrix.js';
import fetchRedirects from './fetch-redirects.js';
import fetchRejections from './fetch-rejections.js';
import fetchRequests from './fetch-requests.js';
import grants from './grants.js';
import hostile from './hostile.js';
import keySecrecy from './key-secrecy.js';
import keys from './keys.js';
import language from './language.js';
import lifetimes from './lifetimes.js';
import manyClients from './many-clients.js';
import methods from './methods.js';
import mtls from './mtls.js';
import oidc from './oidc.js';
import poison from './poison.js';
import preview from './preview.js';
import providers from './providers.js';
import readings from './readings.js';
import redirects from './redirects.js';
import requests from './requests.js';
import responses from './responses.js';
import samples from './samples.js';
import secrets from './secrets.js';
import serverClocks from './server-clocks.js';
import signal from './signal.js';
import signing from './signing.js';
import unicode from './unicode.js';

const chapters = {
  catalogue, providers, samples, oidc, unicode, config, endpoints, preview,
  cache, keys, expiry, secrets, signal, events,
  errors, responses, echoes, redirects, hostile,
  fetch: fetching, 'fetch requests': fetchRequests, 'fetch bodies': fetchBodies, 'fetch carriers': fetchCarriers,
  'fetch rejections': fetchRejections, 'fetch redirects': fetchRedirects, 'fetch matrix': fetchMatrix,
  descriptor, language, requests, readings, lifetimes, poison,
  authentication, methods, 'server clocks': serverClocks, dpop, 'dpop uses': dpopUses, 'dpop answers': dpopAnswers,
  'many clients': manyClients,
  discovery, 'discovery cache': discoveryCache, mtls,
  signing, 'key secrecy': keySecrecy, 'damaged keys': damagedKeys, assertions, grants, exchanges,
};

/** Resolves to `{ passed, failed, skipped, failures: [{ name, message }] }`; `report` hears of each case as it ends. */
export async function run(tokenlet, env, report) {
  // Too much for a command line, which is how some runtimes are given `env`.
  const data = await (await fetch(env.data)).json();
  const made = await (await fetch(`${env.keyServer}/keys`)).json();
  const declared = Object.entries(chapters).map(([name, declare]) => [
    name,
    (test) => declare(test, tokenlet, { ...env, ...data, ...made }),
  ]);
  const fresh = () => {
    tokenlet.clear();
    tokenlet.configure({ maxEntries: DEFAULT_MAX_ENTRIES });
  };
  return runChapters(Object.fromEntries(declared), fresh, report);
}

/** The documented default; the case that lowers it must not decide about the next. */
const DEFAULT_MAX_ENTRIES = 2_000;
