// The log: what the page called and what the simulated vendor saw, in the order in which it happened.
import { el } from './dom.js';

/** The oldest lines go first, so that a page left calling overnight stays small. */
const MOST_LINES = 200;

export class Log {
  #list;

  constructor(list) {
    this.#list = list;
  }

  /** `side` is `ours` (a call to Tokenlet) or `theirs` (a request at the vendor). */
  add(side, what, outcome, good = true) {
    const list = this.#list;
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 8;
    list.append(el('p', { class: good ? side : `${side} bad` },
      el('time', {}, clock(new Date())),
      el('span', { class: 'what' }, what),
      el('span', { class: 'result' }, outcome)));
    while (list.children.length > MOST_LINES) list.firstElementChild.remove();
    // Whoever has scrolled up to read is left there.
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
}

const clock = (date) => `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
