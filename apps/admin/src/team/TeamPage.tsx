import { Button, Stack } from '@mantine/core';
import { Administrator } from '@offhook/contract';
import { IconUserPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { AdministratorTable } from '../administrators/AdministratorTable.tsx';
import { InviteDrawer } from '../administrators/InviteDrawer.tsx';
import { useApi } from '../api/ApiContext.tsx';
import { useMe } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { SafetyPanel } from './SafetyPanel.tsx';
import { memberPath, TEAM, teamQuery } from './team.ts';

/** Who works for the provider, and what they need to sign in. */
export function Page() {
  const { t } = useWords();
  const me = useMe();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const query = teamQuery(api);
  const { data, error, refetch } = useQuery(query);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Administrator>();
  const active = data?.filter(({ status }) => status === 'active').length ?? 0;
  const whyStays = (one: Administrator): string | undefined => {
    if (one.status === 'active' && active === 1) return t('team.last');
    return one.userId === me.userId ? t('administrators.self') : undefined;
  };
  const changed = () => queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
  return (
    <>
      <PageHeader
        title={t('team.title')}
        hint={t('team.hint')}
        actions={
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => setInviting(true)}>
            {t('team.invite')}
          </Button>
        }
      />
      <Stack gap="lg">
        <AdministratorTable
          label={t('team.title')}
          administrators={data}
          problem={error}
          onRetry={() => void refetch()}
          onInviteAgain={async (one) => {
            await api.ask('POST', `${memberPath(one)}/invitation`, Administrator);
            await changed();
          }}
          onSendReset={(one) => api.send('POST', `${memberPath(one)}/password-reset`)}
          onRemove={setRemoving}
          whyStays={whyStays}
          empty={<EmptyState icon={IconUsersGroup} title={t('team.empty')} hint={t('team.empty.hint')} />}
        />
        <SafetyPanel />
      </Stack>
      {inviting ? (
        <InviteDrawer
          title={t('team.invite')}
          onClose={() => setInviting(false)}
          onInvite={async (wanted) => {
            const invited = await api.ask('POST', TEAM, Administrator, wanted);
            setInviting(false);
            toasts.show({ text: t('team.invited', { name: invited.name }) });
            await changed();
          }}
        />
      ) : null}
      {removing === undefined ? null : (
        <ConfirmByName
          title={t('team.remove.title', { name: removing.name })}
          name={removing.name}
          confirm={t('team.remove')}
          onClose={() => setRemoving(undefined)}
          act={async (name) => {
            await api.send('POST', `${memberPath(removing)}/remove`, { name });
            toasts.show({ text: t('team.removed', { name: removing.name }) });
            await changed();
          }}
        >
          {t('team.remove.hint')}
        </ConfirmByName>
      )}
    </>
  );
}
