import { Button } from '@mantine/core';
import { Administrator, AdministratorList } from '@offhook/contract';
import { IconUserPlus } from '@tabler/icons-react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import type { Api } from '../api/api.ts';
import { useMe } from '../app/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { usersKey } from '../users/users.ts';
import { AdministratorTable } from './AdministratorTable.tsx';
import { administratorsKey } from './data.ts';
import { InviteDrawer } from './InviteDrawer.tsx';

const PATH = '/api/admin/administrators';
const pathOf = ({ userId }: Administrator): string => `${PATH}/${encodeURIComponent(userId)}`;

const administratorsQuery = (api: Api) =>
  queryOptions({
    queryKey: administratorsKey,
    queryFn: async () => (await api.get(PATH, AdministratorList)).administrators,
  });

/** Who administers this company. The last one cannot be removed. */
export function Page() {
  const { t } = useWords();
  const me = useMe();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const query = administratorsQuery(api);
  const { data, error, refetch } = useQuery(query);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Administrator>();
  const active = data?.filter(({ status }) => status === 'active').length ?? 0;
  const isLast = ({ status }: Administrator): boolean =>
    status === 'active' ? active === 1 : data?.length === 1;
  const whyStays = (one: Administrator): string | undefined => {
    if (isLast(one)) return t('administrators.last');
    return one.userId === me.userId ? t('administrators.self') : undefined;
  };
  const changed = async (): Promise<void> => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: query.queryKey }),
      queries.invalidateQueries({ queryKey: usersKey }),
    ]);
  };
  return (
    <>
      <PageHeader
        title={t('administrators.title')}
        hint={t('administrators.hint')}
        actions={
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => setInviting(true)}>
            {t('administrators.invite')}
          </Button>
        }
      />
      <AdministratorTable
        administrators={data}
        problem={error}
        onRetry={() => void refetch()}
        onInviteAgain={async (one) => {
          await api.ask('POST', `${pathOf(one)}/invitation`, Administrator);
          await changed();
        }}
        onRemove={setRemoving}
        whyStays={whyStays}
      />
      {inviting ? (
        <InviteDrawer
          onClose={() => setInviting(false)}
          onInvite={async (wanted) => {
            const invited = await api.ask('POST', PATH, Administrator, wanted);
            setInviting(false);
            toasts.show({ text: t('administrators.invited', { name: invited.name }) });
            await changed();
          }}
        />
      ) : null}
      {removing === undefined ? null : (
        <ConfirmByName
          title={t('administrators.remove.title', { name: removing.name })}
          name={removing.name}
          confirm={t('administrators.remove')}
          onClose={() => setRemoving(undefined)}
          act={async () => {
            await api.send('DELETE', pathOf(removing));
            toasts.show({ text: t('administrators.removed', { name: removing.name }) });
            await changed();
          }}
        >
          {t('administrators.remove.hint')}
        </ConfirmByName>
      )}
    </>
  );
}
