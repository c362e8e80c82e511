import { mkdir, open, readFile, rename, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { CallRecord, RecordId } from '@offhook/contract';
import type { RecordKeeper } from '../calls/board.ts';
import type { Beginning } from '../calls/view.ts';
import type { Log } from '../log.ts';
import { readJournal, writeEntry, type Entry } from './journal.ts';

export interface SpoolOptions {
  /** Made where it is missing. For one process at a time. */
  readonly directory: string;
  readonly log: Log;
  /** Records kept at most; then the oldest is given up for the newest. */
  readonly maxRecords?: number;
  /** Octets of the journal above which it is written anew with what still matters. */
  readonly compactAbove?: number;
}

export interface SpoolCounts {
  /** Records that the cloud has not taken yet. */
  readonly waiting: number;
  /** Since the start: given up because the spool was full, and not written because the disk refused. */
  readonly dropped: number;
  readonly unwritten: number;
}

const MAX_RECORDS = 100_000;
const COMPACT_ABOVE = 1024 * 1024;
const JOURNAL = 'calls.journal';

/**
 * Call records on disk until the cloud has them: an append-only journal. A record is on the disk (fdatasync) before
 * `finish` resolves; records that end at the same time share one write. What a crashed process left behind is found
 * at the next `open`: its unsent records, and one with cause `connector_lost` for each call that was running.
 */
export class Spool implements RecordKeeper, AsyncDisposable {
  /** Called when there is a new record to send. */
  onRecord: (() => void) | undefined;
  readonly #directory: string;
  readonly #log: Log;
  readonly #maxRecords: number;
  readonly #compactAbove: number;
  readonly #ended = new Map<RecordId, CallRecord>();
  readonly #running = new Map<RecordId, Beginning>();
  #file: FileHandle;
  #size = 0;
  #compactAt: number;
  /** After a write that failed half-way the next one starts a new line. */
  #torn = false;
  #queue: { entry: Entry; done: (() => void) | undefined }[] = [];
  #writing: Promise<void> | undefined;
  #dropped = 0;
  #unwritten = 0;

  private constructor(options: SpoolOptions, file: FileHandle) {
    this.#directory = options.directory;
    this.#log = options.log;
    this.#maxRecords = options.maxRecords ?? MAX_RECORDS;
    this.#compactAbove = options.compactAbove ?? COMPACT_ABOVE;
    this.#compactAt = this.#compactAbove;
    this.#file = file;
  }

  /** Throws where the directory cannot be read or written. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const journal = path.join(options.directory, JOURNAL);
    const { text, writtenAt } = await readWhole(journal);
    const { ended, running, damaged } = readJournal(text);
    const spool = new Spool(options, await open(journal, 'a', 0o600));
    for (const record of ended) spool.#ended.set(record.recordId, record);
    for (const beginning of running) {
      // Nobody saw it end. The last sign of life is when the process wrote last.
      const endedAt = Math.max(writtenAt, beginning.answeredAt ?? beginning.startedAt);
      spool.#ended.set(beginning.recordId, { ...beginning, endedAt, cause: 'connector_lost' });
    }
    if (damaged > 0) options.log.warn({ damaged }, 'spool: damaged lines passed over');
    if (running.length > 0)
      options.log.warn({ calls: running.length }, 'spool: calls were cut off by a crash');
    spool.#giveUpOldest();
    await spool.#compact();
    return spool;
  }

  counts(): SpoolCounts {
    return { waiting: this.#ended.size, dropped: this.#dropped, unwritten: this.#unwritten };
  }

  begin(record: Beginning): void {
    this.#running.set(record.recordId, record);
    this.#append({ type: 'begin', record });
  }

  /** A call that was begun and turned out to be one with another: nothing is to be recorded of it. */
  forget(recordId: RecordId): void {
    if (this.#running.delete(recordId)) this.#append({ type: 'gone', recordId });
  }

  async finish(record: CallRecord): Promise<void> {
    this.#running.delete(record.recordId);
    this.#ended.set(record.recordId, record);
    for (const recordId of this.#giveUpOldest()) this.#append({ type: 'gone', recordId });
    await new Promise<void>((done) => {
      this.#append({ type: 'end', record }, done);
    });
    this.onRecord?.();
  }

  /** The oldest records, but for those in `except`. */
  next(count: number, except: ReadonlySet<RecordId> = new Set()): CallRecord[] {
    const records: CallRecord[] = [];
    for (const record of this.#ended.values()) {
      if (records.length === count) break;
      if (!except.has(record.recordId)) records.push(record);
    }
    return records;
  }

  /** These are safe in the cloud, or will never be accepted there. */
  remove(recordIds: readonly RecordId[]): void {
    for (const recordId of recordIds) {
      if (this.#ended.delete(recordId)) this.#append({ type: 'gone', recordId });
    }
  }

  /** Writes what waits and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#file.close();
  }

  #giveUpOldest(): RecordId[] {
    const excess = [...this.#ended.keys()].slice(0, Math.max(0, this.#ended.size - this.#maxRecords));
    if (excess.length === 0) return excess;
    for (const recordId of excess) this.#ended.delete(recordId);
    if (this.#dropped % 1000 === 0) {
      this.#log.error(
        { maxRecords: this.#maxRecords },
        'spool is full: the oldest call records are given up. Is the cloud reachable?',
      );
    }
    this.#dropped += excess.length;
    return excess;
  }

  #append(entry: Entry, done?: () => void): void {
    this.#queue.push({ entry, done });
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    // What is queued in the same turn of the event loop shares one write.
    await Promise.resolve();
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      const wantsSync = batch.some(({ done }) => done !== undefined);
      try {
        const text = (this.#torn ? '\n' : '') + batch.map(({ entry }) => writeEntry(entry)).join('');
        this.#torn = true;
        await this.#file.appendFile(text);
        this.#torn = false;
        this.#size += Buffer.byteLength(text);
        if (wantsSync) await this.#file.datasync();
        if (this.#size > this.#compactAt) await this.#compact();
      } catch (error) {
        this.#unwritten += batch.filter(({ done }) => done !== undefined).length;
        this.#log.error(
          { err: error, directory: this.#directory },
          'spool: call records could not be written',
        );
      }
      for (const { done } of batch) done?.();
    }
  }

  #take(): { entry: Entry; done: (() => void) | undefined }[] {
    const batch = this.#queue;
    this.#queue = [];
    return batch;
  }

  /** A new journal with what still matters takes the old one's place at once. */
  async #compact(): Promise<void> {
    const place = path.join(this.#directory, JOURNAL);
    const text = [
      ...[...this.#ended.values()].map((record) => writeEntry({ type: 'end', record })),
      ...[...this.#running.values()].map((record) => writeEntry({ type: 'begin', record })),
    ].join('');
    const next = await open(`${place}.new`, 'w', 0o600);
    try {
      await next.writeFile(text);
      await next.sync();
    } finally {
      await next.close();
    }
    await rename(`${place}.new`, place);
    const old = this.#file;
    this.#file = await open(place, 'a', 0o600);
    await old.close();
    await syncDirectory(this.#directory);
    this.#torn = false;
    this.#size = Buffer.byteLength(text);
    // Where most of it still matters, the next time comes later.
    this.#compactAt = Math.max(this.#compactAbove, 2 * this.#size);
  }
}

async function readWhole(place: string): Promise<{ text: string; writtenAt: number }> {
  try {
    const { mtimeMs } = await stat(place);
    return { text: await readFile(place, 'utf8'), writtenAt: Math.floor(mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { text: '', writtenAt: 0 };
    throw error;
  }
}

/** So that the new name survives a power cut, too. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
