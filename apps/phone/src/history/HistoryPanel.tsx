import { Button, Skeleton, Title } from '@mantine/core';
import type { HistoryEntry, UserId } from '@offhook/contract';
import { Blank } from '@offhook/ui';
import { IconAlertCircle, IconHistory } from '@tabler/icons-react';
import { useWords } from '../i18n/use-words.ts';
import { useNow } from '../app/use-now.ts';
import type { SectionProps } from '../shell/section-props.ts';
import { daysAgo } from '../words/time.ts';
import classes from './HistoryPanel.module.css';
import { HistoryRow } from './HistoryRow.tsx';
import { useHistory } from './use-history.ts';

export default function HistoryPanel({ me }: SectionProps) {
  const { t } = useWords();
  return (
    <>
      <Title order={2} id="recent-title" className={classes['title'] ?? ''}>
        {t('history.title')}
      </Title>
      <HistoryList userId={me.userId} />
    </>
  );
}

function HistoryList({ userId }: { readonly userId: UserId }) {
  const { t } = useWords();
  const history = useHistory(userId);
  if (history.isPending) return <Loading />;
  if (history.isError && history.data === undefined) {
    const retry = (
      <Button variant="default" size="sm" onClick={() => void history.refetch()}>
        {t('call.tryAgain')}
      </Button>
    );
    return (
      <Blank icon={<IconAlertCircle size={36} stroke={1.5} />} title={t('history.error')} action={retry} />
    );
  }
  const entries = history.data?.pages.flatMap((page) => page.entries) ?? [];
  if (entries.length === 0) {
    return (
      <Blank
        icon={<IconHistory size={36} stroke={1.5} />}
        title={t('history.empty')}
        hint={t('history.empty.hint')}
      />
    );
  }
  return (
    <>
      <Days entries={entries} />
      {history.hasNextPage ? (
        <Button
          variant="subtle"
          fullWidth
          size="md"
          radius={0}
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          {t('history.more')}
        </Button>
      ) : null}
    </>
  );
}

function Days({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  const { t, i18n } = useWords();
  const now = useNow(false);
  const date = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', day: 'numeric', month: 'long' });
  const days = groupByDay(entries, now);
  return days.map(([ago, ofDay]) => (
    <section key={ago} aria-labelledby={`day-${ago}`}>
      <h3 id={`day-${ago}`} className={classes['day']}>
        {ago === 0
          ? t('history.today')
          : ago === 1
            ? t('history.yesterday')
            : date.format(ofDay[0]?.startedAt)}
      </h3>
      <ul className={classes['list']}>
        {ofDay.map((entry) => (
          <HistoryRow key={entry.recordId} entry={entry} />
        ))}
      </ul>
    </section>
  ));
}

function groupByDay(entries: readonly HistoryEntry[], now: number): [number, HistoryEntry[]][] {
  const days = new Map<number, HistoryEntry[]>();
  for (const entry of entries) {
    const ago = daysAgo(entry.startedAt, now);
    const day = days.get(ago);
    if (day === undefined) days.set(ago, [entry]);
    else day.push(entry);
  }
  return [...days];
}

function Loading() {
  return (
    <div aria-busy="true">
      {[180, 140, 200, 160].map((width) => (
        <div key={width} className={classes['row']}>
          <Skeleton circle height={40} />
          <div>
            <Skeleton height={12} width={width} mb={8} />
            <Skeleton height={10} width={90} />
          </div>
        </div>
      ))}
    </div>
  );
}
