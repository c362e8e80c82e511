import { Button, NativeSelect, TextInput, UnstyledButton } from '@mantine/core';
import { AuditPage, type AuditEntry } from '@offhook/contract';
import { IconClipboardList, IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { withQuery } from '../api/api.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { useListView } from '../shared/list-view.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { actionGroups, actionWords } from './action-words.ts';
import { EntryDialog } from './EntryDialog.tsx';
import { useCompanyFormat } from './use-company-format.ts';
import classes from './Audit.module.css';

export interface AuditLogProps {
  readonly path: '/api/admin/audit' | '/api/provider/audit';
  readonly purpose: 'audit.hint' | 'audit.provider.hint';
}

const AT_ONCE = 50;

/** The log, newest first; older entries are fetched as somebody asks for them. */
export function AuditLog({ path, purpose }: AuditLogProps) {
  const { t } = useWords();
  const api = useApi();
  const [view, setView] = useListView({ sort: 'at' });
  const [open, setOpen] = useState<AuditEntry>();
  const { action, from, to } = view.filters;
  const asked = { search: view.search, action, from, to };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', path, asked],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.get(path, AuditPage, { ...asked, before: pageParam, limit: AT_ONCE }, signal),
    getNextPageParam: ({ entries, more }) => (more ? entries.at(-1)?.auditId : undefined),
  });
  const columns = useColumns(setOpen);
  const rows = data?.pages.flatMap(({ entries }) => entries);
  const filter = (name: 'action' | 'from' | 'to', value: string): void => {
    const { [name]: _, ...rest } = view.filters;
    setView({ filters: value === '' ? rest : { ...rest, [name]: value } });
  };

  return (
    <>
      <PageHeader
        title={t('audit.title')}
        hint={t(purpose)}
        actions={(['csv', 'jsonl'] as const).map((format) => (
          <Button
            key={format}
            component="a"
            href={withQuery(`${path}/export`, { ...asked, format })}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {t(`audit.export.${format}`)}
          </Button>
        ))}
      />
      <DataTable
        label={t('audit.title')}
        columns={columns}
        rows={rows}
        total={undefined}
        rowId={({ auditId }) => String(auditId)}
        rowName={({ action: act }) => actionWords(t, act)}
        view={view}
        onView={setView}
        searchLabel={t('audit.search')}
        problem={error}
        onRetry={() => void refetch()}
        onOpen={setOpen}
        filters={
          <>
            <NativeSelect
              size="sm"
              aria-label={t('audit.what')}
              value={action ?? ''}
              onChange={(event) => filter('action', event.currentTarget.value)}
              data={[
                { value: '', label: t('audit.what.all') },
                ...actionGroups.map((group) => ({ value: group, label: t(`audit.group.${group}`) })),
              ]}
            />
            <Day name={t('audit.from')} value={from} onChange={(day) => filter('from', day)} />
            <Day name={t('audit.to')} value={to} onChange={(day) => filter('to', day)} />
          </>
        }
        empty={<EmptyState icon={IconClipboardList} title={t('audit.none')} hint={t('audit.none.hint')} />}
      />
      {hasNextPage ? (
        <div className={classes['more']}>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('audit.older')}
          </Button>
        </div>
      ) : null}
      {open === undefined ? null : <EntryDialog entry={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

interface DayProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly onChange: (day: string) => void;
}

/** One end of a range: an empty field of a date does not say which. */
function Day({ name, value, onChange }: DayProps) {
  return (
    <label className={classes['day']}>
      <span>{name}</span>
      <TextInput
        size="sm"
        type="date"
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

function useColumns(onOpen: (entry: AuditEntry) => void): readonly DataColumn<AuditEntry>[] {
  const { t } = useWords();
  const format = useCompanyFormat();
  return [
    {
      id: 'action',
      title: t('audit.action'),
      narrow: 'head',
      cell: (entry) => (
        <>
          <UnstyledButton className={classes['open'] ?? ''} onClick={() => onOpen(entry)}>
            {actionWords(t, entry.action)}
          </UnstyledButton>
          {entry.subject.name === '' ? null : <div className={classes['sub']}>{entry.subject.name}</div>}
        </>
      ),
    },
    {
      id: 'actor',
      title: t('audit.actor'),
      cell: ({ actor }) => (actor.kind === 'system' ? t('audit.actor.system') : actor.name),
    },
    { id: 'at', title: t('audit.at'), cell: ({ at }) => format.dateTime(at) },
    { id: 'address', title: t('audit.address'), cell: ({ address }) => address ?? '–' },
  ];
}
