// Prints the size of the package in the directory given: raw, and as gzip would send it.
// The last row is what a page downloads when a bundler has minified the default entry.
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const pkg = process.argv[2];
const row = (name, bytes) =>
  console.log(name.padEnd(34), String(bytes.length).padStart(8), String(gzipSync(bytes, { level: 9 }).length).padStart(8));

/** One entry with all that it imports except the wasm, in one file. */
const bundle = async (entry, minify, external = []) => {
  const { outputFiles } = await build({
    entryPoints: [join(pkg, entry)], bundle: true, minify, external, format: 'esm', target: 'es2022', write: false,
  });
  return outputFiles[0].contents;
};

console.log('size in bytes'.padEnd(34), 'raw'.padStart(8), 'gzip'.padStart(8));
row('tokenlet.wasm', readFileSync(join(pkg, 'tokenlet.wasm')));
const shown = (name) => name.endsWith('.js') && name !== 'wasm-inline.js';
for (const name of readdirSync(pkg).filter(shown).sort()) row(name, readFileSync(join(pkg, name)));
row('all JavaScript of inline.js', await bundle('inline.js', false, ['./wasm-inline.js']));
row('… minified', await bundle('inline.js', true, ['./wasm-inline.js']));
row('inline.js with its wasm, minified', await bundle('inline.js', true));
