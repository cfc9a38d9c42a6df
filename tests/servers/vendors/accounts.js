/**
 * The credentials that the simulated vendors know. Each secret holds the characters that tell the encodings apart:
 * form, percent and raw Basic agree on none of them, and the last one is beyond ASCII.
 */
export const accounts = {
  emporix: { tenant: 'acme', clientId: 'emporix-client', clientSecret: 'emporix secret+/=%:&é' },
  firstvision: { clientId: 'fv-client', clientSecret: 'fv secret+/=%:&é' },
  abtasty: { accountId: 'acc0unt', clientId: 'abtasty-client', clientSecret: 'abtasty secret+/=%:&é' },
};

/** `t0` to `t1999` are tenants and accounts too, with the same credentials, for runs with many tenants. */
export function isKnownTenant(name, account) {
  return name === account || (/^t(?:0|[1-9]\d*)$/.test(name) && Number(name.slice(1)) < NUMBERED_TENANTS);
}

const NUMBERED_TENANTS = 2000;
