/** Everything that a program could print of an error: its texts, its JSON, and all properties down its causes. */
export function everythingIn(error) {
  const texts = [];
  const seen = new Set();
  const walk = (value) => {
    if (typeof value === 'string') texts.push(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Error) texts.push(String(value), String(value.stack));
    for (const key of Reflect.ownKeys(value)) {
      texts.push(String(key));
      walk(value[key]);
    }
  };
  walk(error);
  return [...texts, String(error), JSON.stringify(error) ?? '', JSON.stringify(Object.values(error)) ?? ''].join('\n');
}
