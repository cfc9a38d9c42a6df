// The form, made from what the package says about a vendor: a new vendor needs a simulation here, and no form.
import { el } from './dom.js';

/** As many fields as may be left out are shown at once; of more, most are for few. */
const MOST_OPTIONAL = 4;

/** The parameters of a vendor as the form shows them: what must be filled in stands first. */
const ordered = (info) => info.params.toSorted((a, b) => Number(b.required) - Number(a.required));

/** Fills `form` with one field a parameter, holding `values` where given. Many that hold nothing are folded away. */
export function buildForm(form, info, values) {
  const fields = (parameters) => parameters.map((parameter) => field(parameter, values[parameter.name] ?? ''));
  const isFilled = ({ name, required }) => required || (values[name] ?? '') !== '';
  const all = ordered(info);
  const empty = all.filter((parameter) => !isFilled(parameter));
  const folded = empty.length > MOST_OPTIONAL ? empty : [];
  const shown = fields(all.filter((parameter) => !folded.includes(parameter)));
  form.replaceChildren(...shown, ...(folded.length > 0 ? [more(fields(folded))] : []));
}

const more = (fields) => el('details', { class: 'more' },
  el('summary', {}, `${fields.length} more fields`),
  el('div', { class: 'fields' }, ...fields));

function field(parameter, value) {
  const { name, required, secret, kind, help } = parameter;
  const described = `field-${name}-fault field-${name}-help`;
  const isKey = kind === 'key';
  const control = el(isKey ? 'textarea' : 'input', {
    id: `field-${name}`,
    name,
    // A key has lines, which a field of one line would lose.
    ...(isKey ? { rows: 4 } : { type: secret ? 'password' : 'text' }),
    placeholder: parameter.default,
    inputmode: isNumber(parameter) ? 'numeric' : undefined,
    'data-number': isNumber(parameter),
    'aria-describedby': described,
    'aria-required': String(required),
    // Browsers offer saved log-ins for a field that looks like one, "off" or not; this value they honour.
    autocomplete: secret ? 'new-password' : 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
  });
  control.value = value;
  return el('div', { class: 'field' },
    el('label', { for: control.id }, name, ...(required ? [] : [el('span', {}, 'optional')])),
    control,
    el('p', { class: 'fault', id: `field-${name}-fault`, hidden: true }),
    el('p', { class: 'hint', id: `field-${name}-help` }, help ?? ''));
}

/** A default that is a number tells that the field is one. */
const isNumber = (parameter) => /^\d+$/.test(parameter.default ?? '');

/** What the fields hold, empty ones too: for filling the form again. */
export const valuesOf = (form) => Object.fromEntries([...form.elements].map(({ name, value }) => [name, value]));

/** The config that the fields stand for. An empty field is left out, as it would be in code. */
export function configOf(form) {
  const filled = [...form.elements].filter(({ value }) => value !== '');
  return Object.fromEntries(filled.map((control) => [control.name, valueOf(control)]));
}

/** What is typed into a number's field and is none stays text, for the package to find fault with. */
const valueOf = ({ value, dataset }) => ('number' in dataset && !Number.isNaN(Number(value)) ? Number(value) : value);

/** Shows `message` at the field it names, or in `elsewhere` when it names none; null takes the fault away. */
export function showFault(form, elsewhere, message) {
  const faulty = message === null ? undefined : named(message, [...form.elements]);
  faulty?.closest('details')?.setAttribute('open', '');
  for (const control of form.elements) {
    const here = control === faulty;
    const note = form.querySelector(`#field-${control.name}-fault`);
    control.setAttribute('aria-invalid', String(here));
    note.hidden = !here;
    note.textContent = here ? message : '';
  }
  elsewhere.hidden = message === null || faulty !== undefined;
  elsewhere.textContent = elsewhere.hidden ? '' : message;
}

/** The control whose name comes first in the message, as a whole word. */
function named(message, controls) {
  const places = controls
    .map((control) => ({ control, at: message.search(new RegExp(`\\b${control.name}\\b`)) }))
    .filter(({ at }) => at >= 0);
  return places.sort((a, b) => a.at - b.at)[0]?.control;
}
