import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkImports, type Unit } from './imports/rules.ts';

/** Checks the direction of every import in the repository. Exit code 1 and one line for each breach. */
const repository = path.resolve(import.meta.dirname, '..');

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(repository, folder, 'package.json'), 'utf8')) as Manifest;
const root = manifest('.');
const rootDev = Object.keys(root.devDependencies ?? {});

const workspaces = globSync(
  ['packages/*/package.json', 'apps/*/package.json', 'bench/package.json', 'e2e/package.json'],
  { cwd: repository },
).map((file): Unit => {
  const folder = path.posix.dirname(file.replaceAll(path.sep, '/'));
  const { name, exports = {}, dependencies, optionalDependencies, devDependencies } = manifest(folder);
  return {
    folder,
    packageName: name,
    exports,
    dependencies: new Set(Object.keys({ ...dependencies, ...optionalDependencies })),
    devDependencies: new Set([...Object.keys(devDependencies ?? {}), ...rootDev]),
  };
});
const units: Unit[] = [
  ...workspaces,
  {
    folder: 'tools',
    packageName: root.name,
    exports: {},
    dependencies: new Set(),
    devDependencies: new Set(rootDev),
  },
];

const files = globSync('{packages,apps,bench,e2e,tools}/**/*.{ts,tsx}', {
  cwd: repository,
  exclude: (name) => /(?:^|[\\/])(?:node_modules|dist)$/u.test(name),
}).map((file) => ({
  path: file.replaceAll(path.sep, '/'),
  source: readFileSync(path.join(repository, file), 'utf8'),
}));

const problems = checkImports(units, files);
for (const problem of problems) {
  console.error(problem);
}
console.log(`${files.length} files checked, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
