// What one writes by hand instead of installing a package: the yardstick of every ratio.
// It is a good one. The key joins the fields it knows, which takes less than half the time of
// `JSON.stringify` and less than a template, and a hit does nothing but the lookup and the clock.

export function mapCache(fetch) {
  const cache = new Map();

  return async function getToken(provider, config) {
    const { tenant, clientId, clientSecret, scope } = config;
    const key = [provider, tenant, clientId, clientSecret, scope].join('\n');
    const cached = cache.get(key);
    if (cached !== undefined && Date.now() < cached.expiresAt) return cached;

    const asked = Date.now();
    const response = await fetch('https://api.emporix.io/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: `tenant=${tenant} ${scope}`,
      }).toString(),
    });
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    const answer = await response.json();
    const token = {
      accessToken: answer.access_token,
      expiresAt: asked + (answer.expires_in - 60) * 1000,
    };
    cache.set(key, token);
    return token;
  };
}
