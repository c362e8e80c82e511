import { historyKindOf, RecordId, type HistoryPage } from '@offhook/contract';
import type { HistoryWish } from '@offhook/phone-core';
import { describe, expect, it } from 'vitest';
import { history } from '../gallery/builders.ts';
import { withEntry, withFirstPage, withNews, type Pages } from './pages.ts';
import { rowsOf, topsOf } from './rows.ts';
import { sliceOf } from './use-window.ts';

const [first, second, third, fourth] = history;
if (first === undefined || second === undefined || third === undefined || fourth === undefined)
  throw new Error('No history.');

describe('kind', () => {
  const incoming = { ...second, direction: 'incoming' } as const;

  it('missed is what rang and nobody took or refused', () => {
    expect(historyKindOf({ ...incoming, cause: 'cancelled' })).toBe('missed');
    expect(historyKindOf({ ...incoming, cause: 'no_answer' })).toBe('missed');
  });

  it('[A14] answered on another device, refused here, or talked: not missed', () => {
    expect(historyKindOf({ ...incoming, cause: 'answered_elsewhere' })).toBe('incoming');
    expect(historyKindOf({ ...incoming, cause: 'declined' })).toBe('incoming');
    expect(historyKindOf({ ...incoming, cause: 'completed', answeredAt: 5 })).toBe('incoming');
  });

  it('what this person dialled is outgoing, whatever became of it', () => {
    expect(historyKindOf({ ...incoming, direction: 'outgoing', cause: 'no_answer' })).toBe('outgoing');
  });
});

function page(...entries: HistoryPage['entries']): HistoryPage {
  return { entries, more: true };
}

const idsOf = (pages: Pages | undefined) =>
  pages?.pages.map((one) => one.entries.map((entry) => String(entry.recordId)));
const all: HistoryWish = { filter: 'all', search: '' };

describe('pages', () => {
  const pages = { pages: [page(first), page(second)], pageParams: [undefined, RecordId.parse('1')] };

  it('a finished call goes to the top', () => {
    expect(idsOf(withEntry(pages, third))).toEqual([['3', '1'], ['2']]);
  });

  it('the same call told twice is there once, also where it is on a later page', () => {
    expect(withEntry(pages, first)).toBe(pages);
    expect(withEntry(pages, second)).toBe(pages);
  });

  it('[D7] what is filtered out is not added; whether a search finds it the cloud says', () => {
    const added = { kind: 'added', entry: third } as const;
    expect(withNews(pages, { ...all, filter: 'missed' }, added)).toBe(pages);
    expect(idsOf(withNews(pages, { ...all, filter: 'incoming' }, added))).toEqual([['3', '1'], ['2']]);
    expect(withNews(pages, { ...all, search: 'x' }, added)).toBeUndefined();
  });

  it('[D7] a note appears, a deleted call goes, and where one that is brought back belongs the cloud says', () => {
    const noted = withNews(pages, all, { kind: 'changed', entry: { ...second, note: 'n' } });
    expect(noted?.pages[1]?.entries).toMatchObject([{ recordId: '2', note: 'n' }]);
    expect(idsOf(withNews(pages, all, { kind: 'removed', recordId: second.recordId }))).toEqual([['1'], []]);
    expect(withNews(pages, all, { kind: 'changed', entry: third })).toBeUndefined();
  });

  it('[D7] the first page anew: what is further down stays, unless there is a gap', () => {
    const known = { pages: [page(second, third), page(fourth)], pageParams: [undefined, third.recordId] };
    expect(idsOf(withFirstPage(known, page(first, second)))).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    // The second was deleted at another device.
    expect(idsOf(withFirstPage(known, page(first, third)))).toEqual([['1', '3'], ['4']]);
    const apart = { pages: [page(fourth)], pageParams: [undefined] };
    expect(idsOf(withFirstPage(apart, page(first, second)))).toEqual([['1', '2']]);
    expect(idsOf(withFirstPage(known, { entries: [first], more: false }))).toEqual([['1']]);
  });
});

describe('[D7] the rows that are drawn', () => {
  const now = new Date(2026, 10, 24, 12).getTime();
  const at = (hours: number, note?: string) => ({
    ...first,
    startedAt: now - hours * 3_600_000,
    ...(note === undefined ? {} : { note }),
  });

  it('each day has a heading; what has a note is higher', () => {
    const rows = rowsOf([at(1), at(2, 'n'), at(30)], now);
    expect(rows.map(({ kind }) => kind)).toEqual(['day', 'call', 'call', 'day', 'call']);
    expect(topsOf(rows)).toEqual([0, 36, 100, 186, 222, 286]);
  });

  it('of ten thousand those are drawn that are near the window', () => {
    const tops = Array.from({ length: 10_001 }, (_, index) => index * 64);
    expect(sliceOf(tops, 0, 800)).toEqual({ from: 0, to: 17 });
    expect(sliceOf(tops, 64 * 5_000, 64 * 5_000 + 800)).toEqual({ from: 4_996, to: 5_017 });
    expect(sliceOf(tops, 64 * 9_995, 64 * 10_000)).toEqual({ from: 9_991, to: 10_000 });
    expect(sliceOf([0], 0, 800)).toEqual({ from: 0, to: 0 });
  });
});
