import type {
  Administrator,
  InviteAdministrator,
  TenantId,
  TenantSettings,
  TenantSettingsChange,
  UserId,
} from '@offhook/contract';
import {
  inviteAdministrator,
  inviteAgain,
  listAdministrators,
  removeAdministrator,
  type Naming,
} from '../accounts/administrators.ts';
import { languageOf } from '../accounts/invitations.ts';
import { difference, writeAudit, type Actor } from '../audit/audit.ts';
import { countryOfTimeZone } from '../directory/country.ts';
import { notifyDirectory } from '../database/changes.ts';
import type { Database } from '../database/database.ts';
import { lockTenant, requireCountry, requireTimeZone, takeName, type TenantRow } from './rows.ts';

export type OwnTenantService = ReturnType<typeof createOwnTenantService>;

/** A tenant as its own administrators see and set it. */
export function createOwnTenantService(database: Database, naming: Naming) {
  return {
    settings: (tenantId: TenantId): Promise<TenantSettings> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx.selectFrom('tenants').selectAll().executeTakeFirstOrThrow();
        return settingsOf(row);
      }),

    /** @throws OffhookError `name_taken`, `bad_request` */
    change: (tenantId: TenantId, change: TenantSettingsChange, actor: Actor): Promise<TenantSettings> =>
      database.inTenant(tenantId, async (trx) => {
        if (change.timeZone !== undefined) requireTimeZone(change.timeZone);
        if (change.country !== undefined) requireCountry(change.country);
        const row = await lockTenant(trx);
        const before = settingsOf(row);
        if (change.name !== undefined && change.name !== before.name) {
          await takeName(trx, tenantId, change.name);
        }
        const given = Object.fromEntries(
          Object.entries(change).filter(([, value]) => value !== undefined),
        ) as Partial<TenantSettings>;
        const after: TenantSettings = {
          ...before,
          ...given,
          country: change.country ?? row.country ?? countryOfTimeZone(given.timeZone ?? before.timeZone),
        };
        const differs = difference(before, after);
        if (Object.keys(differs.after ?? {}).length === 0) return before;
        await trx
          .updateTable('tenants')
          .set({
            name: after.name,
            time_zone: after.timeZone,
            // Until one is chosen it goes with the time zone.
            ...(change.country === undefined ? {} : { country: change.country }),
            language: after.language,
            support_address: after.supportAddress,
            call_retention_days: after.callRetentionDays,
            deletion_grace_days: after.deletionGraceDays,
            second_factor_for: after.secondFactorFor,
          })
          .execute();
        const subject = { kind: 'tenant', id: tenantId, name: before.name };
        await writeAudit(trx, tenantId, actor, { action: 'tenant.change', subject, ...differs });
        await notifyDirectory(trx, tenantId, []);
        return after;
      }),

    administrators: (tenantId: TenantId): Promise<Administrator[]> =>
      database.inTenant(tenantId, listAdministrators),

    /** @throws OffhookError `email_taken` */
    invite: (tenantId: TenantId, wanted: InviteAdministrator, actor: Actor): Promise<Administrator> =>
      database.inTenant(tenantId, (trx) => inviteAdministrator(trx, tenantId, actor, naming, wanted)),

    /** @throws OffhookError `not_found`, `conflict` */
    inviteAgain: (tenantId: TenantId, userId: UserId, actor: Actor): Promise<Administrator> =>
      database.inTenant(tenantId, (trx) => inviteAgain(trx, tenantId, actor, naming, userId)),

    /** @throws OffhookError `not_found`, `last_administrator` */
    remove: (tenantId: TenantId, userId: UserId, actor: Actor): Promise<void> =>
      database.inTenant(tenantId, (trx) => removeAdministrator(trx, tenantId, actor, naming, userId)),
  };
}

const settingsOf = (row: TenantRow): TenantSettings => ({
  name: row.name,
  status: row.status,
  timeZone: row.time_zone,
  country: row.country ?? countryOfTimeZone(row.time_zone),
  language: languageOf(row.language),
  supportAddress: row.support_address,
  callRetentionDays: row.call_retention_days,
  deletionGraceDays: row.deletion_grace_days,
  secondFactorFor: row.second_factor_for,
});
