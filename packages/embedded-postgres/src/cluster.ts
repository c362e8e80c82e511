import type { ChildProcess } from 'node:child_process';
import { chmod, lchown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.ts';
import { runAs, spawnAs } from './identity.ts';
import type { Place } from './place.ts';
import { isPostmasterOf, readPostmasterFile, type Postmaster } from './postmaster-file.ts';

export const SUPERUSER = 'offhook';
export const PORT = 5432;

/** Bytes that `sun_path` holds without its terminator: 107 on Linux, 103 on macOS. The smaller is kept everywhere. */
const SOCKET_PATH_BYTES = 103;
const LOG_BYTES = 1024 * 1024;
const TEMPORARY = 'offhook-pg-';
const ASIDE = '.new-';

/** Milliseconds for crash recovery of a large cluster; while PostgreSQL lives it is waited for. */
const START_PATIENCE = 300_000;
const FAST_SHUTDOWN_PATIENCE = 20_000;
const POLL = 10;

export const clusterOf = (place: Place) => join(place.dataDir, 'cluster');
export const socketOf = (socketDir: string, port: number) => join(socketDir, `.s.PGSQL.${port}`);
export const urlOf = ({ socketDir, port }: Pick<Postmaster, 'socketDir' | 'port'>) =>
  `postgres://${SUPERUSER}@/postgres?host=${encodeURIComponent(socketDir)}&port=${port}`;

/** Create the cluster if there is none. It is built aside and moved: a kill on the way leaves no half cluster. */
export async function ensureCluster(place: Place): Promise<'created' | 'existing'> {
  const cluster = clusterOf(place);
  const found = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  const wanted = place.binaries.version.split('.')[0] ?? '';
  if (found?.trim() === wanted) return 'existing';
  if (found !== undefined) {
    throw new EmbeddedPostgresError(
      'bad_data_dir',
      `${cluster} was made by PostgreSQL ${found.trim()}, and this is version ${wanted}. ` +
        'Dump it with the old version and load it with the new one, or choose another data folder.',
    );
  }
  await clearDebris(place);
  const aside = `${cluster}${ASIDE}${process.pid}`;
  const { ok, output } = await runAs(place.identity, place.binaries.initdb, [
    `--pgdata=${aside}`,
    `--username=${SUPERUSER}`,
    // Who reaches the socket is decided by the mode of its folder.
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ]);
  if (!ok) throw new EmbeddedPostgresError('start_failed', `initdb failed: ${output.trim()}`);
  await rename(aside, cluster);
  return 'created';
}

/** An initdb whose starter was killed may still be writing into what it left: its folder is its own, and is removed. */
async function clearDebris(place: Place): Promise<void> {
  const names = await readdir(place.dataDir);
  for (const name of names.filter((name) => name.startsWith(`cluster${ASIDE}`))) {
    await rm(join(place.dataDir, name), { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

/** A folder for the sockets that only the account reaches: the data folder, or a temporary one where that is too deep. */
export async function chooseSocketDir(place: Place): Promise<string> {
  if (Buffer.byteLength(socketOf(place.dataDir, PORT)) <= SOCKET_PATH_BYTES) {
    // Left by a postmaster that is gone; its lock file could name somebody else's pid by now.
    await rm(socketOf(place.dataDir, PORT), { force: true });
    await rm(`${socketOf(place.dataDir, PORT)}.lock`, { force: true });
    return place.dataDir;
  }
  const temporary = Buffer.byteLength(tmpdir()) < 60 ? tmpdir() : '/tmp';
  const folder = await mkdtemp(join(temporary, TEMPORARY));
  await chmod(folder, 0o700);
  if (place.identity.kind === 'setuid') {
    await lchown(folder, place.identity.account.uid, place.identity.account.gid);
  }
  return folder;
}

/** Remove a socket folder of {@link chooseSocketDir} that was temporary. */
export async function dropSocketDir(place: Place, socketDir: string): Promise<void> {
  if (socketDir === place.dataDir || !socketDir.includes(`/${TEMPORARY}`)) return;
  await rm(socketDir, { recursive: true, force: true });
}

const settings: Record<string, string> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  fsync: 'on',
  max_connections: '100',
  shared_buffers: '32MB',
  max_parallel_workers_per_gather: '0',
  // Errors of statements go to the application, which logs them without their parameters.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** Start the postmaster and wait until it serves. It is in a process group of its own: Ctrl-C does not reach it. */
export async function startPostmaster(place: Place, socketDir: string): Promise<ChildProcess> {
  const log = await openLog(place);
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnAs(
    place.identity,
    place.binaries.postgres,
    ['-D', clusterOf(place), '-k', socketDir, '-p', String(PORT), ...options],
    { stdio: ['ignore', log.file.fd, log.file.fd], detached: true, cwd: '/' },
  );
  const failure: { cause?: unknown } = {};
  child.once('error', (cause) => {
    failure.cause = cause;
  });
  await log.file.close();
  const until = Date.now() + START_PATIENCE;
  while (child.exitCode === null && child.signalCode === null && failure.cause === undefined) {
    const postmaster = await readPostmasterFile(clusterOf(place));
    if (postmaster?.pid === child.pid && postmaster?.ready === true) {
      child.unref();
      return child;
    }
    if (Date.now() > until) {
      child.kill('SIGQUIT');
      break;
    }
    await delay(POLL);
  }
  const said = (await readFile(log.path, 'utf8').catch(() => '')).slice(-1500).trim();
  throw new EmbeddedPostgresError('start_failed', `PostgreSQL did not start: ${said}`, failure.cause);
}

async function openLog(place: Place) {
  const path = join(place.dataDir, 'server.log');
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_BYTES) await rename(path, `${path}.1`);
  await mkdir(place.dataDir, { recursive: true });
  return { path, file: await open(path, 'a', 0o600) };
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(pid: number, cluster: string): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', FAST_SHUTDOWN_PATIENCE],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = Date.now() + patience;
    while (Date.now() < until) {
      if (!(await isPostmasterOf(pid, cluster))) return;
      await delay(POLL);
    }
  }
}
