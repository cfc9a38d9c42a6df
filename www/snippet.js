// The code that does what the form says, ready to paste.

/** Where a program of each runtime finds its secrets. */
const SECRETS = { node: 'process.env', worker: 'env' };

/**
 * Source text for `getToken` with this config. Secrets become placeholders: what a person pastes into a
 * repository must not hold one.
 */
export function snippet(runtime, { id, secrets }, config) {
  const entries = Object.entries(config).map(([name, value]) => {
    const source = secrets.includes(name) ? `${SECRETS[runtime]}.${variable(id, name)}` : literal(value);
    return `  ${name}: ${source},`;
  });
  const call = [`const token = await getToken(${literal(id)}, {`, ...entries, '});'];
  return runtime === 'worker' ? worker(call) : node(call);
}

const node = (call) => `import { getToken } from 'tokenlet';

${call.join('\n')}

await fetch(url, { headers: token.headers });
`;

const worker = (call) => `import { getToken } from 'tokenlet';

export default {
  async fetch(request, env) {
${call.map((line) => `    ${line}`).join('\n')}

    return fetch(url, { headers: token.headers });
  },
};
`;

/** firstvision-query, clientSecret: FIRSTVISION_QUERY_CLIENT_SECRET. */
const variable = (id, name) => `${id}_${name.replaceAll(/[A-Z]/g, '_$&')}`.replaceAll(/\W/g, '_').toUpperCase();

/** A JavaScript literal in single quotes; numbers stay numbers. */
function literal(value) {
  if (typeof value === 'number') return String(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
