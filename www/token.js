// The token as a ticket: what was granted, and a bar for the life that is left.
import { el, masked } from './dom.js';

/**
 * How long before the end of a life, in milliseconds, a call may begin to refresh in the background: by default 300 s or a
 * quarter of the life, drawn up to half as long again so that a fleet does not refresh together, and a margin besides.
 * A life of 60 s is refreshed from 28.5 s before its end at the earliest, and from 21 s at the latest.
 */
const refreshZone = (life) => 1.5 * Math.min(300_000, life / 4) + Math.min(30_000, life / 10);

const STATES = {
  none: 'no token yet',
  fresh: 'fresh: calls are answered from memory',
  ageing: 'ageing: about now a call refreshes it in the background',
  expired: 'expired: the next call waits for a new one',
  dropped: 'dropped: the next call asks for a new one',
};

/** A token in the page's hands: which one, since when, and whether the cache has been told to forget it. */
export const hold = (token, since = Date.now()) => ({ token, since, dropped: false });

export class Ticket {
  #element;
  #held = null;

  constructor(element) {
    this.#element = element;
    this.show(hold(null));
  }

  /** Shows what is held; the ticket reads it again at every tick. */
  show(held) {
    // The same ticket is not drawn anew, or its bar would jump instead of glide.
    if (held !== this.#held) {
      this.#held = held;
      this.#draw();
    }
    this.tick();
  }

  /** Brings time and bar up to date; called several times a second. */
  tick(now = Date.now()) {
    const { token, since } = this.#held;
    const expiresAt = token?.expiresAt ?? null;
    const left = expiresAt === null ? Infinity : Math.max(0, expiresAt - now);
    const whole = expiresAt === null ? Infinity : Math.max(1, expiresAt - since);
    const zone = refreshZone(whole);
    const share = left === Infinity ? 1 : left / whole;
    const state = this.#stateAt(left, zone);
    const gone = state === 'none' || state === 'dropped';

    this.#element.dataset.state = state;
    this.#find('.state').textContent = STATES[state];
    this.#find('.left').textContent = gone ? '–' : duration(left);
    this.#find('.unit').textContent = gone ? '' : 'left to live';
    const life = this.#find('.life');
    life.setAttribute('aria-valuenow', String(gone ? 0 : Math.round(share * 100)));
    life.setAttribute('aria-valuetext', gone ? STATES[state] : `${duration(left)} left`);
    life.style.setProperty('--share', String(gone ? 0 : share));
    life.style.setProperty('--zone', String(whole === Infinity || gone ? 0 : zone / whole));
  }

  #stateAt(left, zone) {
    if (this.#held.token === null) return 'none';
    if (this.#held.dropped) return 'dropped';
    if (left === Infinity) return 'fresh';
    if (left === 0) return 'expired';
    return left <= zone ? 'ageing' : 'fresh';
  }

  #draw() {
    const { token } = this.#held;
    this.#element.replaceChildren(
      el('div', { class: 'stub' }, el('span', { class: 'left' }), el('span', { class: 'unit' })),
      el('div', { class: 'facts' },
        el('p', { class: 'access' }, token === null ? 'press Get token' : masked(token.accessToken)),
        el('dl', {}, ...(token === null ? [] : facts(token))),
        el('p', { class: 'state' })),
      el('div', { class: 'life', role: 'meter', 'aria-label': 'Remaining life of the token', 'aria-valuemin': '0', 'aria-valuemax': '100' }));
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }
}

function facts(token) {
  const rows = [
    ['type', token.tokenType],
    ['scope', token.scope ?? 'not said'],
    ['expiresAt', token.expiresAt === null ? 'null (never)' : new Date(token.expiresAt).toLocaleTimeString()],
    ...Object.entries(token.extra).map(([name, value]) => [`extra.${name}`, JSON.stringify(value)]),
  ];
  return rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)));
}

/** 42 s, 12:34, 3 h 59 min, ∞. */
function duration(milliseconds) {
  if (milliseconds === Infinity) return '∞';
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds <= 99) return `${seconds} s`;
  if (seconds < 6_000) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
