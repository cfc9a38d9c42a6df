/**
 * Data for runtimes that have no files. Whatever is asked for, the answer is `samples`, which is what `tests/samples` holds,
 * and `catalogue`, which is what `src/catalogue` does: each an object of the files by their names without the ending.
 */
import { readdir, readFile } from 'node:fs/promises';
import { json, listen, openToEveryOrigin, startedByHand } from './http.js';

export async function startData() {
  const samples = await contents(new URL('../samples/', import.meta.url));
  const catalogue = await contents(new URL('../../src/catalogue/', import.meta.url));
  return listen(openToEveryOrigin(() => json(200, { samples, catalogue })));
}

async function contents(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
  const files = names.map(async (name) => [name.slice(0, -ENDING.length), await parsed(new URL(name, folder))]);
  return Object.fromEntries(await Promise.all(files));
}

async function parsed(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (fault) {
    throw new Error(`${file.pathname}: ${fault.message}`);
  }
}

const ENDING = '.json';

if (startedByHand(import.meta.url)) {
  const { url } = await startData();
  console.log(url);
}
