import type { ConnectorState } from '@offhook/contract';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { LinkAnchor, LinkButton } from '../shared/links.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { ApiKeysPanel } from './ApiKeysPanel.tsx';
import { ConnectWizard } from './ConnectWizard.tsx';
import classes from './Connectors.module.css';
import { connectorsQuery } from './data.ts';
import { conditionOf } from './state.ts';

/** The company's telephone systems with how each is now; `?new=1` leads through connecting one. */
export function Page() {
  const search: Record<string, unknown> = useSearch({ strict: false });
  return search['new'] === '1' ? <ConnectWizard /> : <Connectors />;
}

function Connectors() {
  const { t } = useWords();
  const { data, error, refetch } = useQuery(connectorsQuery(useApi()));
  const navigate = useNavigate();
  const columns = useColumns();
  const connect = (
    <LinkButton
      to="/admin/connectors"
      search={{ new: '1' }}
      leftSection={<IconPlus size={18} aria-hidden="true" />}
    >
      {t('connectors.connect')}
    </LinkButton>
  );
  const nothing = data?.connectors.length === 0;
  return (
    <>
      <PageHeader
        title={t('connectors.title')}
        hint={t('connectors.hint')}
        {...(nothing ? {} : { actions: connect })}
      />
      <div className={classes['stack']}>
        <DataTable
          label={t('connectors.title')}
          columns={columns}
          rows={data?.connectors}
          total={data?.connectors.length}
          rowId={({ connectorId }) => connectorId}
          rowName={({ name }) => name}
          problem={error}
          onRetry={() => void refetch()}
          onOpen={({ connectorId }) =>
            void navigate({ to: '/admin/connectors/$connectorId', params: { connectorId } })
          }
          empty={
            <EmptyState
              icon={IconPlugConnected}
              title={t('connectors.none')}
              hint={t('connectors.none.hint')}
              action={connect}
            />
          }
        />
        <ApiKeysPanel />
      </div>
    </>
  );
}

function useColumns(): readonly DataColumn<ConnectorState>[] {
  const { t } = useWords();
  const format = useFormat();
  return [
    {
      id: 'name',
      title: t('connectors.name'),
      narrow: 'head',
      cell: ({ connectorId, name, address }) => (
        <>
          <LinkAnchor
            to="/admin/connectors/$connectorId"
            params={{ connectorId }}
            className={classes['name'] ?? ''}
          >
            {name}
          </LinkAnchor>
          {address === undefined ? null : <div className={classes['sub']}>{address}</div>}
        </>
      ),
    },
    {
      id: 'state',
      title: t('connectors.state'),
      cell: (state) => {
        const { tone, words } = conditionOf(state);
        const [first] = state.trouble;
        return (
          <div>
            <StatusPill tone={tone}>{t(words)}</StatusPill>
            {first === undefined || first.kind === 'never_connected' || first.kind === 'offline' ? null : (
              <div className={classes['sub']}>{t(`connectors.trouble.${first.kind}`)}</div>
            )}
          </div>
        );
      },
    },
    {
      id: 'platform',
      title: t('connectors.platform'),
      cell: ({ platform }) =>
        platform === undefined
          ? '–'
          : [platform.product, platform.version].filter((part) => part !== undefined).join(' ') || '–',
    },
    {
      id: 'lines',
      title: t('connectors.lines'),
      align: 'end',
      cell: ({ lines, registered }) =>
        lines === undefined || registered === undefined
          ? '–'
          : t('connectors.lines.of', {
              registered: format.number(registered),
              lines: format.number(lines),
            }).replaceAll(' ', '\u00a0'),
    },
    {
      id: 'calls',
      title: t('connectors.calls'),
      align: 'end',
      cell: ({ calls }) => (calls === undefined ? '–' : format.number(calls)),
    },
    { id: 'version', title: t('connectors.version'), cell: ({ version }) => version ?? '–' },
  ];
}
