// Bytes as the texts in which keys come: hex, base64, PEM's DER (X.690). Nothing here recurs, and every length is held
// against what there is.

/** What is wrong with a key, in words for its owner; never with any part of it. */
export class Fault extends Error {
  constructor(message, code = 'invalid_config') {
    super(message);
    this.code = code;
  }
}

export const refuse = (isWrong, message) => {
  if (isWrong) throw new Fault(message);
};

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;

/** The elements that stand in `der` one after the other, read as far as they are asked for. */
export function* elements(der) {
  for (let at = 0; at < der.length;) {
    const tag = der[at];
    let length = der[at + 1];
    let start = at + 2;
    if (length > 0x7f) {
      const end = start + length - 0x80;
      for (length = 0; start < end; start++) length = length * 256 + der[start];
    }
    at = start + length;
    // Where `der` ends within a length, `at` is not a number.
    refuse(!(at <= der.length), 'is cut off, or its DER is damaged; copy all of it');
    yield { tag, bytes: der.subarray(start, at), end: at };
  }
}

/** The bytes in an element, which has to be there and to have this tag. */
export const content = (element, tag) => {
  refuse(element?.tag !== tag, 'is not what its label says: its DER is that of something else, or damaged');
  return element.bytes;
};

/** The elements of the one sequence that is all of `der`. */
export const sequence = (der) => {
  const [whole] = elements(der);
  refuse(whole?.end < der.length, 'has further bytes after its end; copy the key alone');
  return elements(content(whole, SEQUENCE));
};

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const fromHex = (hex) => {
  refuse(hex.length % 2 || /[^\da-f]/i.test(hex), 'is not hex; expected pairs of the digits 0 to 9 and a to f');
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
};

export const toBase64Url = (bytes) => {
  let binary = '';
  // A loop, because Array.from with a function takes several times as long.
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

/** Takes either alphabet, padded or not, with white space anywhere. */
export const fromBase64 = (base64) => {
  try {
    return Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch {
    throw new Fault('is not base64: a character was lost, added or changed; copy all of it');
  }
};
