import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'offhook-lock-'));
  children = [];
});
afterEach(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A process whose command line looks like that of a start, or of one of its programs. */
function idle(relative: string): number {
  const file = path.join(folder, relative);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, 'setInterval(() => {}, 1000)');
  const child = fork(file, { stdio: 'ignore' });
  children.push(child);
  return child.pid ?? 0;
}

const lockFile = () => path.join(folder, 'start.lock');

describe('the lock on a data folder', () => {
  it('[start-twice] tells the process that holds it and its address', async () => {
    const pid = idle('tools/start/main.ts');
    writeFileSync(lockFile(), JSON.stringify({ pid, url: 'http://127.0.0.1:1', programs: [] }));
    expect(await takeLock(folder)).toEqual({ takenBy: { pid, url: 'http://127.0.0.1:1', programs: [] } });
  });

  it('[start-stale] is taken over from a process that is gone, or whose id another program has now', async () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: idle('other.ts'), programs: [] }));
    const lock = await takeLock(folder);
    expect(lock).toHaveProperty('release');
  });

  it('[start-stale] ends the programs that a killed start left behind', async () => {
    const entry = 'apps/cloud/src/main.ts';
    const pid = idle(entry);
    const child = children.at(-1);
    const ended = new Promise((resolve) => child?.once('exit', (_code, signal) => resolve(signal)));
    writeFileSync(lockFile(), JSON.stringify({ pid: 2 ** 22 + 1, programs: [{ pid, entry }] }));
    const lock = await takeLock(folder, 50);
    expect(await ended).toBe('SIGKILL');
    expect(lock).toHaveProperty('note');
  });

  it('[start-stale] survives a lock file that is no JSON', async () => {
    writeFileSync(lockFile(), '{"pid": 12');
    expect(await takeLock(folder)).toHaveProperty('release');
  });
});
