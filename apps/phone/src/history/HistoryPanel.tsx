import { ActionIcon, Button, SegmentedControl, Skeleton, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { HistoryFilter, Limits, type HistoryEntry, type Me, type UserId } from '@offhook/contract';
import type { HistoryWish } from '@offhook/phone-core';
import { Blank } from '@offhook/ui';
import {
  IconAlertCircle,
  IconDownload,
  IconHistory,
  IconSearch,
  IconSearchOff,
  IconX,
} from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { DeletedBar } from './DeletedBar.tsx';
import classes from './HistoryPanel.module.css';
import { HistoryRows } from './HistoryRows.tsx';
import { MissedBadge } from './MissedBadge.tsx';
import { useHistory } from './use-history.ts';
import { useSeen } from './use-seen.ts';

const EntryDetails = lazy(() => import('./EntryDetails.tsx'));

const SEARCH_AFTER = 200;

export default function HistoryPanel({ me }: { readonly me: Me }) {
  const { t } = useWords();
  const seen = useSeen();
  const [filter, setFilter] = useState<HistoryFilter>('all');
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed, SEARCH_AFTER);
  const [chosen, setChosen] = useState<HistoryEntry>();
  const [deleted, setDeleted] = useState<HistoryEntry>();
  // Emptied at once: only typing is waited for.
  const search = typed === '' ? '' : settled.trim();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return (
    <>
      <div className={classes['head']} ref={seen}>
        <Title order={2} id="recent-title" className={classes['title'] ?? ''}>
          {t('history.title')}
        </Title>
        <MissedBadge />
        <ActionIcon
          component="a"
          href={`/api/history/export?timeZone=${encodeURIComponent(timeZone)}`}
          download=""
          className={classes['download'] ?? ''}
          variant="subtle"
          color="gray"
          size={36}
          radius="xl"
          aria-label={t('history.download')}
          title={t('history.download')}
        >
          <IconDownload size={20} stroke={1.7} />
        </ActionIcon>
      </div>
      <div className={classes['tools']}>
        <TextInput
          type="search"
          size="sm"
          radius="md"
          aria-label={t('history.search')}
          placeholder={t('history.search')}
          maxLength={Limits.searchChars}
          leftSection={<IconSearch size={16} stroke={1.7} />}
          rightSection={
            typed === '' ? null : (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                radius="xl"
                aria-label={t('history.search.clear')}
                onClick={() => setTyped('')}
              >
                <IconX size={16} stroke={1.7} />
              </ActionIcon>
            )
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          radius="md"
          fullWidth
          aria-label={t('history.filter')}
          value={filter}
          onChange={setFilter}
          data={HistoryFilter.options.map((value) => ({ value, label: t(`history.filter.${value}`) }))}
        />
      </div>
      {deleted === undefined ? null : (
        <DeletedBar key={deleted.recordId} entry={deleted} onDone={() => setDeleted(undefined)} />
      )}
      <HistoryList userId={me.userId} wish={{ filter, search }} onOpen={setChosen} />
      {chosen === undefined ? null : (
        <Suspense fallback={null}>
          <EntryDetails
            key={chosen.recordId}
            entry={chosen}
            onClose={() => setChosen(undefined)}
            onDeleted={setDeleted}
          />
        </Suspense>
      )}
    </>
  );
}

interface HistoryListProps {
  readonly userId: UserId;
  readonly wish: HistoryWish;
  readonly onOpen: (entry: HistoryEntry) => void;
}

function HistoryList({ userId, wish, onOpen }: HistoryListProps) {
  const { t } = useWords();
  const history = useHistory(userId, wish);
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
  const { pages } = history.data;
  if (pages.every((page) => page.entries.length === 0)) {
    return wish.search === '' && wish.filter === 'all' ? (
      <Blank
        icon={<IconHistory size={36} stroke={1.5} />}
        title={t('history.empty')}
        hint={t('history.empty.hint')}
      />
    ) : (
      <Blank
        icon={<IconSearchOff size={36} stroke={1.5} />}
        title={t('history.nothingFound')}
        hint={t('history.nothingFound.hint')}
      />
    );
  }
  return (
    <HistoryRows
      pages={pages}
      onOpen={onOpen}
      loadMore={
        history.hasNextPage &&
        !history.isPlaceholderData &&
        !history.isFetchingNextPage &&
        !history.isFetchNextPageError
          ? () => void history.fetchNextPage()
          : undefined
      }
      retry={history.isFetchNextPageError ? () => void history.fetchNextPage() : undefined}
    />
  );
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
