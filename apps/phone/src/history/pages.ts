import { historyKindOf, type HistoryEntry, type HistoryPage, type RecordId } from '@offhook/contract';
import type { HistoryNews, HistoryWish } from '@offhook/phone-core';
import type { InfiniteData } from '@tanstack/react-query';

export type Pages = InfiniteData<HistoryPage, RecordId | undefined>;

/** The newest first, each entry once. */
export function withEntry(pages: Pages, entry: HistoryEntry): Pages {
  const [first, ...rest] = pages.pages;
  if (first === undefined) return pages;
  if (pages.pages.some((page) => page.entries.some((one) => one.recordId === entry.recordId))) return pages;
  return { ...pages, pages: [{ ...first, entries: [entry, ...first.entries] }, ...rest] };
}

/**
 * The pages after what has happened; `undefined` where only the cloud can say: whether something is found by a search, or where an entry that
 * was brought back has its place.
 */
export function withNews(pages: Pages, wish: HistoryWish, news: HistoryNews): Pages | undefined {
  switch (news.kind) {
    case 'removed':
      return mapped(pages, (entries) => entries.filter(({ recordId }) => recordId !== news.recordId));
    case 'changed': {
      const { entry } = news;
      const isHere = pages.pages.some(({ entries }) =>
        entries.some(({ recordId }) => recordId === entry.recordId),
      );
      if (!isHere) return undefined;
      return mapped(pages, (entries) =>
        entries.map((one) => (one.recordId === entry.recordId ? entry : one)),
      );
    }
    case 'added':
      if (wish.search.trim() !== '') return undefined;
      return isWanted(wish, news.entry) ? withEntry(pages, news.entry) : pages;
  }
}

/** The first page anew, as after a time without a connection. What is further down stays, unless there is a gap now. */
export function withFirstPage(pages: Pages, first: HistoryPage): Pages {
  const entries = pages.pages.flatMap((page) => page.entries);
  const known = new Set(entries.map(({ recordId }) => recordId));
  const isJoined = first.entries.some(({ recordId }) => known.has(recordId));
  const last = first.entries.at(-1);
  const older = entries.findIndex((one) => isAfter(one, last));
  if (!first.more || !isJoined || older < 0) return { pages: [first], pageParams: [undefined] };
  const more = pages.pages.at(-1)?.more ?? false;
  return {
    pages: [first, { entries: entries.slice(older), more }],
    pageParams: [undefined, last?.recordId],
  };
}

/** Whether it comes after that one in the list, which begins with the newest. */
function isAfter(one: HistoryEntry, last: HistoryEntry | undefined): boolean {
  if (last === undefined) return false;
  if (one.startedAt !== last.startedAt) return one.startedAt < last.startedAt;
  return one.recordId < last.recordId;
}

function isWanted({ filter }: HistoryWish, entry: HistoryEntry): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'missed':
      return historyKindOf(entry) === 'missed';
    case 'incoming':
    case 'outgoing':
      return entry.direction === filter;
  }
}

function mapped(pages: Pages, change: (entries: HistoryEntry[]) => HistoryEntry[]): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, entries: change(page.entries) })) };
}
