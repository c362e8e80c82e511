import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The command line of a running process; undefined where none of that id runs or may be asked. */
export function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // Empty for a process that has ended and waits for its parent.
      const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return text === '' ? undefined : text;
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Whether process `pid` runs `program` (a part of its command line). A process id alone may be somebody else's by now. */
export function runs(pid: number, program: string): boolean {
  return commandLine(pid)?.includes(program) ?? false;
}

/** Waits until `gone` holds; false when it still does not after `milliseconds`. */
export async function waitUntil(gone: () => boolean, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!gone()) {
    if (performance.now() > end) {
      return false;
    }
    await delay(25);
  }
  return true;
}

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
