// A CommonJS module in JavaScript, with the checker on.

const { TokenError, createClient, getToken } = require('tokenlet');

const client = createClient('oauth2', { tokenEndpoint: 'https://as.example/token', clientId: 'id', clientSecret: 'secret' });

/** @returns {Promise<import('tokenlet').Token | null>} */
exports.token = async () => {
  try {
    return await client.getToken();
  } catch (error) {
    if (error instanceof TokenError && error.retryable) return null;
    throw error;
  }
};

// @ts-expect-error the provider's name is misspelt.
getToken('oauth', { tokenEndpoint: 'https://as.example/token', clientId: 'id', clientSecret: 'secret' });
