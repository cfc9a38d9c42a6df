// What a wasm module is made of, read from the module itself: its sections, its functions by the
// crate and module that their names give, as wasm-bindgen writes them, and the texts of the
// catalogue among its data. Generic functions tell what they were made for if the compiler was
// asked to: `-C symbol-mangling-version=v0`.
// https://webassembly.github.io/spec/core/binary/modules.html

const CUSTOM_SECTION = 0;
const CODE_SECTION = 10;
const DATA_SECTION = 11;
const SECTIONS =
  'custom type import function table memory global export start element code'.split(' ');
const OTHER_DATA = 'data but for the catalogue';
const FUNCTION_NAMES = 1;
const HEADER_LENGTH = 8;

/** What the names of the catalogue's parts begin with: `catalogue/emporix.json`. */
export const CATALOGUE = 'catalogue/';

/**
 * The module without its names and other custom sections, which is what ships, and its parts: of
 * each, by its name, the places in that module.
 */
export function takeApart(named) {
  const names = functionNames(new WebAssembly.Module(named));
  const custom = [...sections(body(named))].filter(({ id }) => id === CUSTOM_SECTION);
  const bytes = without(named, custom.map(({ whole }) => whole));
  return { bytes, parts: partsOf(bytes, names) };
}

/** `bytes` with these views of them cut out. It is to be weighed, and need not be a module. */
export function without(bytes, views) {
  const kept = [];
  let from = 0;
  for (const view of [...views].sort((a, b) => a.byteOffset - b.byteOffset)) {
    const to = view.byteOffset - bytes.byteOffset;
    kept.push(bytes.subarray(from, to));
    from = to + view.length;
  }
  return Buffer.concat([...kept, bytes.subarray(from)]);
}

function partsOf(bytes, names) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const first = imports.filter(({ kind }) => kind === 'function').length;
  const parts = new Map();
  const add = (part, view) => parts.set(part, [...(parts.get(part) ?? []), view]);

  for (const { id, contents } of sections(body(bytes))) {
    if (id === CODE_SECTION) {
      for (const [i, view] of bodies(contents).entries()) add(partOf(names.get(first + i)), view);
    } else if (id === DATA_SECTION) {
      for (const [part, view] of texts(contents)) add(part, view);
    } else {
      add(`${SECTIONS[id] ?? id} section`, contents);
    }
  }
  return parts;
}

/** The texts of the catalogue, each a JSON object that begins with its id, and what is between. */
function* texts(data) {
  const text = new TextDecoder('latin1').decode(data);
  let at = 0;
  for (const { index, 1: id } of text.matchAll(/\{"id":"([^"]+)"/g)) {
    const end = index + objectLength(text.slice(index));
    yield [OTHER_DATA, data.subarray(at, index)];
    yield [`${CATALOGUE}${id}.json`, data.subarray(index, end)];
    at = end;
  }
  yield [OTHER_DATA, data.subarray(at)];
}

/** An object ends where as many braces were closed as were opened, outside of strings. */
function objectLength(text) {
  let depth = 0;
  for (const { index, 0: token } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  throw new Error('a text of the catalogue has no end');
}

/**
 * `alloc::string` of `<alloc[3ca5…]::string::String as core[c593…]::fmt::Write>::write_str`. What
 * a library makes for a type or closure of ours is ours: `sort::<tokenlet::value…>`.
 */
function partOf(name = 'functions without a name') {
  const plain = name.replaceAll(/\[[0-9a-f]{16}\]/g, '');
  const [part] = plain.match(/tokenlet::\w+/) ?? plain.match(/[a-z_]\w*::\w+/) ?? [plain];
  return part;
}

function functionNames(module) {
  const [section] = WebAssembly.Module.customSections(module, 'name');
  const names = new Map();
  for (const { id, contents } of sections(new Uint8Array(section ?? []))) {
    if (id !== FUNCTION_NAMES) continue;
    const reader = new Reader(contents);
    for (let left = reader.number(); left > 0; left -= 1) {
      names.set(reader.number(), new TextDecoder().decode(reader.vector()));
    }
  }
  return names;
}

function body(module) {
  return module.subarray(HEADER_LENGTH);
}

function bodies(code) {
  const reader = new Reader(code);
  return Array.from({ length: reader.number() }, () => reader.vector());
}

/** Sections, and the subsections of names, are both an id and a vector of bytes. */
function* sections(bytes) {
  const reader = new Reader(bytes);
  while (!reader.atEnd()) {
    const whole = reader.rest();
    const [id, contents] = [reader.number(), reader.vector()];
    yield { id, contents, whole: whole.subarray(0, whole.length - reader.rest().length) };
  }
}

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  atEnd() {
    return this.#at === this.#bytes.length;
  }

  rest() {
    return this.#bytes.subarray(this.#at);
  }

  /** An unsigned LEB128: seven bits a byte, the lowest first. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  vector() {
    const length = this.number();
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }
}
