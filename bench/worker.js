// The smallest Worker that uses the package: what `size.js` bundles.

import { getToken } from 'tokenlet';

export default {
  async fetch(request, env) {
    const { headers } = await getToken('emporix', {
      tenant: env.TENANT,
      clientId: env.CLIENT_ID,
      clientSecret: env.CLIENT_SECRET,
    });
    return fetch(env.API, { headers });
  },
};
