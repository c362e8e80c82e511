import {
  historyKindOf,
  OffhookError,
  type HistoryEntry,
  type RecordId,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type { CsvCell } from '@offhook/subscribers';
import type { HistoryStore } from './store.ts';

/** Entries in memory at a time. */
const AT_ONCE = 500;

/** All entries of a person, newest first, page by page: between two pages no transaction is open, however slowly the file is taken. */
export async function* allEntries(
  store: Pick<HistoryStore, 'page'>,
  tenantId: TenantId,
  userId: UserId,
  atOnce = AT_ONCE,
): AsyncGenerator<HistoryEntry, void, undefined> {
  let before: RecordId | undefined;
  for (;;) {
    const entries = await store.page(tenantId, userId, atOnce, before);
    yield* entries;
    before = entries.at(-1)?.recordId;
    if (entries.length < atOnce) return;
  }
}

/** In English whatever the person's language, so that files of several people and years can be put together. Documented in `docs/user.md`. */
export const headings = [
  'Date',
  'Time',
  'Time zone',
  'Kind',
  'Name',
  'Number',
  'Ring seconds',
  'Talk seconds',
  'Outcome',
  'Answered at',
  'Forwarded by',
  'Members',
  'Note',
  'Started (UTC)',
  'Answered (UTC)',
  'Ended (UTC)',
  'Record',
];

/** @throws OffhookError `bad_request` for a zone that nobody knows */
export function historyRows(
  entries: AsyncIterable<HistoryEntry>,
  timeZone: string,
): AsyncGenerator<CsvCell[], void, undefined> {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  } catch (cause) {
    throw new OffhookError('bad_request', { message: 'no such time zone', cause });
  }
  return rows(entries, timeZone, format);
}

async function* rows(
  entries: AsyncIterable<HistoryEntry>,
  timeZone: string,
  format: Intl.DateTimeFormat,
): AsyncGenerator<CsvCell[], void, undefined> {
  for await (const entry of entries) {
    const { remote, startedAt, answeredAt, endedAt, divertedBy, members, steps } = entry;
    // `2026-11-24 17:34:05`.
    const [date = '', time = ''] = format.format(startedAt).split(' ');
    yield [
      date,
      time,
      timeZone,
      historyKindOf(entry),
      remote.name,
      remote.number,
      seconds((answeredAt ?? endedAt) - startedAt),
      answeredAt === undefined ? 0 : seconds(endedAt - answeredAt),
      entry.cause,
      steps?.find((step) => step.kind === 'at')?.where,
      divertedBy === undefined ? undefined : nameOf(divertedBy),
      members?.map(nameOf).join('; '),
      entry.note,
      utc(startedAt),
      answeredAt === undefined ? '' : utc(answeredAt),
      utc(endedAt),
      entry.recordId,
    ];
  }
}

const utc = (at: number): string => new Date(at).toISOString();
const seconds = (milliseconds: number): number => Math.max(0, Math.round(milliseconds / 1000));
const nameOf = ({ name, number }: { name?: string | undefined; number: string }): string =>
  name === undefined || name === '' ? number : `${name} (${number})`;
