// Who is compared. What a subject is, `subjects/` says, a file each: how it is `driven`, as its own documentation recommends;
// `open(library, client)`, which gives `{ getToken, renew }`; whether it `keeps` tokens; and which errors are its own (`isOwn`).

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGES = {
  tokenlet: 'tokenlet',
  oauth4webapi: 'oauth4webapi',
  'openid-client': 'openid-client',
  badgateway: '@badgateway/oauth2-client',
  'simple-oauth2': 'simple-oauth2',
  'msal-node': '@azure/msal-node',
};

/** Every subject, Tokenlet first: as it is installed in `project`, and the others as they are here. */
export function loadSubjects(project) {
  return Promise.all(Object.keys(PACKAGES).map((name) => loadSubject(name, project)));
}

export async function loadSubject(name, project) {
  const packageName = PACKAGES[name];
  const file = fileURLToPath(new URL(`subjects/${name}.js`, import.meta.url));
  const { open, ...facts } = await import(pathToFileURL(file).href);
  const home = name === 'tokenlet' ? `${project}/` : import.meta.url;
  const library = name === 'tokenlet' ? createRequire(home)(packageName) : await import(packageName);
  const version = installedVersion(packageName, home);
  return { name, packageName, file, version, keeps: true, ...facts, open: (client) => open(library, client) };
}

/** From the folders, since a package need not export its own manifest. */
function installedVersion(packageName, home) {
  for (const folder of createRequire(home).resolve.paths(packageName)) {
    try {
      return JSON.parse(readFileSync(`${folder}/${packageName}/package.json`, 'utf8')).version;
    } catch (fault) {
      if (fault.code !== 'ENOENT') throw fault;
    }
  }
  throw new Error(`${packageName} is not installed`);
}
