import { Button, NativeSelect } from '@mantine/core';
import type { Import } from '@offhook/contract';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { ProgressBar } from '../shared/ProgressBar.tsx';
import { useAct } from '../shared/use-act.ts';
import { connectorsQuery } from '../users/users.ts';
import { FileDrop } from './FileDrop.tsx';
import { importsQuery, useImportActs } from './imports.ts';
import { ImportStatePill } from './ImportStatePill.tsx';
import { templateHref } from './template.ts';
import classes from './imports.module.css';

/** Where an import begins, and those there have been. */
export function Page() {
  const { t } = useWords();
  return (
    <>
      <PageHeader
        title={t('imports.title')}
        hint={t('imports.hint')}
        actions={
          <Button
            component="a"
            href={templateHref()}
            download="offhook-users.csv"
            variant="default"
            leftSection={<IconDownload size={18} />}
          >
            {t('imports.template')}
          </Button>
        }
      />
      <div className={classes['stack']}>
        <Upload />
        <Earlier />
      </div>
    </>
  );
}

/** A file goes up; its preview opens by itself. */
function Upload() {
  const { t } = useWords();
  const format = useFormat();
  const api = useApi();
  const navigate = useNavigate();
  const acts = useImportActs(api);
  const connectors = useQuery(connectorsQuery(api)).data?.connectors;
  const [chosen, setChosen] = useState<string>();
  const [sent, setSent] = useState<{ readonly file: File; readonly share: number }>();
  const act = useAct();
  const connectorId = chosen ?? connectors?.[0]?.connectorId;
  const missing = connectors?.length === 0;

  async function send(file: File): Promise<void> {
    setSent({ file, share: 0 });
    await act.run(async () => {
      const begun = await acts.upload(file, connectorId, (share) => setSent({ file, share }));
      await navigate({ to: '/admin/import/$importId', params: { importId: begun.importId } });
    });
    setSent(undefined);
  }

  return (
    <Panel>
      <div className={classes['inner']}>
        {connectors === undefined || connectors.length < 2 ? null : (
          <NativeSelect
            label={t('imports.connector')}
            description={t('imports.connector.hint')}
            maw={420}
            value={connectorId ?? ''}
            data={connectors.map((one) => ({ value: one.connectorId, label: one.name }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
        {sent === undefined ? (
          <FileDrop disabled={missing} onFile={(file) => void send(file)} />
        ) : (
          <ProgressBar
            label={t('imports.uploading', { name: sent.file.name })}
            share={sent.share}
            detail={t('imports.uploaded', {
              done: format.bytes(sent.file.size * sent.share),
              of: format.bytes(sent.file.size),
            })}
          />
        )}
        {missing ? (
          <EmptyState
            icon={IconHistory}
            title={t('imports.noConnector')}
            hint={t('imports.noConnector.hint')}
          />
        ) : null}
        <ProblemNote problem={act.problem} />
      </div>
    </Panel>
  );
}

function Earlier() {
  const { t } = useWords();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(importsQuery(useApi()));
  const columns = useImportColumns();
  return (
    <Panel title={t('imports.earlier')} hint={t('imports.earlier.hint')} flush>
      <DataTable
        inset
        label={t('imports.earlier')}
        columns={columns}
        rows={data}
        total={data?.length}
        rowId={({ importId }) => importId}
        rowName={({ fileName }) => fileName}
        problem={error}
        onRetry={() => void refetch()}
        onOpen={({ importId }) => void navigate({ to: '/admin/import/$importId', params: { importId } })}
        empty={<EmptyState icon={IconHistory} title={t('imports.none')} hint={t('imports.none.hint')} />}
      />
    </Panel>
  );
}

function useImportColumns(): readonly DataColumn<Import>[] {
  const { t } = useWords();
  const format = useFormat();
  return [
    {
      id: 'fileName',
      title: t('imports.file'),
      narrow: 'head',
      cell: ({ importId, fileName }) => (
        <Link to="/admin/import/$importId" params={{ importId }} className={classes['name'] ?? ''}>
          {fileName}
        </Link>
      ),
    },
    {
      id: 'createdAt',
      title: t('imports.when'),
      cell: ({ createdAt, createdBy }) => (
        <>
          {format.dateTime(createdAt)}
          <div className={classes['quiet']}>{createdBy}</div>
        </>
      ),
    },
    {
      id: 'new',
      title: t('imports.kind.new'),
      align: 'end',
      cell: ({ counts }) => format.number(counts.new),
    },
    {
      id: 'changed',
      title: t('imports.kind.changed'),
      align: 'end',
      cell: ({ counts }) => format.number(counts.changed),
    },
    {
      id: 'refused',
      title: t('imports.kind.refused'),
      align: 'end',
      cell: ({ counts }) => format.number(counts.refused),
    },
    { id: 'state', title: t('imports.state'), cell: ({ state }) => <ImportStatePill state={state} /> },
  ];
}
