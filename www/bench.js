// The bench: joins the vendor list, the form, the request, the token and the log to the package.
import { byId, el, masked, paint } from './dom.js';
import { showFailure } from './failure.js';
import { buildForm, configOf, showFault, valuesOf } from './form.js';
import { Log } from './log.js';
import { Simulation } from './simulation.js';
import { snippet } from './snippet.js';
import { hold, Ticket } from './token.js';
import { vendors } from './vendors.js';

/** How often the bar moves, and how often "call once a second" calls. */
const TICK_MS = 250;
const STEADY_MS = 1_000;

/** Fills the page for the vendors that can be simulated; resolves when it can be used. */
export async function startBench(tokenlet) {
  const catalogue = await tokenlet.providers();
  const bench = new Bench(tokenlet, catalogue.filter(({ id }) => Object.hasOwn(vendors, id)));
  bench.listen();
  byId('bench').hidden = false;
  await bench.choose('emporix');
}

class Bench {
  #tokenlet;
  #form = byId('config');
  #log = new Log(byId('log'));
  #ticket = new Ticket(byId('token'));
  /** One station a vendor, so that switching loses neither what was typed nor the token that was got. */
  #stations;
  #station;
  #previews = 0;
  #underWay = 0;

  constructor(tokenlet, catalogue) {
    this.#tokenlet = tokenlet;
    this.#stations = new Map(catalogue.map((info) => [info.id, this.#newStation(info)]));
    byId('vendors').append(...catalogue.map(({ id, title }) => el('label', {},
      el('input', { type: 'radio', name: 'vendor', value: id }),
      el('span', {}, el('b', {}, title), el('code', {}, id)))));
  }

