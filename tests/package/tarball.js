/** The tarball as it would be published: what is in it, and whether every resolver finds its way. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bin, version } from '../tools.js';
import { check, printed } from './checks.js';

const pkg = fileURLToPath(new URL('../../pkg/', import.meta.url));
const tarballs = readdirSync(pkg).filter((name) => name.endsWith('.tgz'));
assert.equal(tarballs.length, 1, `expected one tarball in pkg, found ${tarballs.length}`);
const tarball = pkg + tarballs[0];

await check(`publint ${version('publint')}, attw ${version('@arethetypeswrong/cli')}`, {
  'tarball: holds the files of files.txt and no others': () => {
    const expected = readFileSync(new URL('files.txt', import.meta.url), 'utf8').trim().split('\n');
    const packed = packedFiles(gunzipSync(readFileSync(tarball)));
    const missing = expected.filter((name) => !packed.includes(name));
    const unexpected = packed.filter((name) => !expected.includes(name));
    assert.deepEqual({ missing, unexpected }, { missing: [], unexpected: [] });
  },
  // Suggestions do not make publint fail.
  'tarball: publint finds nothing to say': async () => assert.match(await printed(bin('publint', 'publint'), 'run', tarball), /All good!/),
  'tarball: attw finds the types of every entry': () => printed(bin('@arethetypeswrong/cli', 'attw'), tarball, '--no-color', '--no-emoji'),
});

/** The names in a tar archive, without the folder that npm puts them in. Blocks have 512 bytes; sizes are octal. */
function packedFiles(tar) {
  const names = [];
  for (let at = 0; tar[at] !== 0; ) {
    const text = (start, end) => tar.toString('utf8', at + start, at + end).replace(/\0.*$/s, '');
    names.push(text(0, 100).replace(/^package\//, ''));
    at += 512 * (1 + Math.ceil(parseInt(text(124, 136), 8) / 512));
  }
  return names;
}
