// The functions of the package, each for a core: a bundle carries those that it uses.

import { forgetKeys } from './keys.js';
import { copied, own, readable } from './reading.js';
import { invalidConfig } from './token-error.js';

export const getTokenOf = (core) => {
  const slowly = async (provider, config, options) => {
    const call = copied({ provider, config });
    return (await core.acquire(call.provider, call.config, own(options))).token;
  };
  return (provider, config, options) => core.atOnce(() => core.hits.find(provider, config), options) ?? slowly(provider, config, options);
};

export const previewRequestOf = (core) => async (provider, config) => {
  const call = copied({ provider, config });
  return core.ask((glue) => glue.preview(call.provider, call.config));
};

export const invalidateOf = (core) => (provider, config, token) => {
  const text = typeof token === 'string' ? token : readable(() => token?.accessToken);
  if (typeof text !== 'string') throw invalidConfig('token: expected a Token or its accessToken');
  // Without a core nothing was fetched yet, so nothing is cached.
  return core.tell((glue) => {
    const call = copied({ provider, config });
    return glue.invalidate(call.provider, call.config, text);
  }) ?? false;
};

export const clearOf = (core) => () => {
  core.hits.clear();
  core.learned.clear();
  forgetKeys();
  core.tell((glue) => glue.clear());
};

export const configureOf = (core) => (options) => {
  const { maxEntries: most } = own(options, ['maxEntries']);
  if (most === undefined) return;
  if (!Number.isInteger(most) || most < 1 || most > 0xffffffff) throw invalidConfig('maxEntries: expected a whole number from 1 to 4294967295');
  core.use((glue) => glue.configure(most));
};
