import type { UserRow } from '@offhook/contract';
import { PersonAvatar } from '@offhook/ui';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import type { DataColumn } from '../shared/DataTable.tsx';
import { useNow } from '../shared/use-now.ts';
import { UserStatusPill } from './UserStatusPill.tsx';
import classes from './users.module.css';

export function useUserColumns(): readonly DataColumn<UserRow>[] {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  return [
    {
      id: 'name',
      title: t('users.field.name'),
      sortable: true,
      narrow: 'head',
      cell: (user) => (
        <span className={classes['person']}>
          <PersonAvatar name={user.name} size={34} />
          <span className={classes['names']}>
            <Link
              to="/admin/users/$userId"
              params={{ userId: user.userId }}
              className={classes['name'] ?? ''}
            >
              {user.name}
            </Link>
            <span className={classes['detail']}>{user.email}</span>
          </span>
        </span>
      ),
    },
    {
      id: 'number',
      title: t('users.field.number'),
      sortable: true,
      cell: ({ line }) =>
        line === undefined ? (
          <span className={classes['quiet']}>{t('users.line.none')}</span>
        ) : (
          <span className={classes['names']}>
            {line.number}
            <span className={classes['detail']}>{line.connectorName}</span>
          </span>
        ),
    },
    {
      id: 'role',
      title: t('users.field.role'),
      cell: ({ role }) => (
        <span className={classes['nowrap']} data-quiet={role === 'user' || undefined}>
          {t(`users.role.${role}`)}
        </span>
      ),
    },
    { id: 'status', title: t('users.status'), cell: ({ status }) => <UserStatusPill status={status} /> },
    {
      id: 'lastSeenAt',
      title: t('users.lastSeen'),
      sortable: true,
      align: 'end',
      cell: ({ lastSeenAt }) => (
        <span className={classes['nowrap']} data-quiet>
          {lastSeenAt === undefined ? t('users.never') : format.relative(lastSeenAt, now)}
        </span>
      ),
    },
  ];
}
