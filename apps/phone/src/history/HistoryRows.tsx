import { Button } from '@mantine/core';
import type { HistoryEntry, HistoryPage } from '@offhook/contract';
import { useEffect, useMemo } from 'react';
import { useNow } from '../app/use-now.ts';
import { useWords } from '../i18n/use-words.ts';
import classes from './HistoryPanel.module.css';
import { HistoryRow } from './HistoryRow.tsx';
import { rowsOf, topsOf } from './rows.ts';
import { useWindow } from './use-window.ts';

/** Rows before the end at which the next page is asked for. */
const AHEAD = 20;

export interface HistoryRowsProps {
  readonly pages: readonly HistoryPage[];
  readonly onOpen: (entry: HistoryEntry) => void;
  /** There is more, and nothing is under way. */
  readonly loadMore: (() => void) | undefined;
  /** The next page could not be loaded. */
  readonly retry: (() => void) | undefined;
}

/** Thousands of calls, of which those are drawn that are near the window. */
export function HistoryRows({ pages, onOpen, loadMore, retry }: HistoryRowsProps) {
  const { t, i18n } = useWords();
  const today = new Date(useNow(false)).setHours(0, 0, 0, 0);
  const rows = useMemo(
    () =>
      rowsOf(
        pages.flatMap((page) => page.entries),
        today,
      ),
    [pages, today],
  );
  const tops = useMemo(() => topsOf(rows), [rows]);
  const { ref, slice } = useWindow(tops);
  const isNearEnd = slice.to >= rows.length - AHEAD;
  useEffect(() => {
    if (isNearEnd) loadMore?.();
  }, [isNearEnd, loadMore]);
  const { date, time } = useMemo(
    () => ({
      date: new Intl.DateTimeFormat(i18n.language, { weekday: 'long', day: 'numeric', month: 'long' }),
      time: new Intl.DateTimeFormat(i18n.language, { hour: 'numeric', minute: '2-digit' }),
    }),
    [i18n.language],
  );
  return (
    <>
      <ul ref={ref} className={classes['list']} style={{ height: tops.at(-1) }}>
        {rows.slice(slice.from, slice.to).map((row, index) => {
          const top = tops[slice.from + index];
          return row.kind === 'day' ? (
            <li key={`day-${String(row.ago)}`} className={classes['place']} style={{ top }}>
              <h3 className={classes['day']}>
                {row.ago === 0
                  ? t('history.today')
                  : row.ago === 1
                    ? t('history.yesterday')
                    : date.format(row.at)}
              </h3>
            </li>
          ) : (
            <HistoryRow
              key={row.entry.recordId}
              entry={row.entry}
              top={top ?? 0}
              time={time}
              onOpen={onOpen}
            />
          );
        })}
      </ul>
      {retry === undefined ? null : (
        <Button variant="subtle" fullWidth size="md" radius={0} onClick={retry}>
          {t('call.tryAgain')}
        </Button>
      )}
    </>
  );
}
