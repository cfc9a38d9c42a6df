// What `new URL` makes of each line, which holds a text as JSON: one line a text, of its parts as JSON, or null.

let rest = '';

// No module splits lines here: they take more than the line feed for an end.
process.stdin.setEncoding('utf8').on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  process.stdout.write(lines.map((line) => `${JSON.stringify(parts(JSON.parse(line)))}\n`).join(''));
});

function parts(text) {
  // One parse a text: `canParse` and a second look would take as long again.
  try {
    const { href, origin, pathname, search, username, password, hash } = new URL(text);
    return [href, origin, pathname, search, username, password, hash];
  } catch {
    return null;
  }
}
