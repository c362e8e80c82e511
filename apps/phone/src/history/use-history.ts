import type { HistoryPage, RecordId, UserId } from '@offhook/contract';
import type { HistoryWish } from '@offhook/phone-core';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';
import { withFirstPage, withNews, type Pages } from './pages.ts';

/** The history, newest first, kept up to date by events; its first page is read anew after each reconnect. */
export function useHistory(userId: UserId, { filter, search }: HistoryWish) {
  const { history } = usePhone();
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ['history', userId, filter, search],
    queryFn: ({ pageParam }) => history.page({ filter, search }, pageParam),
    initialPageParam: undefined as RecordId | undefined,
    getNextPageParam: (last: HistoryPage) => (last.more ? last.entries.at(-1)?.recordId : undefined),
    // What was found before stays until the answer is there: nothing flickers with each letter.
    placeholderData: keepPreviousData,
    // Events keep it up to date: reading hundreds of pages anew is for nothing.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

  const online = usePhoneState((state) => state.connection.name === 'online');
  useEffect(() => {
    const wish = { filter, search };
    const key = ['history', userId, filter, search];
    let open = true;
    const refresh = async (): Promise<void> => {
      if (client.getQueryData<Pages>(key) === undefined) return;
      try {
        const first = await history.page(wish);
        if (open) client.setQueryData<Pages>(key, (pages) => pages && withFirstPage(pages, first));
      } catch {
        // The list stays as it is; the next connection tries again.
      }
    };
    // What happened while the connection was away, or the list was closed, came without an event.
    if (online) void refresh();
    const stop = history.onNews((news) => {
      const pages = client.getQueryData<Pages>(key);
      if (pages === undefined) return;
      const next = withNews(pages, wish, news);
      if (next === undefined) void refresh();
      else client.setQueryData<Pages>(key, next);
    });
    return () => {
      open = false;
      stop();
    };
  }, [online, client, history, userId, filter, search]);

  return query;
}
