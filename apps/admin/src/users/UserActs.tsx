import { Button } from '@mantine/core';
import { UserRow, type UserRow as Row } from '@offhook/contract';
import { useState, type ReactNode } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useMe } from '../app/session.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { Panel } from '../shared/Panel.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { pathOf, useUsersChanged } from './users.ts';
import classes from './users.module.css';

type UserAct =
  | 'invitation'
  | 'password-reset'
  | 'second-factor-reset'
  | 'sign-out'
  | 'disable'
  | 'enable'
  | 'restore';

/** What can be done with one person, as far as their state permits it. */
export function UserActs({ user }: { readonly user: Row }) {
  const { t } = useWords();
  const me = useMe();
  const api = useApi();
  const format = useFormat();
  const toasts = useToasts();
  const changed = useUsersChanged();
  const [busy, setBusy] = useState<UserAct>();
  const [deleting, setDeleting] = useState(false);
  const { status, name, invitationExpiresAt } = user;
  const isSelf = user.userId === me.userId;

  const send = async (act: UserAct): Promise<void> => {
    await api.ask('POST', `${pathOf(user.userId)}/${act}`, UserRow);
    await changed();
  };
  async function run(act: UserAct, opposite?: UserAct): Promise<void> {
    setBusy(act);
    try {
      await send(act);
      toasts.show({
        text: t(`users.act.${act}.done`, { name }),
        ...(opposite === undefined ? {} : { undo: () => send(opposite) }),
      });
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setBusy(undefined);
    }
  }

  const act = (kind: UserAct, hint: ReactNode, opposite?: UserAct) => (
    <div className={classes['act']} key={kind}>
      <span className={classes['actWords']}>
        <b>{t(`users.act.${kind}`)}</b>
        <span className={classes['detail']}>{hint}</span>
      </span>
      <Button size="sm" variant="default" loading={busy === kind} onClick={() => void run(kind, opposite)}>
        {t(`users.act.${kind}.button`)}
      </Button>
    </div>
  );

  return (
    <Panel title={t('users.acts')}>
      {status === 'deleted' ? act('restore', t('users.act.restore.hint')) : null}
      {status === 'invited'
        ? act(
            'invitation',
            invitationExpiresAt === undefined
              ? t('users.act.invitation.none')
              : t('users.act.invitation.hint', { when: format.dateTime(invitationExpiresAt) }),
          )
        : null}
      {status === 'active' ? act('password-reset', t('users.act.password-reset.hint')) : null}
      {status === 'active' && !isSelf
        ? act('second-factor-reset', t('users.act.second-factor-reset.hint'))
        : null}
      {status === 'active' ? act('sign-out', t('users.act.sign-out.hint')) : null}
      {isSelf || (status !== 'active' && status !== 'invited')
        ? null
        : act('disable', t('users.act.disable.hint'), 'enable')}
      {status === 'disabled' ? act('enable', t('users.act.enable.hint'), 'disable') : null}
      {isSelf || status === 'deleted' ? null : (
        <div className={classes['act']}>
          <span className={classes['actWords']}>
            <b>{t('users.delete')}</b>
            <span className={classes['detail']}>{t('users.delete.hint')}</span>
          </span>
          <Button size="sm" variant="light" color="signal" onClick={() => setDeleting(true)}>
            {t('users.delete')}
          </Button>
        </div>
      )}
      {deleting ? (
        <ConfirmByName
          title={t('users.delete.title', { name })}
          name={name}
          confirm={t('users.delete')}
          onClose={() => setDeleting(false)}
          act={async () => {
            await api.ask('DELETE', pathOf(user.userId), UserRow);
            await changed();
            toasts.show({ text: t('users.deleted', { name }), undo: () => send('restore') });
          }}
        >
          {t('users.delete.hint')}
        </ConfirmByName>
      ) : null}
    </Panel>
  );
}
