import { NativeSelect } from '@mantine/core';
import { UserStatus } from '@offhook/contract';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import type { ListChange, ListView } from '../shared/list-view.ts';
import { connectorsQuery } from './users.ts';

export interface UserFiltersProps {
  readonly view: ListView;
  readonly onView: (change: ListChange) => void;
}

export function UserFilters({ view, onView }: UserFiltersProps) {
  const { t } = useWords();
  const { data } = useQuery(connectorsQuery(useApi()));
  const connectors = data?.connectors ?? [];
  const filter = (name: string, label: string, values: readonly { value: string; label: string }[]) => (
    <NativeSelect
      size="sm"
      aria-label={label}
      value={view.filters[name] ?? ''}
      data={[{ value: '', label: `${label}: ${t('users.filter.all')}` }, ...values]}
      onChange={(event) => {
        const { [name]: _, ...others } = view.filters;
        const { value } = event.currentTarget;
        onView({ filters: value === '' ? others : { ...others, [name]: value } });
      }}
    />
  );
  return (
    <>
      {filter(
        'status',
        t('users.status'),
        UserStatus.options.map((status) => ({ value: status, label: t(`users.status.${status}`) })),
      )}
      {filter(
        'role',
        t('users.field.role'),
        (['user', 'admin'] as const).map((role) => ({ value: role, label: t(`users.role.${role}`) })),
      )}
      {filter(
        'line',
        t('users.line'),
        (['with', 'without'] as const).map((value) => ({ value, label: t(`users.filter.line.${value}`) })),
      )}
      {connectors.length < 2
        ? null
        : filter(
            'connectorId',
            t('users.field.connector'),
            connectors.map(({ connectorId, name }) => ({ value: connectorId, label: name })),
          )}
    </>
  );
}
