// What a runtime's `fetch` threw, told without what must not be told: some runtimes put the whole URL, query and all, into their
// messages, fields, causes and stacks. An error that was made anew has only what was looked through.

/** Message, name and code of whatever was thrown. */
export const words = (thrown) => {
  const field = (name, of = thrown) => {
    try {
      return of[name];
    } catch {
      return undefined;
    }
  };
  const isText = (value) => typeof value === 'string' && value !== '';
  const cause = field('cause');
  const message = [field('message') || thrown, field('message', cause)].filter(isText).join(': ') || 'the request failed';
  const [name = 'TypeError'] = [field('name')].filter(isText);
  const [code] = [field('code', cause), field('code')].filter(isText);
  return { message, name, code };
};

/** An error made anew of a name, a code and a message that was looked through. */
export const remake = ([{ name, code }, message]) => Object.assign(new TypeError(message), { name }, code && { code });
