// A token endpoint that counts, and numbers its tokens after the requests. `behave` may take its time, or give another answer.

import { json, listen } from '../../tests/servers/http.js';

export async function startIssuer({ lifetimeSeconds, behave }) {
  let requests = 0;
  let tellAsked;
  const asked = new Promise((resolve) => {
    tellAsked = resolve;
  });
  const { url, stop } = await listen(async () => {
    requests += 1;
    tellAsked();
    const grant = { access_token: `token-${requests}`, token_type: 'Bearer', expires_in: lifetimeSeconds };
    return (await behave()) ?? json(200, grant);
  });
  /** `asked` resolves with the first request. */
  return { tokenEndpoint: `${url}/token`, requests: () => requests, asked, stop };
}
