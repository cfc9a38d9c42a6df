// The Worker of every subject: one client for the whole module, as their documentation has it, and a token for each request.

import { CREDENTIALS } from './client.js';

export function serve(library, { open }) {
  let client;
  return {
    async fetch(_request, { TOKEN_ENDPOINT: tokenEndpoint }) {
      try {
        client ??= open(library, { ...CREDENTIALS, tokenEndpoint });
        return new Response((await client.getToken()).accessToken);
      } catch (error) {
        return new Response(`${error.name}: ${error.message}`, { status: 502 });
      }
    },
  };
}
