import { Button, NativeSelect } from '@mantine/core';
import { TenantStatus, type TenantSummary } from '@offhook/contract';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { useListView } from '../shared/list-view.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { NewTenantDrawer } from './TenantDrawer.tsx';
import { tenantsQuery, useTenantsChanged } from './tenants.ts';
import { TenantStatusPill } from './TenantStatusPill.tsx';
import classes from './tenants.module.css';

/** Every customer of whoever runs the service. */
export function Page() {
  const { t } = useWords();
  const navigate = useNavigate();
  const toasts = useToasts();
  const changed = useTenantsChanged();
  const [view, onView] = useListView({ sort: 'name' });
  const { data, error, refetch, isPlaceholderData } = useQuery(tenantsQuery(useApi(), view));
  const columns = useTenantColumns();
  const [creating, setCreating] = useState(false);
  const open = (tenantId: string) => void navigate({ to: '/admin/tenants/$tenantId', params: { tenantId } });
  const create = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setCreating(true)}>
      {t('tenants.new')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('tenants.title')} hint={t('tenants.hint')} actions={create} />
      <DataTable
        label={t('tenants.title')}
        columns={columns}
        rows={data?.tenants}
        total={data?.total}
        rowId={({ tenantId }) => tenantId}
        rowName={({ name }) => name}
        view={view}
        onView={onView}
        problem={error}
        onRetry={() => void refetch()}
        refreshing={isPlaceholderData}
        searchLabel={t('tenants.search')}
        filters={
          <NativeSelect
            size="sm"
            aria-label={t('users.status')}
            value={view.filters['status'] ?? ''}
            data={[
              { value: '', label: `${t('users.status')}: ${t('users.filter.all')}` },
              ...TenantStatus.options.map((status) => ({
                value: status,
                label: t(`tenants.status.${status}`),
              })),
            ]}
            onChange={(event) => {
              const { value } = event.currentTarget;
              onView({ filters: value === '' ? {} : { status: value } });
            }}
          />
        }
        onOpen={({ tenantId }) => open(tenantId)}
        empty={
          <EmptyState
            icon={IconBuilding}
            title={t('tenants.empty')}
            hint={t('tenants.empty.hint')}
            action={create}
          />
        }
      />
      {creating ? (
        <NewTenantDrawer
          onClose={() => setCreating(false)}
          onSaved={({ tenantId, name, administrators }) => {
            setCreating(false);
            toasts.show({ text: t('tenants.created', { name, email: administrators[0]?.email ?? '' }) });
            void changed();
            open(tenantId);
          }}
        />
      ) : null}
    </>
  );
}

function useTenantColumns(): readonly DataColumn<TenantSummary>[] {
  const { t } = useWords();
  const format = useFormat();
  return [
    {
      id: 'name',
      title: t('tenants.field.name'),
      sortable: true,
      narrow: 'head',
      cell: ({ tenantId, name, platform }) => (
        <>
          <Link to="/admin/tenants/$tenantId" params={{ tenantId }} className={classes['name'] ?? ''}>
            {name}
          </Link>
          {platform === undefined ? null : (
            <div className={classes['quiet']}>{t(`tenants.platform.${platform}`)}</div>
          )}
        </>
      ),
    },
    { id: 'status', title: t('users.status'), cell: ({ status }) => <TenantStatusPill status={status} /> },
    {
      id: 'connectors',
      title: t('tenants.connectors'),
      cell: (tenant) => <ConnectorsPill tenant={tenant} />,
    },
    {
      id: 'seatsUsed',
      title: t('tenants.field.seats'),
      sortable: true,
      align: 'end',
      cell: ({ seats, seatsUsed }) =>
        seats === undefined
          ? format.number(seatsUsed)
          : t('tenants.seatsOf', { used: format.number(seatsUsed), of: format.number(seats) }),
    },
    {
      id: 'createdAt',
      title: t('tenants.createdAt'),
      sortable: true,
      align: 'end',
      cell: ({ createdAt }) => <span className={classes['quiet']}>{format.date(createdAt)}</span>,
    },
  ];
}

/** How many of a customer's connectors are up. */
export function ConnectorsPill({ tenant }: { readonly tenant: TenantSummary }) {
  const { t } = useWords();
  const { connectors, connectorsOnline } = tenant;
  if (connectors === 0) return <span className={classes['quiet']}>{t('tenants.connectors.none')}</span>;
  const tone = connectorsOnline === connectors ? 'good' : connectorsOnline === 0 ? 'bad' : 'wait';
  return (
    <StatusPill tone={tone}>
      {t('tenants.connectors.online', { online: connectorsOnline, all: connectors })}
    </StatusPill>
  );
}
