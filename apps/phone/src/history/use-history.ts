import type { HistoryPage, RecordId, UserId } from '@offhook/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { withEntry, type Pages } from './pages.ts';
import { usePhone, usePhoneState } from '../app/PhoneContext.tsx';

/** The history, newest first, kept up to date by events and read anew after each reconnect. */
export function useHistory(userId: UserId) {
  const phone = usePhone();
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ['history', userId],
    queryFn: ({ pageParam }) => phone.history(pageParam),
    initialPageParam: undefined as RecordId | undefined,
    getNextPageParam: (last: HistoryPage) => (last.more ? last.entries.at(-1)?.recordId : undefined),
  });

  useEffect(
    () =>
      phone.onHistoryAdded((entry) =>
        client.setQueryData<Pages>(['history', userId], (pages) => pages && withEntry(pages, entry)),
      ),
    [phone, client, userId],
  );

  const online = usePhoneState((state) => state.connection.name === 'online');
  useEffect(() => {
    // What ended while the connection was away came without an event.
    if (online) void client.invalidateQueries({ queryKey: ['history', userId] });
  }, [online, client, userId]);

  return query;
}
