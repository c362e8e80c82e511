import { useRouter, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

/** What a list shows: kept in the address, so that a view can be sent, bookmarked and come back to. */
export interface ListView {
  readonly search: string;
  readonly sort: string;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  /** By name, such as `status`; one that is not set is absent. */
  readonly filters: Readonly<Record<string, string>>;
}

export type ListChange = Partial<ListView>;
export const pageSizes = [25, 50, 100, 200] as const;
const DEFAULT_PAGE_SIZE = 50;
const own = new Set(['q', 'sort', 'desc', 'page', 'size']);

export interface ListDefaults {
  readonly sort: string;
  readonly descending?: boolean;
  readonly pageSize?: number;
}

/** The address's query as a view; nonsense in it is as if it were not there. */
export function readView(search: Readonly<Record<string, unknown>>, defaults: ListDefaults): ListView {
  const text = (key: string): string => (typeof search[key] === 'string' ? search[key] : '');
  const page = Number(text('page'));
  const size = Number(text('size'));
  const desc = text('desc');
  return {
    search: text('q').slice(0, 100),
    sort: text('sort') === '' ? defaults.sort : text('sort'),
    descending: desc === '' ? defaults.descending === true : desc === '1',
    page: Number.isInteger(page) && page > 0 ? page : 1,
    pageSize: (pageSizes as readonly number[]).includes(size)
      ? size
      : (defaults.pageSize ?? DEFAULT_PAGE_SIZE),
    filters: Object.fromEntries(
      Object.keys(search)
        .filter((key) => !own.has(key) && text(key) !== '')
        .map((key) => [key, text(key)]),
    ),
  };
}

/** Only what differs from the defaults is written. */
export function writeView(view: ListView, defaults: ListDefaults): Record<string, string> {
  const { search, sort, descending, page, pageSize, filters } = view;
  return {
    ...filters,
    ...(search === '' ? {} : { q: search }),
    ...(sort === defaults.sort ? {} : { sort }),
    ...(descending === (defaults.descending === true) ? {} : { desc: descending ? '1' : '0' }),
    ...(page === 1 ? {} : { page: String(page) }),
    ...(pageSize === (defaults.pageSize ?? DEFAULT_PAGE_SIZE) ? {} : { size: String(pageSize) }),
  };
}

/** Whatever changes but the page itself leads to the first page. */
export function changeView(view: ListView, change: ListChange): ListView {
  return { ...view, page: 1, ...change };
}

/** The query of the contract's lists: `search`, `sort`, `descending`, `page`, `pageSize` and the filters. */
export function queryOf(view: ListView): Record<string, string | number | boolean> {
  const { filters, ...rest } = view;
  return { ...filters, ...rest };
}

export function useListView(defaults: ListDefaults): readonly [ListView, (change: ListChange) => void] {
  const router = useRouter();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const { sort, descending = false, pageSize = DEFAULT_PAGE_SIZE } = defaults;
  const view = useMemo(
    () => readView(search, { sort, descending, pageSize }),
    [search, sort, descending, pageSize],
  );
  const change = (wanted: ListChange): void => {
    const next = writeView(changeView(view, wanted), { sort, descending, pageSize });
    void router.navigate({ to: '.', search: next, replace: true, resetScroll: false });
  };
  return [view, change];
}
