import {
  OffhookError,
  type ApiKeyId,
  type ConnectorId,
  type KeyScope,
  type TenantId,
} from '@offhook/contract';
import { sql } from 'kysely';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { Machine } from '../http/access.ts';
import { hashToken } from '../secrets/tokens.ts';

/** An API key that is valid now. */
export type ValidKey = {
  tenantId: TenantId;
  keyId: ApiKeyId;
  /** Absent: for no connector, so it opens no link. */
  connectorId: ConnectorId | null;
  scopes: KeyScope[];
  /** Replaced: it is good until then, in milliseconds since the epoch. */
  expiresAt: number | null;
};

type StoredKey = ValidKey & { revokedAt: number | null; lastUsedAt: number | null };

/** Milliseconds within which the use of a key is written down once. */
const USE_EVERY = 5 * 60_000;

/**
 * Who holds the key of an `Authorization: Bearer` header.
 * @throws OffhookError `api_key_invalid`, `api_key_revoked` (also: replaced, and its grace is over; or the tenant is being deleted), `unavailable`
 */
export async function keyOf(database: Database, authorization: string | undefined): Promise<ValidKey> {
  const token = /^Bearer ([\w-]{1,100})$/u.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new OffhookError('api_key_invalid');
  const key = await database.beforeTenant(async (trx) => {
    const { rows } = await sql<StoredKey>`
      SELECT tenant_id AS "tenantId", key_id AS "keyId", connector_id AS "connectorId", scopes,
             revoked_at AS "revokedAt", expires_at AS "expiresAt",
             last_used_at AS "lastUsedAt"
        FROM lookup_api_key(${hashToken(token)})`.execute(trx);
    return rows[0];
  });
  if (key === undefined) throw new OffhookError('api_key_invalid');
  const { revokedAt, lastUsedAt, ...valid } = key;
  const now = Date.now();
  if (revokedAt !== null || (valid.expiresAt !== null && valid.expiresAt <= now)) {
    throw new OffhookError('api_key_revoked');
  }
  const isGoing = await database.inTenant(valid.tenantId, async (trx) => {
    if (lastUsedAt === null || lastUsedAt <= now - USE_EVERY) await noteUse(trx, valid.keyId, now);
    const tenant = await trx.selectFrom('tenants').select('status').executeTakeFirst();
    return tenant?.status === 'deleting';
  });
  if (isGoing) throw new OffhookError('api_key_revoked');
  return valid;
}

/** A key is in use; written at most every five minutes. */
export async function noteUse(trx: TenantTransaction, keyId: ApiKeyId, now: number): Promise<void> {
  await trx
    .updateTable('api_keys')
    .set({ last_used_at: now })
    .where('key_id', '=', keyId)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', now - USE_EVERY)]))
    .execute();
}

/** A request of a machine, for the gate of the HTTP API. */
export async function machineWith(database: Database, authorization: string | undefined): Promise<Machine> {
  const { tenantId, keyId, connectorId, scopes } = await keyOf(database, authorization);
  const name = await database.inTenant(tenantId, async (trx) => {
    const row = await trx
      .selectFrom('api_keys')
      .select(['name', 'hint'])
      .where('key_id', '=', keyId)
      .executeTakeFirstOrThrow();
    return row.name === '' ? row.hint : row.name;
  });
  return {
    kind: 'machine',
    tenantId,
    keyId,
    name,
    scopes,
    ...(connectorId === null ? {} : { connectorId }),
  };
}
