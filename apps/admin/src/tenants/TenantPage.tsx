import { Alert, Button, Skeleton } from '@mantine/core';
import { Administrator, type TenantDetail } from '@offhook/contract';
import { IconClock, IconPencil, IconPlayerPause, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { AdministratorTable } from '../administrators/AdministratorTable.tsx';
import { InviteDrawer } from '../administrators/InviteDrawer.tsx';
import { useApi } from '../api/ApiContext.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { Facts } from '../shared/Facts.tsx';
import { PageHeader } from '../shared/PageHeader.tsx';
import { Panel } from '../shared/Panel.tsx';
import { ProblemNote } from '../shared/ProblemNote.tsx';
import { ProgressBar } from '../shared/ProgressBar.tsx';
import { useToasts } from '../shared/Toasts.tsx';
import classes from '../users/users.module.css';
import { TenantActs } from './TenantActs.tsx';
import { EditTenantDrawer } from './TenantDrawer.tsx';
import { pathOf, tenantQuery, useTenantsChanged } from './tenants.ts';
import { ConnectorsPill } from './TenantsPage.tsx';
import { TenantStatusPill } from './TenantStatusPill.tsx';

/** One customer: subscription, administrators, and what can be done. */
export function Page() {
  const { t } = useWords();
  const { tenantId = '' } = useParams({ strict: false });
  const { data: tenant, error, refetch } = useQuery(tenantQuery(useApi(), tenantId));
  if (tenant !== undefined) return <Tenant tenant={tenant} />;
  return (
    <>
      <PageHeader title={t('tenants.one')} back={{ to: '/admin/tenants', label: t('tenants.title') }} />
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

function Tenant({ tenant }: { readonly tenant: TenantDetail }) {
  const { t } = useWords();
  const toasts = useToasts();
  const changed = useTenantsChanged();
  const [editing, setEditing] = useState(false);
  const { name, status } = tenant;
  return (
    <>
      <PageHeader
        title={name}
        back={{ to: '/admin/tenants', label: t('tenants.title') }}
        badge={<TenantStatusPill status={status} />}
        {...(status === 'deleting'
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
      <StateNote tenant={tenant} />
      <div className={classes['columns']}>
        <div className={classes['stack']}>
          <SubscriptionPanel tenant={tenant} />
          <Administrators tenant={tenant} />
        </div>
        <TenantActs tenant={tenant} />
      </div>
      {editing ? (
        <EditTenantDrawer
          tenant={tenant}
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

function StateNote({ tenant }: { readonly tenant: TenantDetail }) {
  const { t } = useWords();
  const format = useFormat();
  const { status, suspendedAt, suspendedReason = '', deletesAt } = tenant;
  if (status === 'deleting' && deletesAt !== undefined) {
    return (
      <Alert variant="light" color="amber" icon={<IconClock />} radius="md" mb="lg">
        {t('tenants.deletesAt', { when: format.dateTime(deletesAt) })}
      </Alert>
    );
  }
  if (status === 'suspended' && suspendedAt !== undefined) {
    return (
      <Alert
        variant="light"
        color="amber"
        icon={<IconPlayerPause />}
        radius="md"
        mb="lg"
        title={t('tenants.suspendedSince', { when: format.dateTime(suspendedAt) })}
      >
        {suspendedReason}
      </Alert>
    );
  }
  return null;
}

function SubscriptionPanel({ tenant }: { readonly tenant: TenantDetail }) {
  const { t } = useWords();
  const format = useFormat();
  const { subscription, seatsUsed, termsAccepted } = tenant;
  const terms =
    termsAccepted === undefined
      ? t('tenants.terms.open')
      : t('tenants.terms.accepted', {
          version: termsAccepted.version,
          when: format.dateTime(termsAccepted.at),
          by: termsAccepted.by,
        });
  return (
    <Panel title={t('tenants.subscription')}>
      {subscription === undefined ? null : (
        <div style={{ marginBottom: 16 }}>
          <ProgressBar
            label={t('tenants.seatsTaken')}
            share={subscription.seats === 0 ? 1 : Math.min(1, seatsUsed / subscription.seats)}
            detail={t('tenants.seatsOf', {
              used: format.number(seatsUsed),
              of: format.number(subscription.seats),
            })}
          />
        </div>
      )}
      <Facts
        facts={[
          {
            name: t('tenants.field.platform'),
            value: subscription === undefined ? undefined : t(`tenants.platform.${subscription.platform}`),
          },
          {
            name: t('tenants.field.price'),
            value: subscription === undefined ? undefined : format.money(subscription.price),
          },
          {
            name: t('tenants.field.startsOn'),
            value: subscription === undefined ? undefined : format.date(subscription.startsOn),
          },
          { name: t('tenants.connectors'), value: <ConnectorsPill tenant={tenant} /> },
          { name: t('tenants.field.timeZone'), value: tenant.timeZone },
          { name: t('tenants.field.supportContact'), value: tenant.supportContact },
          { name: t('tenants.terms'), value: terms },
          { name: t('tenants.createdAt'), value: format.date(tenant.createdAt) },
        ]}
      />
    </Panel>
  );
}

function Administrators({ tenant }: { readonly tenant: TenantDetail }) {
  const { t } = useWords();
  const api = useApi();
  const toasts = useToasts();
  const changed = useTenantsChanged();
  const [inviting, setInviting] = useState(false);
  const path = `${pathOf(tenant.tenantId)}/administrators`;
  return (
    <Panel
      title={t('administrators.title')}
      flush
      {...(tenant.status === 'deleting'
        ? {}
        : {
            actions: (
              <Button
                size="sm"
                variant="default"
                leftSection={<IconUserPlus size={16} />}
                onClick={() => setInviting(true)}
              >
                {t('administrators.invite')}
              </Button>
            ),
          })}
    >
      <AdministratorTable
        inset
        administrators={tenant.administrators}
        onInviteAgain={async ({ userId }) => {
          await api.ask('POST', `${path}/${encodeURIComponent(userId)}/invitation`, Administrator);
          await changed();
        }}
      />
      {inviting ? (
        <InviteDrawer
          onClose={() => setInviting(false)}
          onInvite={async (wanted) => {
            const invited = await api.ask('POST', path, Administrator, wanted);
            setInviting(false);
            toasts.show({ text: t('administrators.invited', { name: invited.name }) });
            await changed();
          }}
        />
      ) : null}
    </Panel>
  );
}
