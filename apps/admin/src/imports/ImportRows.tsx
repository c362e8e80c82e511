import { Tabs } from '@mantine/core';
import type { Import, ImportRow } from '@offhook/contract';
import { IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { changeView, type ListView } from '../shared/list-view.ts';
import { rowKinds, rowsQuery, type RowKind } from './imports.ts';
import classes from './imports.module.css';

/** Row by row what an import would do or did, by kind. */
export function ImportRows({ run }: { readonly run: Import }) {
  const { t } = useWords();
  const format = useFormat();
  const [kind, setKind] = useState<RowKind>(
    () => rowKinds.find((one) => one !== 'unchanged' && run.counts[one] > 0) ?? 'unchanged',
  );
  const [view, setView] = useState<ListView>({
    search: '',
    sort: 'row',
    descending: false,
    page: 1,
    pageSize: 50,
    filters: {},
  });
  const { page, pageSize } = view;
  const { data, error, refetch, isPlaceholderData } = useQuery(
    rowsQuery(useApi(), run.importId, run.state, { kind, page, pageSize }),
  );
  return (
    <Tabs
      variant="pills"
      value={kind}
      onChange={(chosen) => {
        setKind(rowKinds.find((one) => one === chosen) ?? kind);
        setView(changeView(view, {}));
      }}
    >
      <Tabs.List aria-label={t('imports.rows')} mb="md">
        {rowKinds.map((one) => (
          <Tabs.Tab
            key={one}
            value={one}
            rightSection={<span className={classes['count']}>{format.number(run.counts[one])}</span>}
          >
            {t(`imports.kind.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={kind}>
        <DataTable
          label={t(`imports.kind.${kind}`)}
          columns={useRowColumns(kind)}
          rows={data?.rows}
          total={data?.total}
          rowId={({ row }) => String(row)}
          rowName={({ row, email }) => email ?? String(row)}
          view={view}
          onView={(change) => setView(changeView(view, change))}
          problem={error}
          onRetry={() => void refetch()}
          refreshing={isPlaceholderData}
          empty={<EmptyState icon={IconListCheck} title={t(`imports.rows.none.${kind}`)} />}
        />
      </Tabs.Panel>
    </Tabs>
  );
}

function useRowColumns(kind: RowKind): readonly DataColumn<ImportRow>[] {
  const { t } = useWords();
  const format = useFormat();
  const row: DataColumn<ImportRow> = {
    id: 'row',
    title: t('imports.row'),
    align: 'end',
    width: '84px',
    cell: (one) => format.number(one.row),
  };
  const person: DataColumn<ImportRow> = {
    id: 'person',
    title: t('users.person'),
    narrow: 'head',
    cell: ({ name, email }) => (
      <>
        <b className={classes['name']}>{name ?? email ?? t('imports.row.unknown')}</b>
        {name === undefined ? null : <div className={classes['quiet']}>{email}</div>}
      </>
    ),
  };
  switch (kind) {
    case 'unchanged':
      return [row, person];
    case 'new':
    case 'changed':
      return [
        row,
        person,
        {
          id: 'changes',
          title: t(kind === 'new' ? 'imports.values' : 'imports.changes'),
          cell: ({ changes = [] }) => (
            <div>
              {changes.map(({ field, before, after }) => (
                <span key={field} className={classes['change']}>
                  <span className={classes['quiet']}>{t(`imports.field.${field}`)}: </span>
                  {before === undefined ? null : (
                    <>
                      <s className={classes['before']}>{before}</s>
                      {' → '}
                    </>
                  )}
                  {after ?? t('shared.none')}
                </span>
              ))}
            </div>
          ),
        },
      ];
    case 'refused':
      return [
        row,
        person,
        {
          id: 'column',
          title: t('imports.column'),
          cell: ({ problem }) => problem?.column ?? '',
        },
        {
          id: 'value',
          title: t('imports.value'),
          cell: ({ problem }) => problem?.value ?? '',
        },
        {
          id: 'reason',
          title: t('imports.reason'),
          cell: ({ problem }) =>
            problem === undefined ? (
              ''
            ) : (
              <span className={classes['reason']}>{t(`imports.problem.${problem.code}`)}</span>
            ),
        },
      ];
  }
}
