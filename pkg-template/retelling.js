// What a runtime's `fetch` threw, told without what must not be told: some runtimes put the whole URL, query and all, into their
// messages, fields, causes and stacks. An error that was made anew has only what was looked through.

/** Message, without queries, name and code of whatever was thrown. */
export const words = (thrown) => {
  const cause = field(thrown, 'cause');
  const message = [field(thrown, 'message') || thrown, field(cause, 'message')].filter(isText).join(': ') || 'the request failed';
  const [name = 'TypeError'] = [field(thrown, 'name')].filter(isName);
  const [code] = [field(cause, 'code'), field(thrown, 'code')].filter(isName);
  return { message: message.replace(/\?[^\s)]*/g, '?[redacted]'), name, code };
};

/** An error made anew of a name, a code and a message that was looked through. */
export const remake = ([{ name, code }, message]) => Object.assign(new TypeError(message), { name }, code && { code });

const field = (value, name) => {
  try {
    return value[name];
  } catch {
    return undefined;
  }
};

const isText = (value) => typeof value === 'string' && value !== '';

const isName = (value) => isText(value) && /^\w{1,64}$/.test(value);
