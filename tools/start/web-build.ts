import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** An application for browsers, and what it is made of, relative to the repository. */
interface WebApp {
  readonly name: 'phone' | 'admin';
  readonly called: string;
  readonly sources: readonly string[];
}

const SHARED = [
  'packages/contract',
  'packages/sign-in',
  'packages/ui',
  'packages/words',
  'package-lock.json',
] as const;
const PHONE: WebApp = {
  name: 'phone',
  called: 'phone',
  sources: ['apps/phone', 'packages/phone-core', 'docs/help', ...SHARED],
};
const ADMIN: WebApp = {
  name: 'admin',
  called: 'administration',
  sources: ['apps/admin', 'packages/subscribers', ...SHARED],
};
const NOT_SOURCES = new Set(['node_modules', 'dist', '.vite']);
const STAMP = '.built-from';

/** Folders of the built applications. */
export interface WebRoots {
  readonly phone: string;
  readonly admin: string;
}

/** Builds those whose sources have changed since the last time; one after the other, for each takes all processors. */
export async function buildWeb(
  repository: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<WebRoots> {
  const phone = await buildApp(PHONE, repository, say, signal);
  return { phone, admin: await buildApp(ADMIN, repository, say, signal) };
}

async function buildApp(
  { name, called, sources }: WebApp,
  repository: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const built = path.join(repository, 'apps', name, 'dist');
  const stamp = hashOf(sources.map((source) => path.join(repository, source)));
  if (read(path.join(built, STAMP)) === stamp) {
    return built;
  }
  say(`Building the ${called} …`);
  const bin = path.join(repository, 'node_modules', '.bin');
  const draft = path.join(repository, 'node_modules', '.cache', `offhook-${name}-${process.pid}`);
  try {
    await promisify(execFile)(
      path.join(bin, 'node'),
      [path.join(bin, 'vite'), 'build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'],
      {
        cwd: path.join(repository, 'apps', name),
        env: {
          ...process.env,
          PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
          NODE_ENV: 'production',
        },
        ...(signal === undefined ? {} : { signal }),
        maxBuffer: 16 * 1024 * 1024,
      },
    );
    writeFileSync(path.join(draft, STAMP), stamp);
    replaceFolder(draft, built);
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`The ${called} could not be built.\n${stderr ?? String(error)}`, { cause: error });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return built;
}

/** Another start may do the same at this moment: either result is good, both are made from the same sources. */
function replaceFolder(draft: string, target: string): void {
  const old = `${draft}-old`;
  mkdirSync(path.dirname(target), { recursive: true });
  if (existsSync(target)) {
    renameSync(target, old);
  }
  renameSync(draft, target);
  rmSync(old, { recursive: true, force: true });
}

function hashOf(roots: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  };
  const walk = (folder: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && !NOT_SOURCES.has(entry.name)) {
        walk(full);
      } else if (entry.isFile() && !/\.test\.tsx?$/u.test(entry.name)) {
        add(full);
      }
    }
  };
  for (const root of roots) {
    if (!existsSync(root)) {
      continue;
    }
    if (root.endsWith('.json')) {
      add(root);
    } else {
      walk(root);
    }
  }
  return hash.digest('hex');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
