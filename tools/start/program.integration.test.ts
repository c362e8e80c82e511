import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog, type LogFile } from './log-file.ts';
import { waitUntil } from './process-table.ts';
import { keepRunning, type ReadyMessage } from './program.ts';

let folder: string;
let log: LogFile;
let said: string[];
let pids: number[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'offhook-program-'));
  log = openLog(folder, 'toy');
  said = [];
  pids = [];
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that serves as its environment tells it, and ends on SIGTERM. */
const serving = "process.send({ type: 'ready', port: process.env.TOY_PORT }); setInterval(() => {}, 1000);";

function run(source: string, stopWithin = 5_000) {
  const entry = path.join(folder, 'toy.js');
  writeFileSync(entry, source);
  return keepRunning({
    name: 'toy',
    entry,
    env: (before: ReadyMessage | undefined) => ({
      ...process.env,
      TOY_PORT: typeof before?.['port'] === 'string' ? before['port'] : 'first',
    }),
    log,
    stopWithin,
    say: (line) => said.push(line),
    onPid: (pid) => pids.push(pid),
  });
}

describe('a program that is kept running', () => {
  it('[start-restart] comes back after it was killed, on the port it had, and says so', async () => {
    const { program, ready } = run(serving);
    expect(await ready).toEqual({ type: 'ready', port: 'first' });
    process.kill(pids[0] ?? 0, 'SIGKILL');
    expect(await waitUntil(() => said.includes('toy is back.'), 10_000)).toBe(true);
    expect(said[0]).toMatch(
      /^toy ended unexpectedly \(SIGKILL\); starting it again in 0\.[2-5]\d* s\. Its log: /u,
    );
    expect(pids).toHaveLength(2);
    await program.stop();
    expect(said).toHaveLength(2);
  });

  it('[start-failed] says what the program said when it cannot start, and does not try again', async () => {
    const { ready } = run(
      "console.log('{\"level\":30}'); console.error('Port 1 is taken.'); process.exit(1);",
    );
    await expect(ready).rejects.toThrow(/^Port 1 is taken\.\nIts log: /u);
    expect(pids).toHaveLength(1);
  });

  it('[start-stop] is killed when it does not end by itself', async () => {
    const { program, ready } = run(`process.on('SIGTERM', () => {}); ${serving}`, 50);
    await ready;
    await program.stop();
    expect(said).toEqual(['toy does not end by itself; it is killed.']);
  });

  it('[start-stop] can be stopped before it serves', async () => {
    const { program, ready } = run('setInterval(() => {}, 1000);');
    await Promise.all([expect(ready).rejects.toThrow('stopped before it served'), program.stop()]);
  });

  it('[start-logs] writes into its log, and a new log sets the old ones aside', () => {
    log.write('the first');
    openLog(folder, 'toy').close();
    const newest = openLog(folder, 'toy');
    newest.write('the third');
    expect(readFileSync(path.join(folder, 'toy.log'), 'utf8')).toContain('the third');
    expect(readFileSync(path.join(folder, 'toy.log.2'), 'utf8')).toContain('the first');
    newest.close();
  });
});
