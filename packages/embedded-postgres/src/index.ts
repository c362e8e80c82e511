import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { installedBinaries } from './binaries.ts';
import {
  chooseSocketDir,
  clusterOf,
  dropSocketDir,
  ensureCluster,
  socketOf,
  startPostmaster,
  stopPostmaster,
  urlOf,
} from './cluster.ts';
import { EmbeddedPostgresError } from './error.ts';
import { becomeOwner, canConnect, hasOwner } from './owner.ts';
import { choosePlace, type Place, type PlaceOptions } from './place.ts';
import {
  disownPostmasterFile,
  isPostmasterOf,
  readPostmasterFile,
  type Postmaster,
} from './postmaster-file.ts';

export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './error.ts';

export type OpenPostgresOptions = {
  /** Made when missing. Holds `cluster/` and `server.log`; belongs to one process at a time. */
  dataDir: string;
  /** One line per transition, for people. */
  log?: (line: string) => void;
} & Partial<Pick<PlaceOptions, 'without' | 'fallbackRoot'>>;

export type OpenPostgres = {
  /** For `pg`: a Unix socket; there is no TCP port. The role is a superuser. */
  url: string;
  /** The postmaster's process, for diagnosis. */
  pid: () => number;
  /** Fast shutdown; resolves when the last process is gone. A second call changes nothing. */
  close: () => Promise<void>;
};

/** Milliseconds between looks at the postmaster, and before it is started again after it died. */
const WATCH_EVERY = 500;

/**
 * Open the PostgreSQL of a folder: create it (about a second), start it, or take over one that still runs since
 * its owner was killed. While open, a postmaster that dies is started again.
 *
 * @throws EmbeddedPostgresError
 */
export async function openPostgres(options: OpenPostgresOptions): Promise<OpenPostgres> {
  const log = options.log ?? (() => {});
  const place = await choosePlace({ ...options, log, binaries: await installedBinaries() });
  if ((await ensureCluster(place)) === 'created') log(`created a database in ${place.dataDir}`);

  let { postmaster, owner } = (await adopt(place, log)) ?? (await start(place));
  log(`PostgreSQL ${place.binaries.version} serves (pid ${postmaster.pid})`);

  const closing = new AbortController();
  const watching = watch(
    place,
    () => postmaster,
    (again) => {
      postmaster = again;
    },
    { signal: closing.signal, log },
  );

  const close = async () => {
    closing.abort();
    await watching;
    await stopPostmaster(postmaster.pid, clusterOf(place));
    await new Promise((done) => owner.close(done));
    await dropSocketDir(place, postmaster.socketDir);
    log('PostgreSQL stopped');
  };
  let closed: Promise<void> | undefined;
  return { url: urlOf(postmaster), pid: () => postmaster.pid, close: () => (closed ??= close()) };
}

type Opened = { postmaster: Postmaster; owner: Server };

/** Take over a postmaster whose owner is gone; `undefined` when none runs (any longer). */
async function adopt(place: Place, log: (line: string) => void): Promise<Opened | undefined> {
  const cluster = clusterOf(place);
  const found = await readPostmasterFile(cluster);
  if (found === undefined) return undefined;
  if (!(await isPostmasterOf(found.pid, cluster))) {
    await disownPostmasterFile(cluster);
    await dropSocketDir(place, found.socketDir);
    return undefined;
  }
  if (await hasOwner(found.socketDir)) {
    throw new EmbeddedPostgresError(
      'in_use',
      `Another running Offhook uses ${place.dataDir}. Stop it, or choose another data folder.`,
    );
  }
  if (found.ready && (await canConnect(socketOf(found.socketDir, found.port)))) {
    log(`PostgreSQL still runs since its owner was killed (pid ${found.pid}); taking it over`);
    return { postmaster: found, owner: await becomeOwner(found.socketDir) };
  }
  log(`stopping a PostgreSQL that does not serve (pid ${found.pid})`);
  await stopPostmaster(found.pid, cluster);
  await dropSocketDir(place, found.socketDir);
  return undefined;
}

async function start(place: Place): Promise<Opened> {
  const socketDir = await chooseSocketDir(place);
  const owner = await becomeOwner(socketDir);
  try {
    return { postmaster: await launch(place, socketDir), owner };
  } catch (error) {
    await new Promise((done) => owner.close(done));
    await dropSocketDir(place, socketDir);
    throw error;
  }
}

async function launch(place: Place, socketDir: string): Promise<Postmaster> {
  await startPostmaster(place, socketDir);
  const postmaster = await readPostmasterFile(clusterOf(place));
  if (postmaster === undefined)
    throw new EmbeddedPostgresError('start_failed', 'PostgreSQL went away at once.');
  return postmaster;
}

async function watch(
  place: Place,
  current: () => Postmaster,
  restarted: (postmaster: Postmaster) => void,
  { signal, log }: { signal: AbortSignal; log: (line: string) => void },
): Promise<void> {
  while (!signal.aborted) {
    await delay(WATCH_EVERY, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted || (await isPostmasterOf(current().pid, clusterOf(place)))) continue;
    log(`PostgreSQL (pid ${current().pid}) died; starting it again`);
    try {
      restarted(await launch(place, current().socketDir));
    } catch (error) {
      log(String(error));
    }
  }
}
