import { createHash } from 'node:crypto';
import { chmod, lchown, lstat, mkdir, readdir, realpath, rmdir, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copyBinaries, type Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './error.ts';
import { findAccount, runAs, type Account, type Identity } from './identity.ts';

/** Where the data lies, with which programs, and as whom they run. */
export type Place = { dataDir: string; binaries: Binaries; identity: Identity };

/** Where programs and data go when the account that PostgreSQL runs as cannot reach the ones asked for. */
export const FALLBACK_ROOT = '/var/lib/offhook';

export type PlaceOptions = {
  dataDir: string;
  binaries: Binaries;
  log: (line: string) => void;
  /** For tests: leave out a way that this machine would allow. */
  without?: 'namespace';
  fallbackRoot?: string;
};

/**
 * Choose how PostgreSQL can run here. Not root: simply. Root: data that already has an owner keeps it; new data
 * goes into a user namespace where the kernel lets us make one, else to an unprivileged account, in place where
 * that account can reach the folder (a container's volume), else under {@link FALLBACK_ROOT} with a link from
 * the folder asked for.
 */
export async function choosePlace(options: PlaceOptions): Promise<Place> {
  const { log, binaries } = options;
  await mkdir(resolve(options.dataDir), { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  if (process.getuid?.() !== 0) return { dataDir, binaries, identity: { kind: 'direct' } };

  const owner = (await stat(dataDir)).uid;
  if (owner !== 0) {
    const account = (await findAccount(owner)) ?? { name: `uid ${owner}`, uid: owner, gid: owner };
    const identity: Identity = { kind: 'setuid', account };
    log(`running as root: PostgreSQL runs as ${account.name}, who owns ${dataDir}`);
    return { dataDir, identity, binaries: await reachableBinaries(identity, options) };
  }

  const account = await findAccount();
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      'no_account',
      'PostgreSQL does not run as root and this system has no other account. Start Offhook as an ordinary user.',
    );
  }
  const namespace: Identity = { kind: 'namespace', account };
  if (
    options.without !== 'namespace' &&
    (await canRun(namespace, binaries)) &&
    (await canWrite(namespace, dataDir))
  ) {
    log('running as root: PostgreSQL runs in a user namespace');
    return { dataDir, binaries, identity: namespace };
  }
  return asAccount(account, dataDir, options);
}

async function asAccount(account: Account, dataDir: string, options: PlaceOptions): Promise<Place> {
  const { log } = options;
  const identity: Identity = { kind: 'setuid', account };
  await chownAll(dataDir, account);
  if (await canWrite(identity, dataDir)) {
    log(`running as root: PostgreSQL runs as ${account.name}, who now owns ${dataDir}`);
    return { dataDir, identity, binaries: await reachableBinaries(identity, options) };
  }
  if ((await readdir(dataDir)).length > 0) {
    await chownAll(dataDir, { ...account, uid: 0, gid: 0 });
    throw new EmbeddedPostgresError(
      'no_account',
      `PostgreSQL does not run as root, and the account ${account.name} cannot reach ${dataDir}. ` +
        'Move the folder to where it can (every parent folder needs mode 711 or more), or start Offhook as an ordinary user.',
    );
  }
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const root = options.fallbackRoot ?? FALLBACK_ROOT;
  const moved = join(root, hash, 'data');
  await mkdir(root, { recursive: true, mode: 0o755 });
  await chmod(root, 0o755);
  await mkdir(moved, { recursive: true, mode: 0o755 });
  await chownAll(moved, account);
  await chmod(moved, 0o700);
  await rmdir(dataDir);
  await symlink(moved, dataDir);
  log(
    `running as root: PostgreSQL runs as ${account.name}, who cannot reach ${dataDir}; the data is in ${moved}`,
  );
  return { dataDir: moved, identity, binaries: await reachableBinaries(identity, options) };
}

async function reachableBinaries(identity: Identity, options: PlaceOptions): Promise<Binaries> {
  const { binaries, fallbackRoot = FALLBACK_ROOT } = options;
  if (await canRun(identity, binaries)) return binaries;
  const copy = await copyBinaries(binaries, fallbackRoot);
  const { ok, output } = await runAs(identity, copy.postgres, ['--version']);
  if (ok) return copy;
  throw new EmbeddedPostgresError(
    'start_failed',
    `The embedded PostgreSQL does not run here: ${output.trim()}`,
  );
}

async function canRun(identity: Identity, binaries: Binaries): Promise<boolean> {
  return (await runAs(identity, binaries.postgres, ['--version'])).ok;
}

async function canWrite(identity: Identity, folder: string): Promise<boolean> {
  return (await runAs(identity, '/bin/sh', ['-c', 'test -O "$1" && test -w "$1" && cd "$1"', 'sh', folder]))
    .ok;
}

/** Give a folder and all in it to an account, links not followed. */
async function chownAll(folder: string, account: Account): Promise<void> {
  await lchown(folder, account.uid, account.gid);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await lstat(path)).isDirectory()) await chownAll(path, account);
    else await lchown(path, account.uid, account.gid);
  }
}
