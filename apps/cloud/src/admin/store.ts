import type { ApiKeyId, ConnectorId, ConnectorInfo, TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { writeAudit, type Actor } from '../audit/audit.ts';
import { notifyChange } from '../database/changes.ts';
import type { Database } from '../database/database.ts';
import { newId } from '../ids.ts';

export type AdminStore = ReturnType<typeof createAdminStore>;

/** A connector with its keys; whether it is online is not the database's to know. */
export type StoredConnector = Pick<ConnectorInfo, 'connectorId' | 'name' | 'keys'>;

export function createAdminStore(database: Database) {
  return {
    listConnectors: (tenantId: TenantId): Promise<StoredConnector[]> =>
      database.inTenant(tenantId, async (trx) => {
        const connectors = await trx
          .selectFrom('connectors')
          .select(['connector_id', 'name'])
          .orderBy('name')
          .execute();
        const keys = await trx.selectFrom('api_keys').selectAll().orderBy('created_at').execute();
        return connectors.map(({ connector_id, name }) => ({
          connectorId: connector_id as ConnectorId,
          name,
          keys: keys
            .filter((key) => key.connector_id === connector_id)
            .map((key) => ({
              keyId: key.key_id as ApiKeyId,
              hint: key.hint,
              createdAt: key.created_at,
              ...(key.revoked_at === null ? {} : { revokedAt: key.revoked_at }),
            })),
        }));
      }),

    /** @returns the key's id, or undefined when the tenant has no such connector */
    addKey: (
      tenantId: TenantId,
      connectorId: ConnectorId,
      { hash, hint }: { hash: Buffer; hint: string },
      actor: Actor,
    ): Promise<ApiKeyId | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const connector = await trx
          .selectFrom('connectors')
          .select('connector_id')
          .where('connector_id', '=', connectorId)
          .executeTakeFirst();
        if (connector === undefined) return undefined;
        const keyId = newId('key') as ApiKeyId;
        await trx
          .insertInto('api_keys')
          .values({ tenant_id: tenantId, key_id: keyId, connector_id: connectorId, key_hash: hash, hint })
          .execute();
        const subject = { kind: 'api_key', id: keyId, name: hint };
        await writeAudit(trx, tenantId, actor, { action: 'api_key.create', subject });
        return keyId;
      }),

    /** Revoke a key; a second time changes nothing. @returns false when the tenant has no such key */
    revokeKey: (tenantId: TenantId, keyId: ApiKeyId, actor: Actor): Promise<boolean> =>
      database.inTenant(tenantId, async (trx) => {
        const key = await trx
          .selectFrom('api_keys')
          .select(['connector_id', 'revoked_at', 'hint'])
          .where('key_id', '=', keyId)
          .forUpdate()
          .executeTakeFirst();
        if (key === undefined) return false;
        if (key.revoked_at !== null) return true;
        await trx
          .updateTable('api_keys')
          .set({ revoked_at: Date.now() })
          .where('key_id', '=', keyId)
          .execute();
        const subject = { kind: 'api_key', id: keyId, name: key.hint };
        await writeAudit(trx, tenantId, actor, { action: 'api_key.revoke', subject });
        const connectorId = key.connector_id as ConnectorId;
        await notifyChange(trx, { kind: 'key_revoked', tenantId, connectorId, keyId });
        return true;
      }),

    /** For the command line, which acts for no tenant: connectors of this id or name, in any. */
    findConnectors: (idOrName: string): Promise<{ tenantId: TenantId; connectorId: ConnectorId }[]> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<{ tenantId: TenantId; connectorId: ConnectorId }>`
          SELECT tenant_id AS "tenantId", connector_id AS "connectorId"
            FROM lookup_connector(${idOrName})`.execute(trx);
        return rows;
      }),

    findKeyTenant: (keyId: string): Promise<TenantId | undefined> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<{ tenantId: TenantId }>`
          SELECT tenant_id AS "tenantId" FROM lookup_key_tenant(${keyId})`.execute(trx);
        return rows[0]?.tenantId;
      }),
  };
}
