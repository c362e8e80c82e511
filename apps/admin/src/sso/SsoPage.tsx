import { Button, Skeleton, Stack } from '@mantine/core';
import { SsoSettings } from '@offhook/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { StatusPill } from '../shared/StatusPill.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import { DomainsPanel } from './DomainsPanel.tsx';
import { SsoForm } from './SsoForm.tsx';
import { ssoKey } from './sso-key.ts';
import { TestPanel } from './TestPanel.tsx';
import classes from './Sso.module.css';

/** How people of the company sign in through its own identity provider. */
export function Page() {
  const { t } = useWords();
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ssoKey,
    queryFn: ({ signal }) => api.get('/api/admin/sso', SsoSettings, {}, signal),
  });
  return (
    <>
      <PageHeader
        title={t('sso.title')}
        hint={t('sso.hint')}
        {...(data === undefined ? {} : { badge: <State connection={data.connection} /> })}
      />
      {data !== undefined ? (
        <Contents settings={data} />
      ) : error === null ? (
        <Stack gap="lg" aria-busy="true">
          <Skeleton height={420} radius="lg" />
          <Skeleton height={140} radius="lg" />
        </Stack>
      ) : (
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function State({ connection }: Pick<SsoSettings, 'connection'>) {
  const { t } = useWords();
  if (connection === undefined) return <StatusPill tone="quiet">{t('sso.state.none')}</StatusPill>;
  if (!connection.enabled) return <StatusPill tone="wait">{t('sso.state.off')}</StatusPill>;
  return <StatusPill tone="good">{t(connection.only ? 'sso.state.only' : 'sso.state.on')}</StatusPill>;
}

function Contents({ settings }: { readonly settings: SsoSettings }) {
  const queries = useQueryClient();
  const [changed, setChanged] = useState(false);
  return (
    <Stack gap="lg">
      <SsoForm
        settings={settings}
        onChanged={setChanged}
        onSaved={(saved) => queries.setQueryData(ssoKey, saved)}
      />
      {settings.connection === undefined || settings.connection.proofs.length === 0 ? null : (
        <DomainsPanel proofs={settings.connection.proofs} />
      )}
      <TestPanel ready={settings.connection !== undefined && !changed} />
      {settings.connection === undefined ? null : <RemovePanel name={settings.connection.name} />}
    </Stack>
  );
}

function RemovePanel({ name }: { readonly name: string }) {
  const { t } = useWords();
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [asking, setAsking] = useState(false);
  return (
    <Panel title={t('sso.remove')}>
      <div className={classes['danger']}>
        <p>{t('sso.remove.hint')}</p>
        <Button variant="outline" color="signal" onClick={() => setAsking(true)}>
          {t('sso.remove')}
        </Button>
      </div>
      {asking ? (
        <ConfirmByName
          title={t('sso.remove.title')}
          name={name}
          confirm={t('sso.remove')}
          act={async () => {
            await api.send('DELETE', '/api/admin/sso');
            await queries.invalidateQueries({ queryKey: ssoKey });
            toasts.show({ text: t('sso.removed') });
          }}
          onClose={() => setAsking(false)}
        >
          {t('sso.remove.sure')}
        </ConfirmByName>
      ) : null}
    </Panel>
  );
}
