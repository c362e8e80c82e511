import { Button } from '@mantine/core';
import type { Administrator } from '@offhook/contract';
import { PersonAvatar } from '@offhook/ui';
import { IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { DataTable, type DataColumn } from '../shared/DataTable.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { StatusPill, type Tone } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { useAct } from '../shared/use-act.ts';
import classes from '../users/users.module.css';

export interface AdministratorTableProps {
  readonly administrators: readonly Administrator[] | undefined;
  readonly problem?: unknown;
  readonly onRetry?: () => void;
  readonly inset?: boolean;
  /** Absent: administrators. */
  readonly label?: string;
  readonly empty?: ReactNode;
  readonly onInviteAgain: (administrator: Administrator) => Promise<unknown>;
  /** A link for a new password, to somebody who has come in. */
  readonly onSendReset?: (administrator: Administrator) => Promise<unknown>;
  readonly onRemove?: (administrator: Administrator) => void;
  /** Why somebody cannot be removed, where that is so. */
  readonly whyStays?: (administrator: Administrator) => string | undefined;
}

const tones = { invited: 'wait', active: 'good', disabled: 'quiet' } as const satisfies Record<
  Administrator['status'],
  Tone
>;

/** Who administers a company: the portal's list, and the provider's of a customer. */
export function AdministratorTable(props: AdministratorTableProps) {
  const { t } = useWords();
  const { administrators } = props;
  const columns = useAdministratorColumns(props);
  return (
    <DataTable
      inset={props.inset === true}
      label={props.label ?? t('administrators.title')}
      columns={columns}
      rows={administrators}
      total={administrators?.length}
      rowId={({ userId }) => userId}
      rowName={({ name }) => name}
      problem={props.problem}
      {...(props.onRetry === undefined ? {} : { onRetry: props.onRetry })}
      empty={
        props.empty ?? (
          <EmptyState
            icon={IconShieldCheck}
            title={t('administrators.empty')}
            hint={t('administrators.empty.hint')}
          />
        )
      }
    />
  );
}

function useAdministratorColumns({
  onInviteAgain,
  onSendReset,
  onRemove,
  whyStays,
}: AdministratorTableProps): readonly DataColumn<Administrator>[] {
  const { t } = useWords();
  return [
    {
      id: 'name',
      title: t('users.field.name'),
      narrow: 'head',
      cell: ({ name, email }) => (
        <span className={classes['person']}>
          <PersonAvatar name={name} size={34} />
          <span className={classes['names']}>
            <b className={classes['name']}>{name}</b>
            <span className={classes['detail']}>{email}</span>
          </span>
        </span>
      ),
    },
    {
      id: 'status',
      title: t('users.status'),
      cell: (one) => <AdministratorStatus administrator={one} />,
    },
    {
      id: 'acts',
      title: '',
      align: 'end',
      cell: (one) => (
        <span className={classes['acts']}>
          {one.status === 'invited' ? (
            <SendMail
              label={t('users.act.invitation.button')}
              of={one.name}
              done={t('users.act.invitation.done', { name: one.name })}
              onSend={() => onInviteAgain(one)}
            />
          ) : null}
          {one.status === 'active' && onSendReset !== undefined ? (
            <SendMail
              label={t('users.act.password-reset')}
              of={one.name}
              done={t('users.act.password-reset.done', { name: one.name })}
              onSend={() => onSendReset(one)}
            />
          ) : null}
          {onRemove === undefined ? null : (
            <Button
              size="xs"
              variant="default"
              disabled={whyStays?.(one) !== undefined}
              title={whyStays?.(one)}
              aria-label={`${t('shared.remove')}: ${one.name}`}
              onClick={() => onRemove(one)}
            >
              {t('shared.remove')}
            </Button>
          )}
        </span>
      ),
    },
  ];
}

function AdministratorStatus({ administrator }: { readonly administrator: Administrator }) {
  const { t } = useWords();
  const format = useFormat();
  const { status, invitationExpiresAt } = administrator;
  return (
    <span className={classes['names']}>
      <span>
        <StatusPill tone={tones[status]}>{t(`users.status.${status}`)}</StatusPill>
      </span>
      {invitationExpiresAt === undefined ? null : (
        <span className={classes['detail']}>
          {t('administrators.expires', { when: format.dateTime(invitationExpiresAt) })}
        </span>
      )}
    </span>
  );
}

interface SendMailProps {
  readonly label: string;
  readonly of: string;
  /** What is said once it is on its way. */
  readonly done: string;
  readonly onSend: () => Promise<unknown>;
}

function SendMail({ label, of, done, onSend }: SendMailProps) {
  const toasts = useToasts();
  const act = useAct();
  return (
    <Button
      size="xs"
      variant="default"
      loading={act.busy}
      aria-label={`${label}: ${of}`}
      onClick={() =>
        void act.run(async () => {
          try {
            await onSend();
            toasts.show({ text: done });
          } catch (thrown) {
            toasts.problem(thrown);
          }
        })
      }
    >
      {label}
    </Button>
  );
}
