import type { HistoryEntry } from '@offhook/contract';
import { daysAgo } from '../words/time.ts';

/** What the list draws: a heading for each day, and its calls. */
export type Row =
  | { readonly kind: 'day'; readonly ago: number; readonly at: number }
  | { readonly kind: 'call'; readonly entry: HistoryEntry };

/** Pixels, as in `HistoryPanel.module.css`. */
const DAY = 36;
const CALL = 64;
const NOTE = 22;

/** @param entries newest first */
export function rowsOf(entries: readonly HistoryEntry[], now: number): Row[] {
  const rows: Row[] = [];
  // The calendar is asked once for each day, not for each of ten thousand calls.
  let dayBegan = Infinity;
  for (const entry of entries) {
    if (entry.startedAt < dayBegan) {
      rows.push({ kind: 'day', ago: daysAgo(entry.startedAt, now), at: entry.startedAt });
      dayBegan = new Date(entry.startedAt).setHours(0, 0, 0, 0);
    }
    rows.push({ kind: 'call', entry });
  }
  return rows;
}

/** The top of each row, and at the end the height of all. */
export function topsOf(rows: readonly Row[]): number[] {
  const tops = [0];
  let top = 0;
  for (const row of rows) {
    top += row.kind === 'day' ? DAY : CALL + (row.entry.note === undefined ? 0 : NOTE);
    tops.push(top);
  }
  return tops;
}
