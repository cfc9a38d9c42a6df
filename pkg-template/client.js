// The functions of the package that are bound to one provider and config.

import { createApiFetch } from './api-fetch.js';
import { invalidateOf } from './calls.js';
import { attempt, own } from './reading.js';
import { snapshot } from './snapshot.js';

export const createClientOf = (core) => {
  const invalidate = invalidateOf(core);
  return (provider, config, options) => {
    const copy = attempt(() => snapshot({ provider, config, options: own(options, ['origins', 'fetch', 'retryOn']) }));
    let found;
    const client = {
      getToken: (options) => core.atOnce(() => found, options) ?? slowly(options),
      invalidate: (token) => invalidate(copy().provider, copy().config, token),
    };
    const slowly = async (options) => {
      const { provider, config } = copy();
      found = await core.acquire(provider, config, own(options));
      return found.token;
    };
    client.fetch = createApiFetch(client, async () => {
      const { provider, config, options } = copy();
      return { ...await core.ask((glue) => glue.usage(provider, config)), options };
    }, core.learned);
    return Object.freeze(client);
  };
};

export const createFetchOf = (core) => {
  const createClient = createClientOf(core);
  return (provider, config, options) => createClient(provider, config, options).fetch;
};
