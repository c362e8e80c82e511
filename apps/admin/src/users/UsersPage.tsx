import { Button } from '@mantine/core';
import type { UserId } from '@offhook/contract';
import { IconDownload, IconFileImport, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { useListView } from '../shared/list-view.ts';
import { PageHeader } from '../shared/PageHeader.tsx';
import { useSelection } from '../shared/selection.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { UserBulk } from './UserBulk.tsx';
import { useUserColumns } from './user-columns.tsx';
import { UserDrawer } from './UserDrawer.tsx';
import { UserFilters } from './UserFilters.tsx';
import { seatsQuery, usersQuery, useUsersChanged } from './users.ts';

/** Everybody of the company: who telephones, and who administers. */
export function Page() {
  const { t } = useWords();
  const format = useFormat();
  const api = useApi();
  const navigate = useNavigate();
  const toasts = useToasts();
  const changed = useUsersChanged();
  const [view, onView] = useListView({ sort: 'name' });
  const { data, error, refetch, isPlaceholderData } = useQuery(usersQuery(api, view));
  const seats = useQuery(seatsQuery(api)).data;
  const selection = useSelection();
  const columns = useUserColumns();
  const [creating, setCreating] = useState(false);
  const create = (
    <Button leftSection={<IconUserPlus size={18} />} onClick={() => setCreating(true)}>
      {t('users.new')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('users.title')}
        hint={
          seats?.of === undefined
            ? t('users.hint')
            : `${t('users.hint')} ${t('users.seats', { used: format.number(seats.used), of: format.number(seats.of) })}`
        }
        actions={
          <>
            <Button
              component="a"
              href="/api/admin/users/export"
              download
              variant="default"
              leftSection={<IconDownload size={18} />}
            >
              {t('users.export')}
            </Button>
            <Button
              component={Link}
              to="/admin/import"
              variant="default"
              leftSection={<IconFileImport size={18} />}
            >
              {t('users.import')}
            </Button>
            {create}
          </>
        }
      />
      <DataTable
        label={t('users.title')}
        columns={columns}
        rows={data?.users}
        total={data?.total}
        rowId={({ userId }) => userId}
        rowName={({ name }) => name}
        view={view}
        onView={onView}
        problem={error}
        onRetry={() => void refetch()}
        refreshing={isPlaceholderData}
        searchLabel={t('users.search')}
        filters={<UserFilters view={view} onView={onView} />}
        selection={selection}
        bulk={
          <UserBulk
            userIds={[...selection.selected] as UserId[]}
            deleted={view.filters['status'] === 'deleted'}
            onDone={() => selection.onChange(new Set())}
          />
        }
        onOpen={({ userId }) => void navigate({ to: '/admin/users/$userId', params: { userId } })}
        empty={
          <EmptyState
            icon={IconUsers}
            title={t('users.empty')}
            hint={t('users.empty.hint')}
            action={create}
          />
        }
      />
      {creating ? (
        <UserDrawer
          onClose={() => setCreating(false)}
          onSaved={(user) => {
            setCreating(false);
            toasts.show({
              text: t(user.invitedAt === undefined ? 'users.created' : 'users.createdInvited', {
                name: user.name,
              }),
            });
            void changed();
          }}
        />
      ) : null}
    </>
  );
}
