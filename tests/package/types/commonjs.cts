// A CommonJS module in TypeScript gets the same package through `require`.

import tokenlet = require('tokenlet');

const { TokenError, getToken } = tokenlet;

async function headers(config: tokenlet.EmporixConfig): Promise<tokenlet.Token['headers']> {
  try {
    return (await getToken('emporix', config, { minTtl: 1_000 })).headers;
  } catch (error) {
    if (error instanceof TokenError && error.code === 'timeout') return {};
    throw error;
  }
}

// @ts-expect-error the tenant is missing.
getToken('emporix', { clientId: 'id', clientSecret: 'secret' });
// @ts-expect-error there is no default export.
tokenlet.default;

export = { headers };
