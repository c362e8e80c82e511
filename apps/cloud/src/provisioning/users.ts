import { OffhookError, type ConnectorId, type TenantId, type UserId } from '@offhook/contract';
import { writeAudit, type Actor } from '../audit/audit.ts';
import { notifyDirectory, notifyChange } from '../database/changes.ts';
import type { Database } from '../database/database.ts';

/**
 * Let a user in no more, or again. Disabling ends the user's sessions at once and takes the line from the connector's
 * configuration, so that its calls end and it registers no longer; what the user had stays: line, number, history.
 * @returns whether anything changed
 * @throws OffhookError `not_found`
 */
export async function setUserDisabled(
  database: Database,
  { tenantId, userId }: { tenantId: TenantId; userId: UserId },
  disabled: boolean,
  actor: Actor,
): Promise<boolean> {
  return database.inTenant(tenantId, async (trx) => {
    const user = await trx
      .selectFrom('users')
      .select(['email', 'disabled_at'])
      .where('user_id', '=', userId)
      .forUpdate()
      .executeTakeFirst();
    if (user === undefined) throw new OffhookError('not_found');
    if ((user.disabled_at !== null) === disabled) return false;
    await trx
      .updateTable('users')
      .set({ disabled_at: disabled ? Date.now() : null })
      .where('user_id', '=', userId)
      .execute();
    const action = disabled ? 'disable' : 'enable';
    const subject = { kind: 'user', id: userId, name: user.email };
    await writeAudit(trx, tenantId, actor, { action: `user.${action}`, subject });
    if (disabled) {
      await trx.deleteFrom('sessions').where('user_id', '=', userId).execute();
      await notifyChange(trx, { kind: 'sessions_revoked', tenantId, userId });
    }
    const connectors = await trx
      .updateTable('connectors')
      .set((eb) => ({ config_revision: eb('config_revision', '+', 1) }))
      .where('connector_id', 'in', (eb) =>
        eb.selectFrom('lines').select('lines.connector_id').where('lines.user_id', '=', userId),
      )
      .returning('connector_id')
      .execute();
    await notifyDirectory(
      trx,
      tenantId,
      connectors.map((row) => row.connector_id as ConnectorId),
    );
    return true;
  });
}
