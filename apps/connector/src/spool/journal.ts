import { crc32 } from 'node:zlib';
import { CallRecord } from '@offhook/contract';
import * as z from 'zod';
import type { Beginning } from '../calls/view.ts';

/**
 * One line of the spool's journal. `begin`: a call runs (written again when it is answered). `end`: its record.
 * `gone`: the cloud has the record, or will never take it.
 */
export type Entry =
  | { readonly type: 'begin'; readonly record: Beginning }
  | { readonly type: 'end'; readonly record: CallRecord }
  | { readonly type: 'gone'; readonly recordId: CallRecord['recordId'] };

const StoredEntry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('begin'), record: CallRecord.omit({ endedAt: true, cause: true }) }),
  z.object({ type: z.literal('end'), record: CallRecord }),
  z.object({ type: z.literal('gone'), recordId: CallRecord.shape.recordId }),
]);

/** `crc32 json`: the sum tells a whole line from one that a crash or a full disk cut short. */
export function writeEntry(entry: Entry): string {
  const json = JSON.stringify(entry);
  return `${sum(json)} ${json}\n`;
}

export interface JournalContent {
  /** Records that the cloud has not taken yet, oldest first. */
  readonly ended: CallRecord[];
  /** Calls that were running when the journal was written last. */
  readonly running: Beginning[];
  /** Lines that are damaged. The last one of a crashed process usually is. */
  readonly damaged: number;
}

export function readJournal(text: string): JournalContent {
  const ended = new Map<string, CallRecord>();
  const running = new Map<string, Beginning>();
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = readEntry(line);
    switch (entry?.type) {
      case 'begin':
        running.set(entry.record.recordId, entry.record);
        break;
      case 'end':
        running.delete(entry.record.recordId);
        ended.set(entry.record.recordId, entry.record);
        break;
      case 'gone':
        running.delete(entry.recordId);
        ended.delete(entry.recordId);
        break;
      case undefined:
        damaged += 1;
    }
  }
  return { ended: [...ended.values()], running: [...running.values()], damaged };
}

function readEntry(line: string): z.infer<typeof StoredEntry> | undefined {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${sum(json)} `) return undefined;
  try {
    return StoredEntry.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

const sum = (json: string): string => crc32(json).toString(16).padStart(8, '0');
