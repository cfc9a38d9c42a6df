/** Certificates that are made on the spot, by `openssl`, in a folder that goes with them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Resolves to pairs of `cert` and `key`, as PEM: an authority's `ca`, and of its making a `server` on 127.0.0.1, and a
 * `client` and a `stranger` whose subjects are given. An `impostor` has the client's subject from an authority of its own.
 */
export async function makeCertificates({ client, stranger }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'certificates-'));
  try {
    const [ca, rogue] = await Promise.all(['/CN=ca.example', '/CN=rogue.example'].map((name) => make(folder, { name })));
    const wanted = {
      server: { name: '/CN=127.0.0.1', by: ca, extensions: ['subjectAltName=IP:127.0.0.1'] },
      client: { name: client, by: ca },
      stranger: { name: stranger, by: ca },
      impostor: { name: client, by: rogue },
    };
    const made = Object.entries(wanted).map(async ([name, what]) => [name, await read(await make(folder, what))]);
    return { ca: await read(ca), ...Object.fromEntries(await Promise.all(made)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let serial = 0;

/** The paths of a new key and its certificate, which `by` signed, or the key itself. */
async function make(folder, { name, by, extensions = [] }) {
  serial += 1;
  const [key, cert] = ['key', 'pem'].map((ending) => path.join(folder, `${serial}.${ending}`));
  const signedBy = by ? ['-CA', by.cert, '-CAkey', by.key] : [];
  // Without it, `req -x509` makes every certificate one of an authority.
  const isAuthority = `basicConstraints=critical,CA:${by ? 'FALSE' : 'TRUE'}`;
  const added = [isAuthority, ...extensions].flatMap((extension) => ['-addext', extension]);
  await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', name, '-set_serial', String(serial), '-keyout', key, '-out', cert, ...signedBy, ...added,
  ]);
  return { key, cert };
}

async function read({ key, cert }) {
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

const run = promisify(execFile);
