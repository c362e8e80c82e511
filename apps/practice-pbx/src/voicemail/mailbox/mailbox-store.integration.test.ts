import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { MailboxStore } from './mailbox-store.ts';
import type { MailboxTrouble } from './mailbox-store.ts';

const root = mkdtempSync(path.join(tmpdir(), 'offhook-voicemail-kill-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Starts the writer, kills it when it has said so many lines, and gives the number in the last one. */
async function writeAndKill(directory: string, lines: number): Promise<number> {
  const writer = spawn(process.execPath, [path.join(import.meta.dirname, 'kill.fixture.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'exit');
  let [seen, last] = [0, 0];
  for await (const line of createInterface(writer.stdout)) {
    seen += 1;
    last = Number(line);
    if (seen === lines) writer.kill('SIGKILL');
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return last;
}

describe('the mailboxes of a process that is killed', () => {
  it('[VM-94] hold at least what was written, whole, and the next process goes on with them', async () => {
    const directory = path.join(root, 'mailboxes');
    for (const lines of [1, 2, 5, 10]) {
      const last = await writeAndKill(directory, lines);
      const troubles: MailboxTrouble[] = [];
      const store = await MailboxStore.open({ directory, onTrouble: (trouble) => troubles.push(trouble) });
      const { messages, greeting } = store.mailbox('101');
      expect(troubles).toEqual([]);
      // Each further change may have come as far as the disk, too.
      expect(messages.length).toBeGreaterThanOrEqual(Math.min(last, 5));
      expect(Number(messages.at(-1)?.caller.number)).toBeGreaterThanOrEqual(last);
      for (const { caller, recording } of messages) {
        expect(recording.samples).toEqual(new Int16Array(40_000).fill(Number(caller.number)));
      }
      expect(greeting?.samples).toHaveLength(40_000);
      await store.flush();
    }
  });
});
