// The few words in which the page speaks to the document.

export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Children that are strings become text and never markup, so
 * that nothing a vendor answers can add to the page.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** What gets a colour in a code block: string literals, and the few keywords that snippets and requests hold. */
const WORDS = /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<keyword>\b(?:import|from|const|await|export|default|async|return|GET|POST)\b)/g;

/** Fills a code block, with strings and keywords in colours of their own. */
export function paint(block, text) {
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(WORDS)) {
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    parts.push(text.slice(done, match.index), el('span', { class: kind }, match[0]));
    done = match.index + match[0].length;
  }
  block.replaceChildren(...parts, text.slice(done));
}

/** Enough of a token to recognise it by, and too little to use it. */
export const masked = (token) => (token.length > 16 ? `${token.slice(0, 6)}…${token.slice(-4)}` : '…');
