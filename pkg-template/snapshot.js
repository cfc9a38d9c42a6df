// A caller's data, copied once: what the fast path compares and what the core reads are then the
// same, whatever getters or later changes do.

import { invalidConfig } from './token-error.js';

// Both are far above every config and descriptor. The levels bound what refers to itself, and every
// recursion over a copy; the values bound what refers to the same part again and again.
const MOST_LEVELS = 64;
const MOST_VALUES = 10_000;

export const isRecord = (value) => Object.prototype.toString.call(value) === '[object Object]';

// Copies arrays and records; functions, keys and whatever else has an identity stay what they are.
export const snapshot = (value, budget = { left: MOST_VALUES }, levels = MOST_LEVELS) => {
  if (typeof value !== 'object' || value === null) return value;
  if (--budget.left < 0 || levels === 0) throw invalidConfig('config or descriptor: too large or too deep, or refers to itself');
  const copied = (part) => snapshot(part, budget, levels - 1);
  if (Array.isArray(value)) return value.map(copied);
  if (!isRecord(value)) return value;
  const copy = Object.create(null);
  for (const name of Object.keys(value)) copy[name] = copied(value[name]);
  return copy;
};

// Whether `given` has the same content as the snapshot `known`, which is never deep. Functions count
// as alike: fresh closures at each call are normal, and decide nothing about which token it is.
export const alike = (known, given) => known === given || isCopy(known, given);

const isCopy = (known, given) => {
  if (typeof known === 'function') return typeof given === 'function';
  if (typeof known !== 'object' || typeof given !== 'object' || known === null || given === null) return false;
  if (Array.isArray(known)) {
    return Array.isArray(given) && known.length === given.length && known.every((item, at) => alike(item, given[at]));
  }
  if (!isRecord(known) || !isRecord(given)) return false;
  const names = Object.keys(given);
  return names.length === Object.keys(known).length && names.every((name) => name in known && alike(known[name], given[name]));
};
