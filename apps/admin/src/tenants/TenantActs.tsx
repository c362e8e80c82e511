import { Button } from '@mantine/core';
import { SsoDomain, TenantDetail, type TenantDetail as Detail } from '@offhook/contract';
import { useState } from 'react';
import { useApi } from '../api/ApiContext.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ConfirmByName } from '../shared/ConfirmByName.tsx';
import { Panel } from '../shared/Panel.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import classes from '../users/users.module.css';
import { ProveDomainDialog } from './ProveDomainDialog.tsx';
import { SuspendDialog } from './SuspendDialog.tsx';
import { pathOf, useTenantsChanged } from './tenants.ts';

/** Suspending, deleting, and taking either back. */
export function TenantActs({ tenant }: { readonly tenant: Detail }) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const changed = useTenantsChanged();
  const [asking, setAsking] = useState<'suspend' | 'prove' | 'delete'>();
  const [busy, setBusy] = useState(false);
  const { name, status, tenantId } = tenant;

  async function act(word: 'suspend' | 'resume' | 'delete' | 'restore', body?: unknown): Promise<void> {
    await api.ask('POST', `${pathOf(tenantId)}/${word}`, TenantDetail, body);
    await changed();
    toasts.show({ text: t(`tenants.${word}.done`, { name }) });
  }
  async function run(word: 'resume' | 'restore'): Promise<void> {
    setBusy(true);
    try {
      await act(word);
    } catch (thrown) {
      toasts.problem(thrown);
    } finally {
      setBusy(false);
    }
  }

  async function prove(domain: string): Promise<void> {
    await api.ask('POST', `${pathOf(tenantId)}/sso-domains`, SsoDomain, { domain });
    toasts.show({ text: t('tenants.prove.done', { domain }) });
  }

  const row = (word: 'suspend' | 'prove' | 'resume' | 'delete' | 'restore', onClick: () => void) => (
    <div className={classes['act']}>
      <span className={classes['actWords']}>
        <b>{t(`tenants.${word}`)}</b>
        <span className={classes['detail']}>{t(`tenants.${word}.hint`)}</span>
      </span>
      <Button
        size="sm"
        loading={busy}
        onClick={onClick}
        {...(word === 'delete' ? { variant: 'light', color: 'signal' } : { variant: 'default' })}
      >
        {t(`tenants.${word}`)}
      </Button>
    </div>
  );

  return (
    <Panel title={t('users.acts')}>
      {status === 'deleting' ? (
        row('restore', () => void run('restore'))
      ) : (
        <>
          {status === 'suspended'
            ? row('resume', () => void run('resume'))
            : row('suspend', () => setAsking('suspend'))}
          {row('prove', () => setAsking('prove'))}
          {row('delete', () => setAsking('delete'))}
        </>
      )}
      {asking === 'suspend' ? (
        <SuspendDialog
          name={name}
          onSuspend={(reason) => act('suspend', { reason })}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === 'prove' ? (
        <ProveDomainDialog name={name} onProve={prove} onClose={() => setAsking(undefined)} />
      ) : null}
      {asking === 'delete' ? (
        <ConfirmByName
          title={t('tenants.delete.title', { name })}
          name={name}
          confirm={t('tenants.delete')}
          act={(typed) => act('delete', { name: typed })}
          onClose={() => setAsking(undefined)}
        >
          {t('tenants.delete.hint')}
        </ConfirmByName>
      ) : null}
    </Panel>
  );
}
