// What the parts of the wasm weigh: `[raw, gzipped, name]`, the heaviest first. Gzipped, a part weighs what its absence
// would save: what it repeats of others is theirs already, so that parts together weigh more than the sum of them.

import { gzipped } from '../bundle.js';
import { CATALOGUE, takeApart, without } from '../wasm-parts.js';

/** The modules that read a descriptor and a config, write the request and read the answer. */
const LANGUAGE = ['catalogue', 'config', 'descriptor', 'request', 'response', 'shape', 'template'];
const OURS = 'tokenlet::';
const SMALL = 500;

/** Weighs the texts of these vendors, the language and everything else in a wasm that has its names. */
export function weigh(named, vendors) {
  const { bytes, parts } = takeApart(named);
  const whole = gzipped(bytes);
  const line = (name, views) => {
    const left = without(bytes, views);
    return [bytes.length - left.length, whole - gzipped(left), name];
  };
  const table = (chosen, nameOf = (part) => part) => {
    const lines = chosen.map(([part, views]) => line(nameOf(part), views));
    return lines.sort(([, a], [, b]) => b - a);
  };
  const together = (chosen, name) => line(name, chosen.flatMap(([, views]) => views));

  const all = [...parts];
  const textOf = (id) => all.find(([part]) => part === `${CATALOGUE}${id}.json`) ?? missing(`the text of ${id}`);
  const catalogue = vendors.map(textOf);
  const functionsOf = (module) => all.find(([part]) => part === `${OURS}${module}`) ?? missing(`functions of ${module}`);
  const language = LANGUAGE.map(functionsOf);
  const others = all.filter((part) => !catalogue.includes(part) && !language.includes(part));
  const isSmall = ([, views]) => views.reduce((sum, { length }) => sum + length, 0) < SMALL;
  const small = others.filter(isSmall);

  return {
    bytes,
    catalogue: table(catalogue, (part) => part.slice(CATALOGUE.length, -'.json'.length)),
    wholeCatalogue: together(catalogue, 'all of them'),
    language: table(language, (part) => part.slice(OURS.length)),
    wholeLanguage: together(language, 'all of it'),
    others: [
      ...table(others.filter((part) => !isSmall(part))),
      together(small, `${small.length} parts below ${SMALL} bytes`),
    ],
    wholeModule: [bytes.length, whole, 'the wasm'],
  };
}

// A part that is not found would be one that weighs nothing.
function missing(what) {
  throw new Error(`the wasm has none of ${what}: has it its names?`);
}
