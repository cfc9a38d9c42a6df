/**
 * What Tokenlet does, for a person to read: for each built-in provider the request that goes out, the token that comes
 * back, and proof from the server's side that a second call sends nothing; then one refusal. The vendors are the strict
 * simulators of tests/servers, so nothing leaves this machine.
 *
 * Exits with 1 when anything is not as it should be.
 */
import { TokenError, getToken, previewRequest } from 'tokenlet';
import { accounts, startVendors } from '../servers/vendors.js';

const { urls, stop } = await startVendors();
const { emporix, firstvision, abtasty } = accounts;

/** Each provider with its config, and the vendor whose counter it moves. */
const SHOWN = [
  ['emporix', { ...emporix, baseUrl: urls.emporix }, 'emporix'],
  ['firstvision', { ...firstvision, baseUrl: urls.firstvision }, 'firstvision'],
  ['firstvision-query', { ...firstvision, baseUrl: urls.firstvision, scope: ['accounts', 'cards'] }, 'firstvision'],
  ['abtasty', { ...abtasty, baseUrl: urls.abtasty }, 'abtasty'],
  ['oauth2', {
    tokenEndpoint: `${urls.emporix}/oauth/token`,
    clientAuth: 'client_secret_post',
    clientId: emporix.clientId,
    clientSecret: emporix.clientSecret,
    scope: `tenant=${emporix.tenant}`,
  }, 'emporix'],
];

const faults = [];

const [BOLD, DIM, RED, GREEN] = [1, 2, 31, 32];

try {
  for (const [provider, config, vendor] of SHOWN) await showToken(provider, config, vendor);
  await showRefusal('firstvision', { ...firstvision, baseUrl: urls.firstvision, clientSecret: 'not the secret' });
} catch (error) {
  faults.push(`${error.name}: ${error.message}`);
} finally {
  await stop();
}

for (const fault of faults) console.log(paint(RED, `✗ ${fault}`));
if (faults.length === 0) console.log(paint(GREEN, '✓ everything as expected'));
process.exitCode = faults.length === 0 ? 0 : 1;

async function showToken(provider, config, vendor) {
  console.log(paint(BOLD, provider));
  const preview = await previewRequest(provider, config);
  row('request', ...describeRequest(preview));
  expect(!JSON.stringify(preview).includes(config.clientSecret), `${provider}: the preview shows the secret`);

  const before = await countRequests(vendor);
  const token = await getToken(provider, config);
  const between = await countRequests(vendor);
  const again = await getToken(provider, config);
  const after = await countRequests(vendor);

  row('token', `${mask(token.accessToken)}  ${paint(DIM, `${token.accessToken.length} characters`)}`);
  row('lifetime', describeLifetime(token.expiresAt));
  row('first call', `sent ${between - before}`);
  row('second call', `sent ${after - between}`, '');
  expect(between - before === 1, `${provider}: the first call sent ${between - before} requests instead of one`);
  expect(after === between, `${provider}: the second call sent a request`);
  expect(again === token, `${provider}: the second call gave another token`);
}

async function showRefusal(provider, config) {
  console.log(paint(BOLD, `${provider}, with a wrong secret`));
  const error = await getToken(provider, config).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error instanceof TokenError, `${provider}: a wrong secret was not refused with a TokenError`);
  for (const field of ['code', 'error', 'vendorCode', 'status', 'message']) {
    row(field, String(error?.[field] ?? paint(DIM, 'none')));
  }
  console.log();
  expect(error?.code === 'oauth' && error.status === 401, `${provider}: expected code oauth with status 401`);
  expect(error?.vendorCode === '240101', `${provider}: expected the vendor's own code, 240101`);
}

async function countRequests(vendor) {
  const response = await fetch(`${urls.control}/requests`);
  return (await response.json())[vendor];
}

function describeRequest({ method, url, headers, body }) {
  const fields = Object.entries(headers).map(([name, value]) => paint(DIM, `${name}: ${value}`));
  return [`${method} ${url}`, ...fields, ...(body === null ? [] : [body])];
}

/** 43 200 000 milliseconds from now reads `12 h 0 min`: rounding makes up for what has passed since the answer. */
function describeLifetime(expiresAt) {
  if (expiresAt === null) return 'never expires';
  const minutes = Math.round((expiresAt - Date.now()) / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function mask(secret) {
  return `${secret.slice(0, 6)}…${secret.slice(-4)}`;
}

function row(label, ...lines) {
  for (const [index, line] of lines.entries()) {
    console.log(`  ${paint(DIM, (index === 0 ? label : '').padEnd(13))}${line}`.trimEnd());
  }
}

function expect(condition, fault) {
  if (!condition) faults.push(fault);
}

/** Colours are for people: a pipe gets plain text, and so does whoever sets NO_COLOR (https://no-color.org). */
function paint(style, words) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\x1b[${style}m${words}\x1b[0m` : words;
}
