import type { AuditEntry } from '@offhook/contract';
import { writeCsv, type CsvCell } from '@offhook/subscribers';
import type { AuditFilter, AuditStore, AuditView } from './store.ts';

/** Entries in memory at a time. */
const AT_ONCE = 500;

/**
 * All entries, newest first, page by page: between two pages no transaction is open and no connection is held, however slowly the file is taken. What is written
 * meanwhile is newer than the first page, and is not in it.
 */
export async function* allEntries(
  store: AuditStore,
  view: AuditView,
  filter: AuditFilter,
  atOnce = AT_ONCE,
): AsyncGenerator<AuditEntry, void, undefined> {
  let before: number | undefined;
  for (;;) {
    const entries = await store.page(view, filter, atOnce, before);
    yield* entries;
    if (entries.length < atOnce) return;
    before = entries.at(-1)?.auditId;
  }
}

export function auditFile(
  format: 'csv' | 'jsonl',
  entries: AsyncIterable<AuditEntry>,
): AsyncIterable<string> {
  switch (format) {
    case 'csv':
      return writeCsv(headings, rows(entries));
    case 'jsonl':
      return jsonLines(entries);
  }
}

const headings = [
  'ID',
  'Time (UTC)',
  'Actor kind',
  'Actor ID',
  'Actor',
  'Role',
  'Action',
  'Subject kind',
  'Subject ID',
  'Subject',
  'Before',
  'After',
  'Address',
  'Request ID',
];

async function* rows(entries: AsyncIterable<AuditEntry>): AsyncGenerator<CsvCell[], void, undefined> {
  for await (const { auditId, at, actor, action, subject, before, after, address, requestId } of entries) {
    yield [
      auditId,
      new Date(at).toISOString(),
      actor.kind,
      actor.id,
      actor.name,
      actor.role,
      action,
      subject.kind,
      subject.id,
      subject.name,
      before === undefined ? '' : JSON.stringify(before),
      after === undefined ? '' : JSON.stringify(after),
      address,
      requestId,
    ];
  }
}

/** So many characters are given on at a time. */
const PIECE = 16 * 1024;

async function* jsonLines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string, void, undefined> {
  let piece = '';
  for await (const entry of entries) {
    piece += `${JSON.stringify(entry)}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
