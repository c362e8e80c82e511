import { Alert, Button, Skeleton } from '@mantine/core';
import type { UserRow } from '@offhook/contract';
import { languageNames } from '@offhook/words';
import { IconClock, IconPencil, IconPhoneOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Facts } from '../shared/Facts.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useNow } from '../shared/use-now.ts';
import { UserActs } from './UserActs.tsx';
import { UserDrawer } from './UserDrawer.tsx';
import { optionalLineFields } from './user-form.ts';
import { UserStatusPill } from './UserStatusPill.tsx';
import { userQuery, useUsersChanged } from './users.ts';
import classes from './users.module.css';

/** One person: who they are, their line, and what can be done. */
export function Page() {
  const { t } = useWords();
  const { userId = '' } = useParams({ strict: false });
  const { data: user, error, refetch } = useQuery(userQuery(useApi(), userId));
  const back = { to: '/admin/users', label: t('users.title') };
  if (user !== undefined) return <User user={user} back={back} />;
  return (
    <>
      <PageHeader title={t('users.one')} back={back} />
      {error === null ? (
        <div className={classes['columns']} aria-busy="true">
          <Skeleton height={320} radius="lg" />
          <Skeleton height={240} radius="lg" />
        </div>
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

interface UserProps {
  readonly user: UserRow;
  readonly back: { readonly to: string; readonly label: string };
}

function User({ user, back }: UserProps) {
  const { t } = useWords();
  const format = useFormat();
  const now = useNow();
  const toasts = useToasts();
  const changed = useUsersChanged();
  const [editing, setEditing] = useState(false);
  const { line, status, goneAt } = user;
  const when = (at: number | undefined) => (at === undefined ? undefined : format.dateTime(at));
  return (
    <>
      <PageHeader
        title={user.name}
        hint={user.email}
        back={back}
        badge={<UserStatusPill status={status} />}
        {...(status === 'deleted'
          ? {}
          : {
              actions: (
                <Button
                  variant="default"
                  leftSection={<IconPencil size={18} />}
                  onClick={() => setEditing(true)}
                >
                  {t('shared.edit')}
                </Button>
              ),
            })}
      />
      {goneAt === undefined ? null : (
        <Alert variant="light" color="amber" icon={<IconClock />} radius="md" mb="lg">
          {t('users.goneAt', { when: format.dateTime(goneAt) })}
        </Alert>
      )}
      <div className={classes['columns']}>
        <div className={classes['stack']}>
          <Panel title={t('users.line')}>
            {line === undefined ? (
              <EmptyState icon={IconPhoneOff} title={t('users.line.none')} hint={t('users.line.none.hint')} />
            ) : (
              <Facts
                facts={[
                  { name: t('users.field.number'), value: line.number },
                  { name: t('users.field.connector'), value: line.connectorName },
                  {
                    name: t('users.field.password'),
                    value: t(line.hasPassword ? 'users.field.password.set' : 'users.field.password.unset'),
                  },
                  ...optionalLineFields.map((field) => ({
                    name: t(`users.field.${field}`),
                    value: line[field],
                  })),
                ]}
              />
            )}
          </Panel>
          <Panel title={t('users.person')}>
            <Facts
              facts={[
                { name: t('users.field.email'), value: user.email },
                { name: t('users.field.role'), value: t(`users.role.${user.role}`) },
                { name: t('users.field.language'), value: languageNames[user.language] },
                { name: t('users.seat'), value: t(user.seat ? 'users.seat.yes' : 'users.seat.no') },
                {
                  name: t('users.lastSeen'),
                  value:
                    user.lastSeenAt === undefined ? t('users.never') : format.relative(user.lastSeenAt, now),
                },
                { name: t('users.invitedAt'), value: when(user.invitedAt) },
                { name: t('users.createdAt'), value: when(user.createdAt) },
                { name: t('users.source'), value: t(`users.source.${user.source}`) },
              ]}
            />
          </Panel>
        </div>
        <UserActs user={user} />
      </div>
      {editing ? (
        <UserDrawer
          user={user}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            toasts.show({ text: t('shared.saved') });
            void changed();
          }}
        />
      ) : null}
    </>
  );
}
