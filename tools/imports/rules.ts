import { builtinModules } from 'node:module';
import path from 'node:path';
import { findCycles } from './cycles.ts';
import { scanImports } from './scan.ts';

/** A workspace or the tools: what may import what is decided between these. */
export interface Unit {
  /** Relative to the repository, e.g. `packages/sip`. */
  readonly folder: string;
  readonly packageName: string;
  /** Files that other units may import, by sub-path, e.g. `.` → `src/index.ts`. */
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: ReadonlySet<string>;
  /** Of the unit and of the repository: for tests and configuration. */
  readonly devDependencies: ReadonlySet<string>;
}

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly source: string;
}

/**
 * The direction of imports between the parts, by folder: what each part's program may import of the others. Nothing
 * imports an app. A part that is not here may import no other.
 */
export const directions: Readonly<Record<string, readonly string[]>> = {
  'packages/contract': [],
  'packages/call-model': ['packages/contract'],
  'packages/sdp': [],
  'packages/audio': [],
  'packages/xml': [],
  'packages/sip': ['packages/xml'],
  'packages/csta': ['packages/xml'],
  'packages/csta-node': ['packages/csta'],
  'packages/embedded-postgres': [],
  'packages/headset': [],
  'packages/ui': [],
  'packages/words': ['packages/contract'],
  'packages/subscribers': ['packages/contract'],
  'packages/sign-in': ['packages/contract', 'packages/ui', 'packages/words'],
  'packages/sip-node': ['packages/sip'],
  'packages/media': ['packages/sdp', 'packages/audio'],
  'packages/phone-core': ['packages/contract'],
  'packages/testkit': ['packages/audio', 'packages/sip', 'packages/sdp'],
  'apps/cloud': ['packages/contract', 'packages/subscribers', 'packages/words', 'packages/xml'],
  'apps/migrate': ['packages/contract', 'packages/subscribers'],
  'apps/admin': [
    'packages/contract',
    'packages/sign-in',
    'packages/subscribers',
    'packages/ui',
    'packages/words',
  ],
  'apps/connector': [
    'packages/call-model',
    'packages/contract',
    'packages/csta',
    'packages/csta-node',
    'packages/media',
    'packages/sdp',
    'packages/sip',
    'packages/sip-node',
  ],
  // A separate program that knows nothing of the rest but SIP and CSTA.
  'apps/practice-pbx': [
    'packages/audio',
    'packages/csta',
    'packages/csta-node',
    'packages/sdp',
    'packages/sip',
    'packages/sip-node',
  ],
  'apps/phone': [
    'packages/contract',
    'packages/headset',
    'packages/phone-core',
    'packages/sign-in',
    'packages/ui',
    'packages/words',
  ],
  e2e: [
    'packages/audio',
    'packages/contract',
    'packages/embedded-postgres',
    'packages/sip',
    'packages/sip-node',
    'packages/testkit',
  ],
  bench: [
    'packages/audio',
    'packages/media',
    'packages/sdp',
    'packages/sip',
    'packages/sip-node',
    'packages/testkit',
  ],
  tools: ['packages/embedded-postgres'],
};

/** What tests of every part may import besides. */
const forTests = ['packages/testkit', 'packages/audio', 'packages/sdp', 'packages/embedded-postgres'];

/** What these may import of Node.js: nothing with a socket, a file, a clock or a process in it. */
const computing = ['node:crypto', 'node:buffer'];
const nodeModules: Readonly<Record<string, readonly string[]>> = {
  // Protocol cores.
  'packages/xml': [],
  'packages/csta': [],
  'packages/sip': computing,
  'packages/sdp': computing,
  'packages/audio': computing,
  // Run in browsers, too.
  'packages/contract': [],
  'packages/call-model': [],
  'packages/headset': [],
  'packages/phone-core': [],
  'packages/ui': [],
  'packages/words': ['packages/contract'],
  'packages/subscribers': ['packages/contract'],
  'packages/sign-in': ['packages/contract', 'packages/ui', 'packages/words'],
  'apps/phone': [],
};

