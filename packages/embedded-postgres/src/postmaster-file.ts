import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a running postmaster says of itself in `postmaster.pid` (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*). */
export type Postmaster = { pid: number; port: number; socketDir: string; ready: boolean };

const fileOf = (cluster: string) => join(cluster, 'postmaster.pid');

/** Lines: pid, data folder, start time, port, socket folder, listen address, shared memory key, status. */
export function parsePostmasterFile(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, port: Number(lines[3]), socketDir: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' };
}

export async function readPostmasterFile(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(fileOf(cluster), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsePostmasterFile(text);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Does this pid belong to a live postmaster of this cluster? After a reboot it may be anybody's; a zombie has no command line. */
export async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
          .then(({ stdout }) => stdout)
          .catch(() => '');
  return command.includes('postgres') && command.includes(cluster);
}

/**
 * PostgreSQL will not start while `postmaster.pid` names a live process, whoever that is. Where it is not a
 * postmaster of ours, put in our own pid, which PostgreSQL as our child passes over. The file itself
 * stays: its shared memory key is how PostgreSQL finds back ends that outlived their postmaster.
 */
export async function disownPostmasterFile(cluster: string): Promise<void> {
  const lines = (await readFile(fileOf(cluster), 'utf8')).split('\n');
  lines[0] = String(process.pid);
  await writeFile(fileOf(cluster), lines.join('\n'));
}
