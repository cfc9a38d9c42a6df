/** Ways in which a key can be damaged, chosen by a generator that draws the same at each run. */

/** `count` damaged versions of a key, as `[damage, text]`. The first are those that cut it off, which any editor does. */
export function* damagesOf(key, count) {
  const draw = drawing(count);
  const kinds = Object.entries({ ...TEXT, ...(key.startsWith('{') ? JSON_TEXT : {}), ...(key.includes('-----BEGIN') ? PEM : {}) });
  const cut = Math.min(key.length, Math.floor(count / 4));
  for (let at = 0; at < cut; at++) yield ['cutting', key.slice(0, Math.floor((at * key.length) / cut))];
  for (let at = cut; at < count; at++) {
    let text = key;
    const names = [];
    // One damage mostly; more of them hide behind each other.
    do {
      const [name, damage] = draw.among(kinds);
      names.push(name);
      text = damage(text, draw);
    } while (draw.below(4) === 0);
    yield [names.join(', '), text];
  }
}

/** mulberry32: small, and good enough for this. */
function drawing(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, among: (list) => list[below(list.length)] };
}

const CHARACTERS = ['\0', '\n', '\r\n', '\\n', '\t', ' ', '\u00a0', '\ufeff', '-', '-----', '=', '==', '+', '/', '_', 'A', 'z', '9', '"', '\\', '{', '}', '[', ',', 'é', '😀', '\ud800'];

/** Replaces `length` characters at a place by `text`. */
const splice = (whole, at, length, text) => whole.slice(0, at) + text + whole.slice(at + length);

const TEXT = {
  'a changed character': (text, { below, among }) => splice(text, below(text.length), 1, among(CHARACTERS)),
  'a lost piece': (text, { below }) => splice(text, below(text.length), 1 + below(80), ''),
  'a lost beginning': (text, { below }) => text.slice(below(text.length)),
  'something in between': (text, { below, among }) => splice(text, below(text.length + 1), 0, among(CHARACTERS).repeat(1 + below(9))),
  'a piece that comes twice': (text, { below }) => {
    const at = below(text.length);
    return splice(text, at, 0, text.slice(at, at + below(200)));
  },
  'pieces that changed places': (text, { below }) => {
    const at = below(text.length);
    return text.slice(at) + text.slice(0, at);
  },
  'changed cases': (text, { among }) => (among([true, false]) ? text.toLowerCase() : text.toUpperCase()),
};

const LABELS = [
  'PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PUBLIC KEY',
  'RSA PUBLIC KEY', 'CERTIFICATE', 'CERTIFICATE REQUEST', 'EC PARAMETERS', 'constructor', '__proto__', '', ' ', 'PRIVATE KEY ', 'private key',
];

const OIDS = [
  '2a864886f70d010101', '2a864886f70d01010a', '2a8648ce3d0201', '2b6570', '2a8648ce3d030107', '2b81040022', '2b81040023', '2b8104000a',
  '2b656e', '2b6571', '2a8648ce380401', '2a864886f70d010301', '', '00',
];

const TAGS = [0x02, 0x03, 0x04, 0x06, 0x30, 0xa0, 0xa1];

const LENGTHS = [0, 1, 2, 4, 0x20, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xfe, 0xff];

const BODY = /(-----BEGIN [^-]*-----)([^-]*)(-----END)/;

/** Changes the DER in the first block whose body is nothing but base64, and mends its length now and then, so that the rest is looked at. */
const inDer = (change, mend = enclosed) => (text, draw) => text.replace(BODY, (_, begin, body, end) => {
  const line = body.includes('\\n') ? '\\n' : '\n';
  const der = Buffer.from(body.replaceAll('\\n', ''), 'base64');
  const changed = change(der, draw);
  return begin + line + (draw.below(2) === 0 ? changed : mend(changed)).toString('base64') + line + end;
});

function enclosed(der) {
  const content = der.subarray(der[1] > 0x80 ? der[1] - 0x80 + 2 : 2);
  return Buffer.concat([Buffer.from([0x30, 0x83, content.length >> 16, (content.length >> 8) & 0xff, content.length & 0xff]), content]);
}

const spliced = (der, at, length, bytes) => Buffer.concat([der.subarray(0, at), Buffer.from(bytes), der.subarray(at + length)]);

/** Where a tag may be: of any such byte, and the one after it is then its length. */
const tagged = (der, tags, { below }) => {
  const places = [...der.keys()].filter((at) => tags.includes(der[at]));
  // Most are at the beginning; the rest are numbers that look like tags.
  return places[below(Math.min(places.length, 12))] ?? 0;
};

