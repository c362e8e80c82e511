import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CallRecord } from '@offhook/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginningOf } from '../calls/view.ts';
import { id } from '../testing/ids.ts';
import { quiet } from '../testing/log.ts';
import { Scene } from '../testing/scene.ts';
import { recordOfLeg } from '../testing/views.ts';
import { Spool } from './spool.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'offhook-spool-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const ended = Scene.ringing().ask('reject').call;
const record = (name: string): CallRecord => recordOfLeg(ended, id.record(name));
const journal = (): string => path.join(directory, 'calls.journal');
const open = (options: { maxRecords?: number; compactAbove?: number } = {}): Promise<Spool> =>
  Spool.open({ directory, log: quiet, ...options });
const names = (spool: Spool): string[] => spool.next(100).map(({ recordId }) => recordId);

/** A process that dies leaves its file as it is: nothing of the spool is closed. */
async function crash(spool: Spool): Promise<void> {
  const left = await readFile(journal());
  await spool[Symbol.asyncDispose]();
  await writeFile(journal(), left);
}

describe('the spool of call records', () => {
  test('a record is on the disk before `finish` resolves, and found again after a crash', async () => {
    const spool = await open();
    await spool.finish(record('r1'));
    expect(await readFile(journal(), 'utf8')).toContain('"r1"');
    await spool.finish(record('r2'));
    await crash(spool);
    await using again = await open();
    expect(names(again)).toEqual(['r1', 'r2']);
    expect(again.next(1)[0]).toEqual(record('r1'));
    expect(again.next(1, new Set([id.record('r1')]))[0]?.recordId).not.toBe('r1');
  });

  test('a torn last line is passed over, and what is written after it is whole', async () => {
    const spool = await open();
    await spool.finish(record('r1'));
    await spool.finish(record('r2'));
    await crash(spool);
    const { length } = await readFile(journal());
    await truncate(journal(), length - 20);
    const second = await open();
    expect(names(second)).toEqual(['r1']);
    await second.finish(record('r3'));
    await crash(second);
    await using third = await open();
    expect(names(third)).toEqual(['r1', 'r3']);
  });

  test('a damaged line in the middle costs that line alone', async () => {
    const spool = await open();
    await spool.finish(record('r1'));
    await spool[Symbol.asyncDispose]();
    await appendFile(journal(), 'ffffffff {"type":"end"}\n\u0000\u0000\n');
    const second = await open();
    await second.finish(record('r2'));
    expect(names(second)).toEqual(['r1', 'r2']);
    await second[Symbol.asyncDispose]();
  });

  test('what the cloud has taken does not come back', async () => {
    const spool = await open();
    await Promise.all(['r1', 'r2', 'r3'].map((name) => spool.finish(record(name))));
    spool.remove([id.record('r1'), id.record('r3')]);
    expect(names(spool)).toEqual(['r2']);
    await spool[Symbol.asyncDispose]();
    await using again = await open();
    expect(names(again)).toEqual(['r2']);
    expect(again.counts().waiting).toBe(1);
  });

  test('a call that was running when the process died leaves a record: connector_lost', async () => {
    const spool = await open();
    const call = Scene.connected().call;
    spool.begin(beginningOf(call.facts, id.record('r1')));
    spool.begin(beginningOf(call.facts, id.record('r1'), 1_001_000));
    await spool.finish(record('r2'));
    await crash(spool);
    await using again = await open();
    expect(again.next(10)).toEqual([
      record('r2'),
      expect.objectContaining({ recordId: 'r1', cause: 'connector_lost', answeredAt: 1_001_000 }),
    ]);
    expect(again.next(10)[1]?.endedAt).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is bounded: the oldest are given up, counted, and do not come back', async () => {
    const spool = await open({ maxRecords: 2 });
    for (const name of ['r1', 'r2', 'r3', 'r4']) await spool.finish(record(name));
    expect(names(spool)).toEqual(['r3', 'r4']);
    expect(spool.counts()).toMatchObject({ waiting: 2, dropped: 2 });
    await spool[Symbol.asyncDispose]();
    await using again = await open();
    expect(names(again)).toEqual(['r3', 'r4']);
  });

  test('the journal is written anew when it has grown, with all that still matters', async () => {
    const spool = await open({ compactAbove: 2_000 });
    spool.begin(beginningOf(Scene.connected().call.facts, id.record('running')));
    for (let index = 0; index < 50; index += 1) {
      const name = `r${String(index)}`;
      await spool.finish(record(name));
      if (index < 49) spool.remove([id.record(name)]);
    }
    await spool[Symbol.asyncDispose]();
    expect((await readFile(journal())).length).toBeLessThan(4_000);
    await using again = await open();
    expect(names(again)).toEqual(['r49', 'running']);
  });

  test('a disk that refuses costs no call: the record is kept in memory and the failure counted', async () => {
    const spool = await open({ compactAbove: 1 });
    await rm(directory, { recursive: true });
    await spool.finish(record('r1'));
    expect(names(spool)).toEqual(['r1']);
    expect(spool.counts().unwritten).toBe(1);
    await spool[Symbol.asyncDispose]();
  });
});
