import {
  OffhookError,
  type Administrator,
  type ApiKeyId,
  type ConnectorId,
  type InviteAdministrator,
  type NewTenant,
  type TenantChange,
  type TenantDetail,
  type TenantId,
  type TenantPage,
  type TenantQuery,
  type UserId,
} from '@offhook/contract';
import type * as z from 'zod';
import {
  inviteAdministrator,
  inviteAgain,
  listAdministrators,
  type Naming,
} from '../accounts/administrators.ts';
import { languageOf } from '../accounts/invitations.ts';
import { difference, writeAudit, type Actor } from '../audit/audit.ts';
import type { Bus } from '../bus/bus.ts';
import { notifyChange, notifyDirectory } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { enqueueMail } from '../mail/outbox.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { createProviderList } from './provider-list.ts';
import {
  lockTenant,
  ordinaryStatus,
  readSubscription,
  requireTimeZone,
  takeName,
  writeSubscription,
  type TenantRow,
} from './rows.ts';

/** Milliseconds that a deleted tenant can be taken back. */
export const TENANT_GRACE = 30 * 24 * 3_600_000;

export type ProviderService = ReturnType<typeof createProviderService>;

/** What whoever runs the service does with its customers' tenants. Each act is written down in the log of the tenant. */
export function createProviderService(options: {
  database: Database;
  bus: Bus;
  secrets: SecretBox;
  naming: Naming;
}) {
  const { database, secrets, naming } = options;
  const overview = createProviderList(database, options.bus);

  /** @throws OffhookError `not_found` */
  const detail = async (tenantId: TenantId): Promise<TenantDetail> => {
    const summary = await overview.find(tenantId);
    if (summary === undefined) throw new OffhookError('not_found');
    return database.inTenant(tenantId, async (trx) => {
      const tenant = await trx.selectFrom('tenants').selectAll().executeTakeFirst();
      if (tenant === undefined) throw new OffhookError('not_found');
      const subscription = await readSubscription(trx);
      return {
        ...summary,
        ...(subscription === undefined ? {} : { subscription }),
        timeZone: tenant.time_zone,
        administrators: await listAdministrators(trx),
        ...present('supportContact', tenant.support_contact),
        ...present('suspendedAt', tenant.suspended_at),
        ...present('suspendedReason', tenant.suspended_reason),
        ...present('deletesAt', tenant.deletes_at),
        ...termsOf(tenant),
      };
    });
  };

  const create = async (wanted: NewTenant, actor: Actor): Promise<TenantDetail> => {
    const { name, subscription, timeZone, supportContact, administrator } = wanted;
    requireTimeZone(timeZone);
    const tenantId = newId('ten') as TenantId;
    await database.inTenant(tenantId, async (trx) => {
      await takeName(trx, tenantId, name);
      await trx
        .insertInto('tenants')
        .values({
          tenant_id: tenantId,
          name,
          status: 'invited',
          time_zone: timeZone,
          language: administrator.language,
          support_contact: supportContact ?? null,
        })
        .execute();
      await writeSubscription(trx, tenantId, subscription);
      await writeAudit(trx, tenantId, actor, {
        action: 'tenant.create',
        subject: subjectOf(tenantId, name),
        after: { name, timeZone, supportContact, subscription },
      });
      await inviteAdministrator(trx, tenantId, actor, naming, administrator);
    });
    return detail(tenantId);
  };

  /** One act on one tenant, in one transaction, after which it is as the provider sees it. */
  const act = async (
    tenantId: TenantId,
    work: (trx: TenantTransaction, tenant: TenantRow) => Promise<void>,
  ): Promise<TenantDetail> => {
    await database.inTenant(tenantId, async (trx) => {
      await work(trx, await lockTenant(trx));
      // Everything that runs hears of it: the state of the tenant is read with its directory.
      await notifyDirectory(trx, tenantId, []);
    });
    return detail(tenantId);
  };

  const change = (tenantId: TenantId, wanted: TenantChange, actor: Actor): Promise<TenantDetail> =>
    act(tenantId, async (trx, tenant) => {
      const { name, timeZone, supportContact, subscription } = wanted;
      if (timeZone !== undefined) requireTimeZone(timeZone);
      if (name !== undefined && name !== tenant.name) await takeName(trx, tenantId, name);
      const subscribed = await readSubscription(trx);
      const before = {
        name: tenant.name,
        timeZone: tenant.time_zone,
        supportContact: tenant.support_contact,
        subscription: subscribed,
      };
      const after = {
        name: name ?? before.name,
        timeZone: timeZone ?? before.timeZone,
        supportContact: supportContact === undefined ? before.supportContact : supportContact,
        subscription: subscription ?? subscribed,
      };
      if (JSON.stringify(before) === JSON.stringify(after)) return;
      await trx
        .updateTable('tenants')
        .set({ name: after.name, time_zone: after.timeZone, support_contact: after.supportContact })
        .execute();
      if (subscription !== undefined) await writeSubscription(trx, tenantId, subscription);
      const subject = subjectOf(tenantId, tenant.name);
      await writeAudit(trx, tenantId, actor, {
        action: 'tenant.change',
        subject,
        ...difference(before, after),
      });
    });

  /** A second time only the reason changes. @throws OffhookError `not_found`, `conflict`: is being deleted */
  const suspend = (tenantId: TenantId, reason: string, actor: Actor): Promise<TenantDetail> =>
    act(tenantId, async (trx, { name, status, suspended_at: since }) => {
      if (status === 'deleting') throw new OffhookError('conflict');
      await trx
        .updateTable('tenants')
        .set({ status: 'suspended', suspended_at: since ?? Date.now(), suspended_reason: reason })
        .execute();
      await writeAudit(trx, tenantId, actor, {
        action: 'tenant.suspend',
        subject: subjectOf(tenantId, name),
        before: { status },
        after: { status: 'suspended', reason },
      });
      if (status !== 'suspended') await tellAdministrators(trx, tenantId, name, reason);
    });

  const tellAdministrators = async (
    trx: TenantTransaction,
    tenantId: TenantId,
    tenantName: string,
    reason: string,
  ): Promise<void> => {
    const administrators = await trx
      .selectFrom('users')
      .select(['email', 'name', 'language'])
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .where('deleted_at', 'is', null)
      .execute();
    for (const { email, name, language } of administrators) {
      await enqueueMail(trx, secrets, tenantId, {
        kind: 'tenant_suspended',
        to: email,
        language: languageOf(language),
        params: { name, tenantName, reason },
      });
    }
  };

  /** @throws OffhookError `not_found`, `conflict`: is not suspended */
  const resume = (tenantId: TenantId, actor: Actor): Promise<TenantDetail> =>
    act(tenantId, async (trx, { name, status }) => {
      if (status !== 'suspended') throw new OffhookError('conflict');
      const next = await ordinaryStatus(trx);
      await trx
        .updateTable('tenants')
        .set({ status: next, suspended_at: null, suspended_reason: null })
        .execute();
      await writeAudit(trx, tenantId, actor, {
        action: 'tenant.resume',
        subject: subjectOf(tenantId, name),
        before: { status },
        after: { status: next },
      });
    });

  /** Everybody is out at once; the data stay for the days of grace. @throws OffhookError `not_found`, `name_mismatch`, `conflict` */
  const remove = (tenantId: TenantId, confirmed: string, actor: Actor): Promise<TenantDetail> =>
    act(tenantId, async (trx, { name, status }) => {
      if (status === 'deleting') throw new OffhookError('conflict');
      if (confirmed.trim() !== name.trim()) throw new OffhookError('name_mismatch');
      const deletesAt = Date.now() + TENANT_GRACE;
      await trx.updateTable('tenants').set({ status: 'deleting', deletes_at: deletesAt }).execute();
      await trx.deleteFrom('sessions').execute();
      await closeLinks(trx, tenantId);
      await writeAudit(trx, tenantId, actor, {
        action: 'tenant.delete',
        subject: subjectOf(tenantId, name),
        before: { status },
        after: { status: 'deleting', deletesAt },
      });
    });

  /** @throws OffhookError `not_found`, `conflict`: is not being deleted, or its time is over */
  const restore = (tenantId: TenantId, actor: Actor): Promise<TenantDetail> =>
    act(tenantId, async (trx, { name, status, deletes_at: deletesAt, suspended_at: suspendedAt }) => {
      if (status !== 'deleting' || (deletesAt ?? 0) <= Date.now()) throw new OffhookError('conflict');
      const next = suspendedAt === null ? await ordinaryStatus(trx) : 'suspended';
      await trx.updateTable('tenants').set({ status: next, deletes_at: null }).execute();
      await writeAudit(trx, tenantId, actor, {
        action: 'tenant.restore',
        subject: subjectOf(tenantId, name),
        before: { status },
        after: { status: next },
      });
    });

  /** @throws OffhookError `not_found`, `email_taken`, `conflict`: the tenant is being deleted */
  const invite = (tenantId: TenantId, wanted: InviteAdministrator, actor: Actor): Promise<Administrator> =>
    database.inTenant(tenantId, async (trx) => {
      if ((await lockTenant(trx)).status === 'deleting') throw new OffhookError('conflict');
      return inviteAdministrator(trx, tenantId, actor, naming, wanted);
    });

  /** @throws OffhookError `not_found`, `conflict`: has come in already, or the tenant is being deleted */
  const reinvite = (tenantId: TenantId, userId: UserId, actor: Actor): Promise<Administrator> =>
    database.inTenant(tenantId, async (trx) => {
      if ((await lockTenant(trx)).status === 'deleting') throw new OffhookError('conflict');
      return inviteAgain(trx, tenantId, actor, naming, userId);
    });

  const list = (query: z.output<typeof TenantQuery>): Promise<TenantPage> => overview.list(query);
  return { list, detail, create, change, suspend, resume, remove, restore, invite, reinvite };
}

const subjectOf = (tenantId: TenantId, name: string) => ({ kind: 'tenant', id: tenantId, name });

const present = <Name extends string, Value>(name: Name, value: Value | null) =>
  (value === null ? {} : { [name]: value }) as { [N in Name]?: Value };

function termsOf(tenant: TenantRow): Pick<TenantDetail, 'termsAccepted'> {
  const { terms_version: version, terms_accepted_at: at, terms_accepted_by: by } = tenant;
  return version === null || at === null ? {} : { termsAccepted: { version, at, by: by ?? '' } };
}

/** Links of connectors that are up are closed; while a tenant is being deleted its keys open none. */
async function closeLinks(trx: TenantTransaction, tenantId: TenantId): Promise<void> {
  const keys = await trx
    .selectFrom('api_keys')
    .select(['key_id', 'connector_id'])
    .where('connector_id', 'is not', null)
    .where('revoked_at', 'is', null)
    .execute();
  for (const key of keys) {
    const connectorId = key.connector_id as ConnectorId;
    await notifyChange(trx, {
      kind: 'key_revoked',
      tenantId,
      connectorId,
      keyId: key.key_id as ApiKeyId,
    });
  }
}
