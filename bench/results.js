// Where the table goes: RESULTS.md, and the README, which quotes it between two markers.

import { readFile, writeFile } from 'node:fs/promises';

const README = new URL('../README.md', import.meta.url);
const RESULTS = new URL('RESULTS.md', import.meta.url);
const QUOTATION = /(?<=<!-- bench -->\n).*?(?=<!-- \/bench -->)/s;

export async function publish(table) {
  const text = `${table}\n`;
  await writeFile(RESULTS, text);
  const readme = await readFile(README, 'utf8');
  await writeFile(README, readme.replace(QUOTATION, () => text));
}

/** Whether the README's copy is, to the letter, what RESULTS.md says. */
export async function isQuoted() {
  const read = (file) => readFile(file, 'utf8');
  const [readme, results] = await Promise.all([read(README), read(RESULTS)]);
  return readme.match(QUOTATION)?.[0] === results;
}