  #newStation(info) {
    const onRequest = ({ method, url, status }) => {
      this.#log.add('theirs', `${method} ${url}`, String(status), status < 400);
      this.#count();
    };
    const secrets = info.params.filter(({ secret }) => secret).map(({ name }) => name);
    return { info, id: info.id, secrets, simulation: new Simulation(info.id, onRequest), values: vendors[info.id].demo, calls: 0, held: hold(null), failure: null };
  }

  listen() {
    byId('vendors').addEventListener('change', ({ target }) => this.choose(target.value));
    this.#form.addEventListener('input', () => this.#reread());
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    for (const control of ['lifetime', 'health']) byId(control).addEventListener('change', () => this.#instruct());
    for (const button of document.querySelectorAll('[data-action]')) button.addEventListener('click', () => this.#act(button.dataset.action));
    for (const choice of document.querySelectorAll('[name=runtime]')) choice.addEventListener('change', () => this.#reread());
    byId('copy').addEventListener('click', () => this.#copy());
    setInterval(() => this.#ticket.tick(), TICK_MS);
    setInterval(() => byId('steady').checked && this.#underWay === 0 && this.#act('get'), STEADY_MS);
  }

  async choose(id) {
    const station = this.#stations.get(id);
    this.#station = station;
    const choice = byId('vendors').querySelector(`[value="${id}"]`);
    choice.checked = true;
    choice.parentElement.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    byId('docs').href = station.info.docs;
    buildForm(this.#form, station.info, station.values);
    this.#instruct();
    this.#draw();
    await this.#reread();
  }

  /** Tells the simulated vendor what the controls say. */
  #instruct() {
    const { simulation, id } = this.#station;
    simulation.lifetime = byId('lifetime').value;
    simulation.health = byId('health').value;
    byId('lifetime-note').textContent = simulation.lifetime === 'never' ? vendors[id].never : '';
  }

  #config() {
    return { ...configOf(this.#form), fetch: this.#station.simulation.fetch };
  }

  /** Shows request and code for the form as it is now, or the fault in it. */
  async #reread() {
    const station = this.#station;
    station.values = valuesOf(this.#form);
    const runtime = document.querySelector('[name=runtime]:checked').value;
    paint(byId('snippet'), snippet(runtime, station, configOf(this.#form)));

    const turn = ++this.#previews;
    const [preview, error] = await this.#tokenlet.previewRequest(station.id, this.#config()).then((value) => [value, null], (reason) => [null, reason]);
    // A slow answer about an older state of the form must not cover a newer one.
    if (turn !== this.#previews) return;
    showFault(this.#form, byId('config-error'), error?.message ?? null);
    byId('request').classList.toggle('idle', error !== null);
    paint(byId('request'), error === null ? httpText(preview) : 'Nothing would be sent: the config has a fault.');
  }

  async #act(action) {
    const station = this.#station;
    const config = this.#config();
    const actions = {
      get: () => this.#call(station, 'getToken', 1, () => this.#tokenlet.getToken(station.id, config)),
      hundred: () => this.#call(station, 'getToken', 100, () => this.#tokenlet.getToken(station.id, config)),
      force: () => this.#call(station, 'getToken, forceRefresh', 1, () => this.#tokenlet.getToken(station.id, config, { forceRefresh: true })),
      wrong: () => {
        const given = station.secrets.filter((name) => name in config);
        const wrong = { ...config, ...Object.fromEntries(given.map((name) => [name, 'not the secret'])) };
        return this.#call(station, 'getToken, wrong secret', 1, () => this.#tokenlet.getToken(station.id, wrong));
      },
      invalidate: () => this.#invalidate(station, config),
      clear: () => this.#clear(),
    };
    await actions[action]();
  }

  /** Calls `times` at once, and shows and logs what came of it. */
  async #call(station, name, times, call) {
    const started = performance.now();
    station.calls += times;
    this.#underWay += 1;
    this.#count();
    try {
      const tokens = new Set(await Promise.all(Array.from({ length: times }, call)));
      const [token] = tokens;
      const took = `${(performance.now() - started).toFixed(1)} ms`;
      this.#log.add('ours', times === 1 ? name : `${name} × ${times}`, tokens.size === 1 ? `${masked(token.accessToken)} in ${took}` : `${tokens.size} tokens in ${took}`);
      if (token !== station.held.token || station.held.dropped) station.held = hold(token);
      station.failure = null;
    } catch (error) {
      this.#log.add('ours', name, `${error.name} ${error.code}`, false);
      station.failure = error;
    }
    this.#underWay -= 1;
    if (station === this.#station) this.#draw();
  }

  #invalidate(station, config) {
    const { held } = station;
    try {
      const dropped = held.token !== null && this.#tokenlet.invalidate(station.id, config, held.token);
      held.dropped ||= dropped;
      this.#log.add('ours', 'invalidate', String(dropped));
      station.failure = null;
    } catch (error) {
      // Unlike the functions that return a promise, this one throws: a fault in the config arrives here.
      this.#log.add('ours', 'invalidate', `${error.name} ${error.code}`, false);
      station.failure = error;
    }
    this.#draw();
  }

  #clear() {
    this.#tokenlet.clear();
    for (const { held } of this.#stations.values()) held.dropped = true;
    this.#log.add('ours', 'clear', 'every cached token and failure forgotten');
    this.#ticket.tick();
  }

  #draw() {
    this.#ticket.show(this.#station.held);
    showFailure(byId('failure'), this.#station.failure);
    this.#count();
  }

  #count() {
    byId('calls').textContent = String(this.#station.calls);
    byId('requests').textContent = String(this.#station.simulation.requests);
    byId('outcome').setAttribute('aria-busy', String(this.#underWay > 0));
  }

  async #copy() {
    const button = byId('copy');
    try {
      await navigator.clipboard.writeText(byId('snippet').textContent);
      button.textContent = 'Copied';
    } catch {
      // Without leave to use the clipboard, the text is selected for the person to copy.
      getSelection().selectAllChildren(byId('snippet'));
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1_500);
  }
}

/** A request as it goes over the wire. */
function httpText({ method, url, headers, body }) {
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return body === null ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`;
}
