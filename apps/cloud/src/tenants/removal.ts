import { OffhookError, type TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { PROVIDER_TENANT } from '../accounts/accept.ts';
import { theSystem, writeAudit } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';

/** People that go in one transaction, with their lines, calls and all: so that none of them takes long. */
const PEOPLE_AT_ONCE = 500;

/** Tenants whose days of grace are over go with all that is theirs. @returns how many have gone */
export async function removeDueTenants(
  database: Database,
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void },
  now = Date.now(),
): Promise<number> {
  const due = await database.asProvider((trx) =>
    trx
      .selectFrom('tenants')
      .select('tenant_id')
      .where('status', '=', 'deleting')
      .where('deletes_at', '<=', now)
      .execute(),
  );
  let gone = 0;
  for (const row of due) {
    const tenantId = row.tenant_id as TenantId;
    try {
      while (await inDueTenant(database, tenantId, now, removePeople));
      await inDueTenant(database, tenantId, now, removeTenant);
    } catch (err) {
      // The others go nevertheless, and this one is tried again with the next round.
      log.warn({ err, tenantId }, 'a tenant whose time is over was not removed');
      continue;
    }
    gone += 1;
    log.info({ tenantId }, 'tenant is gone');
  }
  return gone;
}

/** Undefined where another node was quicker. */
const inDueTenant = <T>(
  database: Database,
  tenantId: TenantId,
  now: number,
  work: (trx: TenantTransaction, name: string) => Promise<T>,
): Promise<T | undefined> =>
  database.inTenant(tenantId, async (trx) => {
    const tenant = await trx
      .selectFrom('tenants')
      .select('name')
      .where('status', '=', 'deleting')
      .where('deletes_at', '<=', now)
      .where('kind', '=', 'customer')
      .forUpdate()
      .executeTakeFirst();
    return tenant === undefined ? undefined : work(trx, tenant.name);
  });

async function removePeople(trx: TenantTransaction): Promise<boolean> {
  const gone = await trx
    .deleteFrom('users')
    .where('user_id', 'in', (eb) =>
      eb.selectFrom('users as some').select('some.user_id').limit(PEOPLE_AT_ONCE),
    )
    .executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

async function removeTenant(trx: TenantTransaction, name: string): Promise<void> {
  const gone = await trx.deleteFrom('tenants').returning('tenant_id').executeTakeFirst();
  if (gone === undefined) throw new OffhookError('internal');
  // The tenant's own log is gone with it: that it is gone is written in the provider's, in the same transaction.
  await sql`SELECT set_config('offhook.tenant_id', ${PROVIDER_TENANT}, true)`.execute(trx);
  await writeAudit(
    trx,
    PROVIDER_TENANT,
    { ...theSystem, role: 'provider' },
    {
      action: 'tenant.remove',
      subject: { kind: 'tenant', id: gone.tenant_id, name },
    },
  );
}
