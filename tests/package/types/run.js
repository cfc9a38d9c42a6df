// Compiles the type tests against the installed package, as the users' compilers would: each module system with each
// environment's global types. Prints what the compiler says, and exits 1 when it says anything.
//
//     node run.js [package directory] [typescript directory]
//
// The package is linked into node_modules here, so that it is found by name and through its `exports`. One of the tests is
// made of its schema, and one of its README.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { argv, execPath } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { readmeTest } from './readme.js';
import { typeTest } from './schema.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const CONSUMER = resolve(HERE, '../../consumer/node_modules/tokenlet');

const MODULE_SYSTEMS = {
  node16: { module: 'Node16', moduleResolution: 'Node16' },
  nodenext: { module: 'NodeNext', moduleResolution: 'NodeNext' },
  bundler: { module: 'Preserve', moduleResolution: 'Bundler' },
};

/** The global types of each environment, none of which may be presumed by the package's own. */
const ENVIRONMENTS = {
  browser: { lib: ['ES2022', 'DOM'], types: [] },
  node: { lib: ['ES2022'], types: ['node'] },
  workers: { lib: ['ES2022'], types: ['@cloudflare/workers-types'] },
};

/** Some of its examples are for Node alone. */
const FROM_README = { name: 'readme.tmp.mts', environment: 'node' };

/** @returns {Promise<{ passed: number, failed: number, skipped: number, failures: { name: string, message: string }[] }>} */
export async function run({ packageDirectory = CONSUMER, typescript = installed('typescript') } = {}) {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const link = linkPackage(packageDirectory);
  const published = (name) => readFileSync(join(link, name), 'utf8');
  const fromSchema = join(HERE, 'schema.tmp.mts');
  const fromReadme = join(HERE, FROM_README.name);
  writeFileSync(fromSchema, typeTest(JSON.parse(published('descriptor.schema.json'))));
  writeFileSync(fromReadme, readmeTest(published('README.md')));
  try {
    const pairs = Object.keys(MODULE_SYSTEMS).flatMap((system) => Object.keys(ENVIRONMENTS).map((name) => [system, name]));
    await Promise.all(pairs.map(async ([system, environment]) => {
      if (!ENVIRONMENTS[environment].types.every(installed)) {
        result.skipped += 1;
        return;
      }
      const message = await compile(typescript, system, environment);
      if (message === '') {
        result.passed += 1;
      } else {
        result.failed += 1;
        result.failures.push({ name: `types, ${system}, ${environment}`, message });
      }
    }));
  } finally {
    rmSync(link, { force: true });
    rmSync(fromSchema, { force: true });
    rmSync(fromReadme, { force: true });
  }
  return result;
}

/** What the compiler says; nothing when all is well. */
async function compile(typescript, system, environment) {
  const project = join(HERE, `tsconfig.${system}-${environment}.tmp.json`);
  const compilerOptions = { ...MODULE_SYSTEMS[system], ...ENVIRONMENTS[environment] };
  const exclude = environment === FROM_README.environment ? [] : [FROM_README.name];
  writeFileSync(project, JSON.stringify({ extends: './tsconfig.json', compilerOptions, exclude }));
  try {
    await promisify(execFile)(execPath, [join(typescript, 'bin/tsc'), '--project', project]);
    return '';
  } catch (error) {
    return `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || String(error);
  } finally {
    rmSync(project, { force: true });
  }
}

function linkPackage(directory) {
  const link = join(HERE, 'node_modules/tokenlet');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(resolve(directory), link, 'dir');
  return link;
}

/** Where a package is installed, seen from here; undefined when it is not. */
function installed(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return [name, `@types/${name}`].flatMap((each) => folders.map((folder) => join(folder, each))).find(existsSync);
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const [packageDirectory, typescript] = argv.slice(2);
  const { passed, failed, skipped, failures } = await run({ packageDirectory, typescript });
  for (const { name, message } of failures) console.error(`${name}\n${message}\n`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}
