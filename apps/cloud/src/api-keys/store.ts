import {
  OffhookError,
  type ApiKey,
  type ApiKeyId,
  type ConnectorId,
  type KeyScope,
  type NewKeyRequest,
  type TenantId,
} from '@offhook/contract';
import { sql, type Selectable } from 'kysely';
import { writeAudit, type Actor } from '../audit/audit.ts';
import { notifyChange } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { newId } from '../ids.ts';
import { hashToken, newApiKey } from '../secrets/tokens.ts';

const HOUR_MS = 3_600_000;

export type ApiKeyStore = ReturnType<typeof createApiKeyStore>;

/** A key in the clear, this once. */
export type FreshKey = { key: ApiKey; secret: string };

export async function storedKeys(trx: TenantTransaction, connectorId?: ConnectorId): Promise<ApiKey[]> {
  let query = trx.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('key_id');
  if (connectorId !== undefined) query = query.where('connector_id', '=', connectorId);
  return (await query.execute()).map(toKey);
}

const toKey = (row: Selectable<Schema['api_keys']>): ApiKey => ({
  keyId: row.key_id as ApiKeyId,
  ...(row.connector_id === null ? {} : { connectorId: row.connector_id as ConnectorId }),
  name: row.name,
  scopes: row.scopes as KeyScope[],
  hint: row.hint,
  createdAt: row.created_at,
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
});

const subjectOf = ({ keyId, name, hint }: Pick<ApiKey, 'keyId' | 'name' | 'hint'>) => ({
  kind: 'api_key',
  id: keyId,
  name: name === '' ? hint : `${name} (${hint})`,
});

async function insertKey(
  trx: TenantTransaction,
  tenantId: TenantId,
  { name, scopes, connectorId }: NewKeyRequest,
): Promise<FreshKey> {
  const { key: secret, hint } = newApiKey();
  const row = await trx
    .insertInto('api_keys')
    .values({
      tenant_id: tenantId,
      key_id: newId('key'),
      connector_id: connectorId ?? null,
      key_hash: hashToken(secret),
      hint,
      name,
      scopes: [...new Set(scopes)],
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key: toKey(row), secret };
}

/** @throws OffhookError `not_found` */
const hold = async (trx: TenantTransaction, keyId: ApiKeyId): Promise<ApiKey> => {
  const row = await trx
    .selectFrom('api_keys')
    .selectAll()
    .where('key_id', '=', keyId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new OffhookError('not_found');
  return toKey(row);
};
/** Ends a key and the links that use it. */
const end = async (trx: TenantTransaction, tenantId: TenantId, { keyId, connectorId }: ApiKey) => {
  await trx.updateTable('api_keys').set({ revoked_at: Date.now() }).where('key_id', '=', keyId).execute();
  if (connectorId !== undefined)
    await notifyChange(trx, { kind: 'key_revoked', tenantId, connectorId, keyId });
};

export function createApiKeyStore(database: Database) {
  return {
    list: (tenantId: TenantId, connectorId?: ConnectorId): Promise<ApiKey[]> =>
      database.inTenant(tenantId, (trx) => storedKeys(trx, connectorId)),

    /** @throws OffhookError `not_found` (the connector), `bad_request` (for a link it must be of a connector) */
    create: (tenantId: TenantId, request: NewKeyRequest, actor: Actor): Promise<FreshKey> =>
      database.inTenant(tenantId, async (trx) => {
        const { connectorId, scopes, name } = request;
        if (connectorId === undefined && scopes.includes('connector')) {
          throw new OffhookError('bad_request', { fields: ['body.connectorId'] });
        }
        if (connectorId !== undefined) {
          const connector = await trx
            .selectFrom('connectors')
            .select('connector_id')
            .where('connector_id', '=', connectorId)
            .executeTakeFirst();
          if (connector === undefined) throw new OffhookError('not_found');
        }
        const fresh = await insertKey(trx, tenantId, request);
        await writeAudit(trx, tenantId, actor, {
          action: 'api_key.create',
          subject: subjectOf(fresh.key),
          after: { name, scopes: fresh.key.scopes, ...(connectorId === undefined ? {} : { connectorId }) },
        });
        return fresh;
      }),

    /**
     * A new key in the place of one, which is good for some hours yet, so that nobody is cut off while the new one is put in its place.
     * @throws OffhookError `not_found`, `conflict` for a key that is not in force, or whose days are numbered already
     */
    regenerate: (tenantId: TenantId, keyId: ApiKeyId, graceHours: number, actor: Actor): Promise<FreshKey> =>
      database.inTenant(tenantId, async (trx) => {
        const old = await hold(trx, keyId);
        if (old.revokedAt !== undefined || old.expiresAt !== undefined) {
          const message = 'This key has been revoked or replaced already. Create a new one instead.';
          throw new OffhookError('conflict', { message });
        }
        const { name, scopes, connectorId } = old;
        const fresh = await insertKey(trx, tenantId, {
          name,
          scopes,
          ...(connectorId === undefined ? {} : { connectorId }),
        });
        const expiresAt = Date.now() + graceHours * HOUR_MS;
        if (graceHours === 0) await end(trx, tenantId, old);
        else {
          await trx
            .updateTable('api_keys')
            .set({ expires_at: expiresAt })
            .where('key_id', '=', keyId)
            .execute();
          if (connectorId !== undefined)
            await notifyChange(trx, { kind: 'key_expires', tenantId, connectorId, keyId });
        }
        await writeAudit(trx, tenantId, actor, {
          action: 'api_key.regenerate',
          subject: subjectOf(old),
          after: { replacedBy: fresh.key.hint, goodUntil: new Date(expiresAt).toISOString() },
        });
        return fresh;
      }),

    /** A second time changes nothing. @throws OffhookError `not_found` */
    revoke: (tenantId: TenantId, keyId: ApiKeyId, actor: Actor): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        const key = await hold(trx, keyId);
        if (key.revokedAt !== undefined) return;
        await end(trx, tenantId, key);
        await writeAudit(trx, tenantId, actor, { action: 'api_key.revoke', subject: subjectOf(key) });
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
