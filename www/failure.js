// A TokenError, laid out: the message for people first, then the fields a program would look at.
import { el } from './dom.js';

const FIELDS = ['code', 'error', 'errorDescription', 'vendorCode', 'status', 'retryable', 'retryAfter', 'attempts', 'cached', 'details'];

/** Shows `error` in `element`; null takes it away. */
export function showFailure(element, error) {
  element.hidden = error === null;
  element.replaceChildren(...(error === null ? [] : [
    el('h3', {}, error.name),
    el('p', { class: 'message' }, error.message),
    el('dl', {}, ...FIELDS.map((name) => row(name, error[name]))),
  ]));
}

function row(name, value) {
  const absent = value === undefined || value === null;
  return el('div', { 'data-field': name }, el('dt', {}, name), el('dd', { class: absent ? 'absent' : undefined }, absent ? '–' : text(value)));
}

const text = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
