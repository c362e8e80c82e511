import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TUESDAY, speech } from '../session/call.test-support.ts';
import { nodeDisk } from './disk.ts';
import type { Disk } from './disk.ts';
import { MailboxStore } from './mailbox-store.ts';
import type { MailboxTrouble } from './mailbox-store.ts';
import type { Mailbox, MailboxContents } from './mailbox.ts';

const root = mkdtempSync(path.join(tmpdir(), 'offhook-voicemail-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

function freshFolder(): string {
  folders += 1;
  return path.join(root, String(folders));
}

function add(mailbox: Mailbox, number: string, seconds = 0.1): void {
  mailbox.add({ caller: { number, name: 'Käthe' }, receivedAt: TUESDAY, recording: speech(seconds) });
}

function drop(mailbox: Mailbox, number: string): void {
  const gone = mailbox.messages.filter(({ caller }) => caller.number === number);
  mailbox.delete(new Set(gone.map(({ id }) => id)));
}

/** What a later process finds. */
async function found(directory: string): Promise<{ troubles: MailboxTrouble[]; store: MailboxStore }> {
  const troubles: MailboxTrouble[] = [];
  const store = await MailboxStore.open({ directory, onTrouble: (trouble) => troubles.push(trouble) });
  return { troubles, store };
}

describe('the mailboxes', () => {
  it('[VM-92] are kept in memory without a directory, and tell their counts when these change', () => {
    const told: unknown[] = [];
    const store = MailboxStore.inMemory({ onCounts: (number, counts) => told.push([number, counts]) });
    add(store.mailbox('101'), '1');
    store.mailbox('101').setGreeting(speech(1));
    add(store.mailbox('102'), '1');
    for (const { id } of store.mailbox('101').messages) store.mailbox('101').markHeard(id);
    expect(told).toEqual([
      ['101', { new: 1, old: 0 }],
      ['102', { new: 1, old: 0 }],
      ['101', { new: 0, old: 1 }],
    ]);
    expect([store.counts('101'), store.counts('999')]).toEqual([
      { new: 0, old: 1 },
      { new: 0, old: 0 },
    ]);
  });

  it('[VM-93] are there again after a restart, with greeting, heard marks and callers', async () => {
    const directory = freshFolder();
    const before = new Map<string, MailboxContents>();
    {
      await using store = await MailboxStore.open({ directory });
      for (const number of ['101', '*7/..', '..']) {
        const mailbox = store.mailbox(number);
        add(mailbox, '201');
        add(mailbox, '202');
        drop(mailbox, '201');
        for (const { id } of mailbox.messages) mailbox.markHeard(id);
        add(mailbox, '203');
        mailbox.setGreeting(speech(0.2, 16_000));
        before.set(number, mailbox.contents);
      }
    }
    const { store, troubles } = await found(directory);
    for (const [number, contents] of before) expect(store.mailbox(number).contents).toEqual(contents);
    expect(troubles).toEqual([]);
    expect(readdirSync(directory)).toHaveLength(3);
  });

  it('[VM-93] leave no files behind of what was deleted or replaced', async () => {
    const directory = freshFolder();
    await using store = await MailboxStore.open({ directory });
    const mailbox = store.mailbox('101');
    add(mailbox, '1');
    mailbox.setGreeting(speech(0.1));
    await store.flush();
    drop(mailbox, '1');
    add(mailbox, '2');
    mailbox.setGreeting(speech(0.2));
    await store.flush();
    const names = (): readonly string[] => readdirSync(path.join(directory, 'mailbox-101')).toSorted();
    expect(names()).toEqual(['greeting-2.wav', 'index.json', 'message-2.wav']);
    mailbox.setGreeting(undefined);
    await store.flush();
    expect(names()).toEqual(['index.json', 'message-2.wav']);
  });

  it('[VM-94] killed after any step of any write, the mailbox is as before or as after', async () => {
    const changes: readonly ((mailbox: Mailbox) => void)[] = [
      (mailbox) => add(mailbox, '1'),
      (mailbox) => mailbox.setGreeting(speech(0.1)),
      (mailbox) => add(mailbox, '2'),
      (mailbox) => drop(mailbox, '1'),
      (mailbox) => mailbox.setGreeting(speech(0.2)),
    ];
    for (let steps = 1; ; steps += 1) {
      const directory = freshFolder();
      await MailboxStore.open({ directory });
      const disk = dyingDisk(steps);
      const store = await MailboxStore.open({ directory, disk });
      const mailbox = store.mailbox('101');
      let before = mailbox.contents;
      let after = before;
      for (const change of changes) {
        before = after;
        change(mailbox);
        after = mailbox.contents;
        await store.flush();
        if (disk.isDead) break;
      }
      const next = await found(directory);
      expect(next.troubles).toEqual([]);
      expect([before, after]).toContainEqual(next.store.mailbox('101').contents);
      // Whatever was left lying about does not come back.
      add(next.store.mailbox('101'), '3');
      await next.store.flush();
      expect((await found(directory)).store.mailbox('101').contents).toEqual(
        next.store.mailbox('101').contents,
      );
      if (!disk.isDead) break;
      expect(steps).toBeLessThan(100);
    }
  });

  it('[VM-94] what a killed process left unfinished is removed at the next start', async () => {
    const directory = freshFolder();
    {
      await using store = await MailboxStore.open({ directory });
      add(store.mailbox('101'), '1');
      add(store.mailbox('102'), '1');
    }
    const folder = path.join(directory, 'mailbox-101');
    for (const name of ['message-9.wav', 'greeting-3.wav.tmp', 'index.json.tmp']) {
      writeFileSync(path.join(folder, name), 'half');
    }
    // Killed before its first index.
    rmSync(path.join(directory, 'mailbox-102', 'index.json'));
    await found(directory);
    expect(readdirSync(folder).toSorted()).toEqual(['index.json', 'message-1.wav']);
    expect(readdirSync(path.join(directory, 'mailbox-102'))).toEqual([]);
  });

  it('[VM-95] what the disk refused is told, served from memory, and written with the next change', async () => {
    const directory = freshFolder();
    const disk = dyingDisk(2);
    const troubles: MailboxTrouble[] = [];
    const store = await MailboxStore.open({
      directory,
      disk,
      onTrouble: (trouble) => troubles.push(trouble),
    });
    add(store.mailbox('101'), '1');
    await store.flush();
    expect(troubles.map(({ code }) => code)).toEqual(['not_saved']);
    expect(store.counts('101')).toEqual({ new: 1, old: 0 });
    disk.revive();
    add(store.mailbox('101'), '2');
    await store.flush();
    expect((await found(directory)).store.counts('101')).toEqual({ new: 2, old: 0 });
  });

  it('[VM-95] or when it is asked to flush', async () => {
    const directory = freshFolder();
    const disk = dyingDisk(2);
    const store = await MailboxStore.open({ directory, disk });
    add(store.mailbox('101'), '1');
    await store.flush();
    disk.revive();
    await store.flush();
    expect((await found(directory)).store.counts('101')).toEqual({ new: 1, old: 0 });
  });

  it('[VM-96] a damaged or missing sound costs its own message alone', async () => {
    const directory = freshFolder();
    {
      await using store = await MailboxStore.open({ directory });
      for (const number of ['1', '2', '3', '4']) add(store.mailbox('101'), number);
      store.mailbox('101').setGreeting(speech(0.1));
    }
    const folder = path.join(directory, 'mailbox-101');
    rmSync(path.join(folder, 'message-1.wav'));
    writeFileSync(path.join(folder, 'message-2.wav'), 'RIFF');
    const wav = readFileSync(path.join(folder, 'message-3.wav'));
    wav.writeUInt32LE(44_100, 24);
    writeFileSync(path.join(folder, 'message-3.wav'), wav);
    rmSync(path.join(folder, 'greeting-1.wav'));
    const { store, troubles } = await found(directory);
    expect(store.mailbox('101').messages.map(({ caller }) => caller.number)).toEqual(['4']);
    expect(store.mailbox('101').greeting).toBeUndefined();
    expect(troubles).toEqual([
      {
        code: 'messages_lost',
        mailbox: '101',
        files: ['message-1.wav', 'message-2.wav', 'message-3.wav', 'greeting-1.wav'],
      },
    ]);
  });

  it.each([
    ['no JSON', '{'],
    ['a file of another place', index({ greeting: '../../etc/passwd' })],
    ['more messages than there can be', index({ messages: Array.from({ length: 1001 }, message) })],
    ['a wrong field', index({ messages: [{ ...message(), heard: 'yes' }] })],
    ['another mailbox', index({ mailbox: '102' })],
    ['more than a megabyte', ' '.repeat(1024 * 1024 + 1)],
  ])('[VM-97] an index with %s is passed over', async (_, text) => {
    const directory = freshFolder();
    mkdirSync(path.join(directory, 'mailbox-101'), { recursive: true });
    writeFileSync(path.join(directory, 'mailbox-101', 'index.json'), text);
    const { store } = await found(directory);
    expect(store.mailbox('101').contents).toEqual({ nextId: 1, messages: [], greeting: undefined });
  });

  it('[VM-97] files of others in the directory are left alone', async () => {
    const directory = freshFolder();
    mkdirSync(path.join(directory, 'mailbox-101'), { recursive: true });
    writeFileSync(path.join(directory, 'mailbox-101', 'notes.txt'), 'mine');
    writeFileSync(path.join(directory, 'readme'), 'mine');
    const { store, troubles } = await found(directory);
    add(store.mailbox('101'), '1');
    await store.flush();
    expect(readFileSync(path.join(directory, 'mailbox-101', 'notes.txt'), 'utf8')).toBe('mine');
    expect(troubles).toEqual([]);
  });
});

function message(): Record<string, unknown> {
  return { id: 1, file: 'message-1.wav', caller: { number: '1' }, receivedAt: 0, heard: false };
}

function index(fields: Record<string, unknown>): string {
  return JSON.stringify({ version: 1, mailbox: '101', nextId: 2, messages: [], ...fields });
}

async function nothing(): Promise<void> {
  await Promise.resolve();
}

/** Takes so many steps that change something, the last one half, and then none any more. */
function dyingDisk(steps: number): Disk & { readonly isDead: boolean; revive(): void } {
  let left = steps;
  const step = async (whole: () => Promise<void>, half: () => Promise<void>): Promise<void> => {
    left -= 1;
    if (left >= 0) return await whole();
    if (left === -1) await half();
    throw new Error('The disk is dead.');
  };
  return {
    ...nodeDisk,
    get isDead() {
      return left < 0;
    },
    revive() {
      left = Number.POSITIVE_INFINITY;
    },
    makeFolder: async (folder) => await step(async () => await nodeDisk.makeFolder(folder), nothing),
    write: async (file, bytes) =>
      await step(
        async () => await nodeDisk.write(file, bytes),
        async () => await nodeDisk.write(file, bytes.subarray(0, bytes.length >> 1)),
      ),
    rename: async (from, to) => await step(async () => await nodeDisk.rename(from, to), nothing),
    remove: async (file) => await step(async () => await nodeDisk.remove(file), nothing),
  };
}
