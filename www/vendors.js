// The vendors, simulated in the page: what each is documented to accept, answer and refuse.
// A vendor is handed the request as an object of strings and answers with a status and a body.

/** What the form holds at the start, and what the simulated vendor accepts. */
const CLIENT = { clientId: 'demo-client', clientSecret: 'demo secret+/=%:&é' };

/** Thrown by a vendor that does not give a token. */
export class Refusal {
  constructor(status, body, headers = {}) {
    Object.assign(this, { status, body, headers });
  }
}

const STATES_NONE = 'Answers without expires_in. Tokenlet then assumes a lifetime rather than keep the token for ever.';

/**
 * Each vendor has `demo` (config values that work), `usual` (the lifetime in seconds that it grants by itself),
 * `never` (what "never expires" means to it) and `answer`, whose `lifetime` is in seconds, or null for none.
 */
export const vendors = {
  abtasty: {
    demo: { accountId: 'acc0unt', ...CLIENT },
    usual: (query) => Number(query.get('expires_in')),
    never: 'Answers expires_in: 0, which means never only where expiresIn asks for 0; otherwise it means the lifetime asked for.',
    answer({ body, lifetime }) {
      const { client_id, client_secret, scope } = readJson(body);
      admit(known(client_id, client_secret), new Refusal(400, {}));
      return { access_token: opaque(), token_type: 'bearer', expires_in: lifetime ?? 0, scope };
    },
  },

  emporix: {
    demo: { tenant: 'acme', ...CLIENT },
    usual: () => 14_399,
    never: STATES_NONE,
    answer({ body, lifetime }) {
      const form = new URLSearchParams(body);
      const fault = { faultstring: 'Invalid client identifier', detail: { errorcode: 'oauth.v2.InvalidClientIdentifier' } };
      admit(known(form.get('client_id'), form.get('client_secret')), new Refusal(401, { fault }));
      return {
        access_token: opaque(), token_type: 'Bearer', ...expiry(lifetime), session_idle_time: 120,
        refresh_token: '', refresh_token_expires_in: 0, scope: form.get('scope'),
      };
    },
  },

  firstvision: {
    demo: { baseUrl: 'https://firstvision.example', ...CLIENT },
    usual: () => 7_199,
    never: STATES_NONE,
    answer({ body, lifetime }) {
      const { client_id, client_secret } = readJson(body);
      admit(known(client_id, client_secret), firstVisionRefusal);
      return { access_token: jwt({ aud: 'firstvision' }), token_type: 'Bearer', ...expiry(lifetime) };
    },
  },

  'firstvision-query': {
    demo: { baseUrl: 'https://firstvision.example', ...CLIENT, scope: 'accounts cards' },
    usual: () => 7_199,
    never: STATES_NONE,
    answer({ headers, query, lifetime }) {
      admit(known(...basic(headers, (half) => half)) && query.has('scope'), firstVisionRefusal);
      if (lifetime === null) return { access_token: jwt({}), token_type: 'Bearer' };
      // This form's expires_in is an instant, the same as the token's exp claim.
      const exp = Math.floor(Date.now() / 1000) + lifetime;
      return { access_token: jwt({ exp }), token_type: 'Bearer', expires_in: exp };
    },
  },

  oauth2: {
    demo: { tokenEndpoint: 'https://login.example/oauth/token', ...CLIENT, scope: 'read write' },
    usual: () => 3_600,
    never: STATES_NONE,
    answer({ headers, body, lifetime }) {
      const fields = headers.get('content-type')?.includes('json') ? readJson(body) : Object.fromEntries(new URLSearchParams(body));
      const formDecoded = (half) => decodeURIComponent(half.replaceAll('+', ' '));
      const inHeader = [formDecoded, (half) => half].some((decode) => known(...basic(headers, decode)));
      const reason = { error: 'invalid_client', error_description: 'client authentication failed' };
      const refusal = new Refusal(401, reason, { 'www-authenticate': 'Basic realm="simulated"' });
      admit(inHeader || known(fields.client_id, fields.client_secret) || signed(fields.client_assertion ?? fields.assertion), refusal);
      return { access_token: opaque(), token_type: 'Bearer', ...expiry(lifetime), scope: fields.scope };
    },
  },
};

/** Both forms of FirstVision refuse with a top-level array. */
const firstVisionRefusal = new Refusal(401, [{
  detail: 'Unauthorized', errorCode: '240101', instance: '/v1/api/oauth/token', source: 'AGT',
  'invalid-params': ['Invalid client credentials or scope'], status: 401, title: 'Unauthorized',
}]);

/** Goes on only where the vendor would. */
function admit(accepted, refusal) {
  if (!accepted) throw refusal;
}

const known = (id, secret) => id === CLIENT.clientId && secret === CLIENT.clientSecret;

/** Whether an assertion is the client's; its signature is taken on trust, since the key is whatever was pasted. */
function signed(assertion = '') {
  try {
    return JSON.parse(atob(assertion.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).iss === CLIENT.clientId;
  } catch {
    return false;
  }
}

/** A lifetime of null is one that the vendor does not state. */
const expiry = (lifetime) => (lifetime === null ? {} : { expires_in: lifetime });

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, { error: 'invalid_request', error_description: 'the body is not JSON' });
  }
}

/** Id and secret of an HTTP Basic header, each half decoded as the vendor does; empty where there is none. */
function basic(headers, decode) {
  const [scheme, value = ''] = (headers.get('authorization') ?? '').split(' ');
  if (scheme !== 'Basic') return [];
  try {
    const pair = new TextDecoder().decode(Uint8Array.from(atob(value), (character) => character.charCodeAt(0)));
    const colon = pair.indexOf(':');
    return [decode(pair.slice(0, colon)), decode(pair.slice(colon + 1))];
  } catch {
    return [];
  }
}

const base64url = (text) => btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const opaque = () => base64url(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(30))));

const jwt = (claims) => [JSON.stringify({ alg: 'RS256', typ: 'JWT' }), JSON.stringify(claims), opaque()].map(base64url).join('.');
