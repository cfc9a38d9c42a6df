// What the tables are made of: `{ what, ideal, noise, cells }`, with a cell for each subject. A cell is `{ text, good, badness }`:
// `good` says whether it is as it should be, and one does better than another where its `badness` is less by more than `noise`.

/** A row of measured numbers, each the better the smaller it is. One that is a string says why there is none. */
export function measured(what, values, { ideal, good, noise = 0, unit = '' }) {
  return { what, ideal, noise, cells: values.map((value) => cell(value, good, unit)) };
}

/** For what may not be there at all. */
export const NONE = { ideal: 'none', good: (count) => count === 0 };

/** For what is needed, but once. */
export const ONE = { ideal: 'one', good: (count) => count === 1 };

function cell(value, good, unit) {
  if (typeof value === 'string') return { text: value, good: undefined, badness: Infinity };
  const text = value === Infinity ? 'not by the end' : `${value.toLocaleString('en', { maximumFractionDigits: 1 })}${unit}`;
  return { text, good: good(value), badness: value };
}
