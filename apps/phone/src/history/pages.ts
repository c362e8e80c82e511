import type { HistoryEntry, HistoryPage, RecordId } from '@offhook/contract';
import type { InfiniteData } from '@tanstack/react-query';

export type Pages = InfiniteData<HistoryPage, RecordId | undefined>;

/** The newest first, each entry once. */
export function withEntry(pages: Pages, entry: HistoryEntry): Pages {
  const [first, ...rest] = pages.pages;
  if (first === undefined) return pages;
  if (pages.pages.some((page) => page.entries.some((one) => one.recordId === entry.recordId))) return pages;
  return { ...pages, pages: [{ ...first, entries: [entry, ...first.entries] }, ...rest] };
}
