import {
  isPermitted,
  OffhookError,
  type ApiKeyId,
  type ConnectorId,
  type LineConfig,
  type LineId,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import { keyOf } from '../api-keys/authenticate.ts';
import type { Database } from '../database/database.ts';
import { StoredKept } from '../settings/store.ts';

/** The key of a link. */
export type LinkKey = {
  tenantId: TenantId;
  keyId: ApiKeyId;
  connectorId: ConnectorId;
  /** The key has been replaced and is good until then, in milliseconds since the epoch. */
  expiresAt: number | null;
};
export type StoredLine = Omit<LineConfig, 'password'> & { sealedPassword: Buffer };
/** As the table has it: passwords apart, nothing checked. */
export type StoredPbx = { config: object; secrets: Buffer | null };
export type ConfigPage = { revision: number; pbx: StoredPbx | undefined; lines: StoredLine[] };

export type LinkStore = ReturnType<typeof createLinkStore>;

export function createLinkStore(database: Database) {
  return {
    /** @throws OffhookError `api_key_invalid`, `api_key_revoked` (also of a key that opens no link), `unavailable` */
    findKey: async (authorization: string | undefined): Promise<LinkKey> => {
      const { connectorId, scopes, ...key } = await keyOf(database, authorization);
      if (connectorId === null || !scopes.some((scope) => isPermitted(`machine:${scope}`, 'link')))
        throw new OffhookError('api_key_invalid');
      const { tenantId, keyId, expiresAt } = key;
      return { tenantId, keyId, expiresAt, connectorId };
    },

    /** Until when a key is good; undefined where it is good no more. */
    keyEnd: (tenantId: TenantId, keyId: ApiKeyId): Promise<{ expiresAt: number | null } | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .selectFrom('api_keys')
          .innerJoin('tenants', 'tenants.tenant_id', 'api_keys.tenant_id')
          .select('expires_at')
          .where('tenants.status', '!=', 'deleting')
          .where('key_id', '=', keyId)
          .where('revoked_at', 'is', null)
          .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', Date.now())]))
          .executeTakeFirst();
        return row === undefined ? undefined : { expiresAt: row.expires_at };
      }),

    /** Whether administrators want the connector to take no new calls. */
    isDraining: (tenantId: TenantId, connectorId: ConnectorId): Promise<boolean> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .selectFrom('connectors')
          .select('draining')
          .where('connector_id', '=', connectorId)
          .executeTakeFirst();
        return row?.draining === true;
      }),

    configRevision: (tenantId: TenantId, connectorId: ConnectorId): Promise<number | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .selectFrom('connectors')
          .select('config_revision')
          .where('connector_id', '=', connectorId)
          .executeTakeFirst();
        return row?.config_revision;
      }),

    /** One consistent page, lines in the order of their ids after `cursor`. */
    configPage: (
      tenantId: TenantId,
      connectorId: ConnectorId,
      limit: number,
      cursor?: string,
    ): Promise<ConfigPage> =>
      database.inTenant(tenantId, async (trx) => {
        // Held until the lines are read: who changes them raises the revision first.
        const connector = await trx
          .selectFrom('connectors')
          .select('config_revision')
          .where('connector_id', '=', connectorId)
          .forShare()
          .executeTakeFirst();
        const pbx = await trx
          .selectFrom('pbx_configs')
          .select(['config', 'secrets'])
          .where('connector_id', '=', connectorId)
          .executeTakeFirst();
        const lines = await trx
          .selectFrom('lines')
          .innerJoin('users', (join) =>
            join
              .onRef('users.tenant_id', '=', 'lines.tenant_id')
              .onRef('users.user_id', '=', 'lines.user_id'),
          )
          .where('users.disabled_at', 'is', null)
          .selectAll('lines')
          .where('connector_id', '=', connectorId)
          .where('line_id', '>', cursor ?? '')
          .orderBy('line_id')
          .limit(limit)
          .execute();
        return {
          revision: connector?.config_revision ?? 0,
          pbx,
          lines: lines.map((line) => ({
            lineId: line.line_id as LineId,
            userId: line.user_id as UserId,
            number: line.number,
            displayName: line.display_name,
            authUser: line.auth_user,
            sealedPassword: line.secret,
            ...(line.main_number === null ? {} : { mainNumber: line.main_number }),
            ...(line.desk_phone === null ? {} : { deskPhone: line.desk_phone }),
            ...(line.short_number === null ? {} : { shortNumber: line.short_number }),
            ...(line.caller_id === null ? {} : { callerId: line.caller_id }),
            ...(line.voicemail_number === null ? {} : { voicemailNumber: line.voicemail_number }),
            kept: StoredKept.parse(line.kept),
          })),
        };
      }),
  };
}
