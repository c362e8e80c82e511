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

export function rowsOf(entries: readonly HistoryEntry[], now: number): Row[] {
  const rows: Row[] = [];
  let last: number | undefined;
  for (const entry of entries) {
    const ago = daysAgo(entry.startedAt, now);
    if (ago !== last) rows.push({ kind: 'day', ago, at: entry.startedAt });
    last = ago;
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
