/** Keys never enter the memory of the wasm, nor what Node prints: both are searched, after signing, for any piece of one. */
import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import { piecesOf } from '../consumer/suite/key-forms.js';

/** Notes the memories that modules bring from now on; `holds` finds bytes in them. */
export function watchMemory() {
  const memories = [];
  const note = ({ exports }) => memories.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
  const { instantiate, Instance } = WebAssembly;
  WebAssembly.instantiate = async (source, imports) => {
    const made = await instantiate(source, imports);
    note(made.instance ?? made);
    return made;
  };
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      note(this);
    }
  };
  return { holds: (piece) => memories.some(({ buffer }) => Buffer.from(buffer).includes(piece)) };
}

/** The outcomes of the search for this key, in each form in which it can be handed over. */
export async function secrecy({ getToken, clear }, memory, { tokenEndpoint, clientId, clientSecret, key }) {
  const config = { tokenEndpoint, clientId, clientAuth: 'private_key_jwt', retries: 0 };
  const outcomes = [];
  for (const [form, privateKey] of Object.entries(formsOf(key))) {
    for (const grant of ['client_credentials', 'jwt_bearer']) {
      clear();
      await getToken('oauth2', { ...config, privateKey, grant, dpop: true });
      const inside = secretsOf(key, privateKey).some(memory.holds);
      outcomes.push({ name: `the memory of the wasm, ${form}, ${grant}`, faults: inside ? ['a piece of the key is in it'] : [] });
    }
    const errors = [
      await getToken('oauth2', { ...config, privateKey, fetch: echo }).catch((error) => error),
      await getToken('oauth2', { ...config, privateKey, algorithm: 'RS256' }).catch((error) => error),
    ];
    const printed = Buffer.from(inspect(errors, { depth: Infinity, showHidden: true }));
    const outside = [...secretsOf(key, privateKey), 'eyJ'].some((piece) => printed.includes(piece));
    const faults = outside ? [`a piece of the key, or what it signed, in ${printed}`] : [];
    outcomes.push({ name: `what Node prints of errors, ${form}`, faults });
  }

  await getToken('oauth2', { tokenEndpoint, clientId, clientSecret, clientAuth: 'client_secret_post' });
  const found = memory.holds(clientSecret);
  outcomes.push({ name: 'the search finds what is in the memory, as a client secret is', faults: found ? [] : ['it was not found'] });
  return outcomes;
}

function formsOf(key) {
  const pem = createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
  const account = { type: 'service_account', private_key: pem };
  return {
    'PKCS#8': pem,
    'SEC1': createPrivateKey(pem).export({ type: 'sec1', format: 'pem' }),
    'JWK': key,
    'JWK as JSON': JSON.stringify(key),
    'service account': account,
    'service account as JSON': JSON.stringify(account),
  };
}

/** The text as it was handed over, and the number that makes the key a private one. */
function secretsOf({ d }, given) {
  const bytes = Buffer.from(d, 'base64url');
  const windows = Array.from({ length: bytes.length - TELLING + 1 }, (_, at) => bytes.subarray(at, at + TELLING));
  return [...piecesOf(given), ...piecesOf(d), ...windows];
}

/** Refuses the client, and tells the assertion back. */
async function echo(_url, { body }) {
  const told = new URLSearchParams(String(body)).get('client_assertion');
  return Response.json({ error: 'invalid_client', error_description: `not by ${told}` }, { status: 401 });
}

/** So many bytes in their order are no coincidence. */
const TELLING = 8;
