/**
 * In what surroundings the requests of a Worker meet: dates that differ in what becomes of a promise whose request has
 * ended, and every way to a `waitUntil`.
 */

/** Beside the one in the config the runtime's is hidden, so that neither stands in for the other. */
const sources = [
  { source: 'none', bundled: 'hidden', order: {} },
  { source: 'from the config', bundled: 'hidden', order: { waitUntil: 'bound' } },
  { source: "the runtime's", bundled: 'plain', order: {} },
];

/** A build knows every date up to its own. */
const compatibilities = (ownDate) => [
  { date: ownDate, flags: [] },
  { date: ownDate, flags: ['no_handle_cross_request_promise_resolution'] },
  { date: '2023-12-01', flags: [] },
  // Here `navigator` does not tell the package where it runs.
  { date: '2023-12-01', flags: ['no_global_navigator'] },
];

/** Every row: `date` and `flags` for workerd, how the Worker is `bundled`, and what its callers `order`. */
export function matrix(ownDate) {
  return compatibilities(ownDate).flatMap(({ date, flags }) => sources.map(({ source, bundled, order }) => ({
    name: `${[date, ...flags].join(' with ')}, waitUntil ${source}`,
    date,
    flags,
    bundled,
    order,
    keeps: source !== 'none',
  })));
}

/** For esbuild. Runtimes before August 2025 export no `waitUntil`. */
export const hidden = {
  name: 'cloudflare:workers without waitUntil',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:workers$/ }, (module) => ({ path: module.path, namespace: 'hidden' }));
    onLoad({ filter: /.*/, namespace: 'hidden' }, () => ({ contents: 'module.exports = {};' }));
  },
};