const builtins = new Set(builtinModules);

/** Pure: every breach of the import rules, as `file:line: sentence`. */
export function checkImports(units: readonly Unit[], files: readonly SourceFile[]): string[] {
  const problems: string[] = [];
  const byName = new Map(units.map((unit) => [unit.packageName, unit]));
  const known = new Set(files.map((file) => file.path));
  const graph = new Map<string, string[]>();

  for (const file of files) {
    const unit = units.find(({ folder }) => file.path.startsWith(`${folder}/`));
    const edges: string[] = [];
    graph.set(file.path, edges);
    if (unit === undefined) {
      continue;
    }
    for (const { specifier, line } of scanImports(file.source)) {
      const complain = (text: string) => problems.push(`${file.path}:${line}: ${text}`);
      if (specifier.startsWith('.')) {
        const target = path.posix.join(path.posix.dirname(file.path), specifier);
        if (!target.startsWith(`${unit.folder}/`)) {
          complain(`"${specifier}" leaves ${unit.folder}; import the other part by its package name.`);
        } else if (known.has(target)) {
          edges.push(target);
        }
      } else {
        const breach = checkBare(specifier, file.path, unit, byName);
        if (breach !== undefined) {
          complain(breach);
        }
        const entry = entryOf(specifier, byName);
        if (entry !== undefined && known.has(entry)) {
          edges.push(entry);
        }
      }
    }
  }
  for (const circle of findCycles(graph)) {
    problems.push(`${circle[0]}: circular import: ${circle.join(' → ')}`);
  }
  return problems;
}

function checkBare(
  specifier: string,
  file: string,
  unit: Unit,
  byName: ReadonlyMap<string, Unit>,
): string | undefined {
  const test = isForTests(file);
  if (specifier.startsWith('node:') || builtins.has(specifier)) {
    const allowed = nodeModules[unit.folder];
    return allowed === undefined || allowed.includes(specifier) || test
      ? undefined
      : `"${specifier}": ${unit.folder} has no Node.js around it.`;
  }
  const name = packageOf(specifier);
  const target = byName.get(name);
  if (target !== undefined && target !== unit) {
    if (target.folder.startsWith('apps/')) {
      return `"${specifier}": nothing imports an app.`;
    }
    const allowed = [...(directions[unit.folder] ?? []), ...(test ? forTests : [])];
    if (!allowed.includes(target.folder)) {
      return `"${specifier}": ${unit.folder} may not import ${target.folder}.`;
    }
    if (target.exports[subPath(specifier, name)] === undefined) {
      return `"${specifier}" is not exported by ${target.folder}.`;
    }
  }
  const virtual = name.startsWith('virtual:');
  if (virtual || target === unit || unit.dependencies.has(name)) {
    return undefined;
  }
  if (unit.devDependencies.has(name)) {
    return test
      ? undefined
      : `"${specifier}" is a dependency for development alone; declare it in "dependencies".`;
  }
  return `"${specifier}" is not declared in ${unit.folder}'s package.json.`;
}

/** Tests, what stands beside them for them, configuration of build tools, and the parts that are only for development. */
function isForTests(file: string): boolean {
  return (
    /\.test(?:-support)?\.tsx?$|(?:^|[-.])(?:suite|fixture|fixtures|harness)\.tsx?$|\.config\.ts$/u.test(
      path.posix.basename(file),
    ) ||
    /\/(?:test|testing|bench|scripts)\//u.test(file) ||
    /^(?:bench|e2e|tools|packages\/testkit)\//u.test(file)
  );
}

/** `@scope/name/deep` → `@scope/name`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function subPath(specifier: string, name: string): string {
  return `.${specifier.slice(name.length)}`;
}

function entryOf(specifier: string, byName: ReadonlyMap<string, Unit>): string | undefined {
  const name = packageOf(specifier);
  const unit = byName.get(name);
  const entry = unit?.exports[subPath(specifier, name)];
  return unit === undefined || entry === undefined ? undefined : path.posix.join(unit.folder, entry);
}
