// The tables as Markdown, and in words what can be read from them. Nothing here knows who is good at what.

/** The whole page: who takes part, each scenario, and where a peer does better than the first subject. */
export function render(subjects, scenarios) {
  return [
    '# Side by side',
    `Tokenlet and its peers under hostile conditions, measured and written by \`node bench/side-by-side.js\` with Node ` +
      `${process.versions.node} and servers on loopback. ✓ and ✗ say whether an outcome is as it should be; nobody is excused. ` +
      'Times and memory are those of one run.',
    table('As they should be', subjects, scenarios.map(tally)),
    '## Where a peer does better',
    betterPeers(subjects, scenarios),
    ...scenarios.flatMap(({ title, told, rows, notes = [] }) => [
      `## ${title}`,
      told,
      table('', subjects, rows.map((row) => [label(row), ...row.cells.map(marked)])),
      ...notes,
    ]),
    '## How each is driven',
    subjects.map(({ packageName, version, driven }) => `- \`${packageName}\` ${version}: ${driven}`).join('\n'),
  ].join('\n\n');
}

/** Row for row, from the numbers alone. */
function betterPeers(subjects, scenarios) {
  const lines = scenarios.flatMap(({ title, rows }) =>
    rows.flatMap(({ what, noise, cells: [ours, ...others] }) => {
      const better = others.flatMap(({ text, badness }, i) =>
        badness + noise < ours.badness ? [`\`${subjects[i + 1].packageName}\` (${text})`] : [],
      );
      return better.length > 0 ? [`- ${title}, ${what}: ${better.join(', ')}, where \`${subjects[0].packageName}\` has: ${ours.text}`] : [];
    }),
  );
  return lines.length > 0 ? lines.join('\n') : 'In no row of this run.';
}

function tally({ title, rows }) {
  const good = rows[0].cells.map((_, i) => rows.filter(({ cells }) => cells[i].good).length);
  return [title, ...good.map((count) => `${count} of ${rows.length}`)];
}

function label({ what, ideal }) {
  return ideal === undefined ? what : `${what} (${ideal})`;
}

function marked({ text, good }) {
  if (good === undefined) return `– ${text}`;
  return `${good ? '✓' : '✗'} ${text}`;
}

function table(corner, subjects, lines) {
  const heading = [corner, ...subjects.map(({ packageName }) => `\`${packageName}\``)];
  return [heading, heading.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
