// What a wasm module is made of, read from the module itself: its sections, and its functions by
// the crate and module that their names give, as wasm-bindgen writes them. Generic functions tell
// what they were made for if the compiler was asked to: `-C symbol-mangling-version=v0`.
// https://webassembly.github.io/spec/core/binary/modules.html

const CUSTOM_SECTION = 0;
const CODE_SECTION = 10;
const SECTIONS =
  'custom type import function table memory global export start element code data'.split(' ');
const FUNCTION_NAMES = 1;
const HEADER_LENGTH = 8;

/** `[bytes, part]` of every part, the largest first. The names themselves are not counted. */
export function partsOf(bytes) {
  const module = new WebAssembly.Module(bytes);
  const names = functionNames(module);
  const imports = WebAssembly.Module.imports(module).filter((item) => item.kind === 'function');
  const sizes = new Map();
  const add = (part, size) => sizes.set(part, (sizes.get(part) ?? 0) + size);

  for (const { id, contents } of sections(bytes.subarray(HEADER_LENGTH))) {
    if (id === CODE_SECTION) {
      for (const [i, body] of bodies(contents).entries()) {
        add(partOf(names.get(imports.length + i)), body.length);
      }
    } else if (id !== CUSTOM_SECTION) {
      add(`${SECTIONS[id] ?? id} section`, contents.length);
    }
  }
  return [...sizes].map(([part, size]) => [size, part]).sort(([a], [b]) => b - a);
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

function bodies(code) {
  const reader = new Reader(code);
  return Array.from({ length: reader.number() }, () => reader.vector());
}

/** Sections, and the subsections of names, are both an id and a vector of bytes. */
function* sections(bytes) {
  const reader = new Reader(bytes);
  while (!reader.atEnd()) yield { id: reader.number(), contents: reader.vector() };
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