const PEM = {
  'another label': (text, { among }) => text.replace(/(?<=-----(BEGIN|END) )[^-]*/, among(LABELS)),
  'other labels': (text, { among }) => text.replace(/(?<=-----(BEGIN|END) )[^-]*/g, among(LABELS)),
  'a header': (text, { among }) => text.replace(/(?<=BEGIN [^-]*-----\n)/, among(['Proc-Type: 4,ENCRYPTED\n\n', 'Comment: x\n\n', 'Proc-Type: 4,CLEAR\n\n'])),
  'fewer dashes': (text) => text.replace('-----', '----'),
  'a changed bit': inDer((der, { below }) => spliced(der, below(der.length), 1, [below(256)])),
  'a cut end': inDer((der, { below }) => der.subarray(0, below(der.length)), (der) => der),
  'lost bytes': inDer((der, { below }) => spliced(der, below(der.length), 1 + below(5), [])),
  'further bytes within': inDer((der, { below }) => spliced(der, below(der.length), 0, Buffer.alloc(1 + below(5), below(256)))),
  'further bytes after it': inDer((der, { below }) => spliced(der, der.length, 0, Buffer.alloc(1 + below(9), below(256)))),
  'another length': inDer((der, draw) => {
    const at = tagged(der, TAGS, draw);
    return spliced(der, at + 1, 1, [draw.among(LENGTHS)]);
  }),
  'a length of lengths': inDer((der, draw) => {
    const at = tagged(der, TAGS, draw);
    const bytes = 1 + draw.below(127);
    return spliced(der, at + 1, 1, [0x80 + bytes, ...Buffer.alloc(draw.below(bytes + 1), draw.among([0, 0xff]))]);
  }),
  'a length that leads back': inDer((der, draw) => {
    const at = tagged(der, TAGS, draw);
    return spliced(der, at + 1, 5, [0x84, 0xff, 0xff, 0xff, 0xff - draw.below(12)]);
  }),
  'another tag': inDer((der, draw) => spliced(der, tagged(der, TAGS, draw), 1, [draw.below(256)])),
  'another identifier': inDer((der, draw) => {
    const at = tagged(der, [0x06], draw);
    const oid = Buffer.from(draw.among(OIDS), 'hex');
    return spliced(der, at + 1, 1 + (der[at + 1] ?? 0), [oid.length, ...oid]);
  }),
};

const VALUES = [
  null, true, 0, -1, 1e308, '', ' ', 'sig', 'enc', 'sign', 'RSA', 'EC', 'OKP', 'oct', 'P-256', 'P-384', 'P-521', 'Ed25519', 'X25519', 'RS256',
  'ES256', 'EdDSA', 'HS512', 'constructor', '__proto__', 'AA', 'A', 'AQAB', '====', 'a+b/', [], ['sign'], ['verify'], [['sign']], {},
  { toString: 1 }, 'authorized_user', 'service_account',
];

const MEMBERS = ['kty', 'crv', 'use', 'key_ops', 'alg', 'kid', 'oth', 'keys', 'type', 'private_key', 'private_key_id', 'client_email', 'd', 'k', 'x', 'n', 'q'];

/** Changes what is JSON still. */
const inJson = (change) => (text, draw) => {
  try {
    const value = JSON.parse(text);
    return JSON.stringify(typeof value === 'object' && value !== null ? change(value, draw) : value) ?? '';
  } catch {
    return text;
  }
};

const JSON_TEXT = {
  'a lost member': inJson((value, { among }) => ({ ...value, [among(Object.keys(value))]: undefined })),
  'a changed member': inJson((value, { among }) => ({ ...value, [among(Object.keys(value))]: among(VALUES) })),
  'a further member': inJson((value, { among }) => ({ ...value, [among(MEMBERS)]: among(VALUES) })),
  'members that changed names': inJson((value, { among }) => {
    const [one, other] = [among(Object.keys(value)), among(MEMBERS)];
    return { ...value, [one]: value[other], [other]: value[one] };
  }),
  'something else': inJson((_, { among }) => among(VALUES)),
  'a list around it': inJson((value) => [value]),
  'an object around it': inJson((value, { among }) => ({ [among(['keys', 'key', 'jwk', 'kty', '__proto__'])]: value })),
  'a damaged member': (text, draw) => inJson((value) => {
    const name = draw.among(Object.keys(value));
    return typeof value[name] === 'string' && value[name] !== '' ? { ...value, [name]: draw.among(Object.values(TEXT))(value[name], draw) } : value;
  })(text, draw),
};
