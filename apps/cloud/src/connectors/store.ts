import {
  AdminLimits,
  OffhookError,
  PlatformKind,
  type ApiKeyId,
  type AuditState,
  type ConnectorChange,
  type ConnectorId,
  type NewConnector,
  type TenantId,
} from '@offhook/contract';
import { difference, writeAudit, type Actor } from '../audit/audit.ts';
import { LinkStatus } from '../bus/topics.ts';
import { notifyChange, notifyDirectory } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { partSecrets } from '../secrets/pbx-secrets.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { mergePasswords, writePbx, type StoredPbx } from './pbx.ts';
import type { Known } from './state.ts';

/** A connector as the database knows it; whether it is online is not the database's to know. */
export type StoredConnector = Omit<Known, 'live'>;

export type ConnectorStore = ReturnType<typeof createConnectorStore>;

/** Of a connector's configuration; undefined before there is one, or where it names a kind that this build does not know. */
export async function kindOf(
  trx: TenantTransaction,
  connectorId: ConnectorId,
): Promise<PlatformKind | undefined> {
  const row = await trx
    .selectFrom('pbx_configs')
    .select('config')
    .where('connector_id', '=', connectorId)
    .executeTakeFirst();
  return kindIn(row?.config);
}

const kindIn = (config: object | null | undefined): PlatformKind | undefined =>
  config !== null && config !== undefined && 'kind' in config
    ? PlatformKind.safeParse(config.kind).data
    : undefined;

/** Connectors of the tenant as they are stored, in the order of their names; of one alone where it is named. */
export async function storedConnectors(
  trx: TenantTransaction,
  connectorId?: ConnectorId,
): Promise<StoredConnector[]> {
  let query = trx
    .selectFrom('connectors')
    .leftJoin('pbx_configs', 'pbx_configs.connector_id', 'connectors.connector_id')
    .leftJoin('connector_states', 'connector_states.connector_id', 'connectors.connector_id')
    .select(['connectors.connector_id', 'name', 'draining', 'config', 'facts', 'seen_at'])
    .orderBy('name');
  if (connectorId !== undefined) query = query.where('connectors.connector_id', '=', connectorId);
  return (await query.execute()).map((row) => {
    // What an earlier version has written is no reason to show nothing at all.
    const facts = LinkStatus.safeParse(row.facts).data;
    return {
      connectorId: row.connector_id as ConnectorId,
      name: row.name,
      draining: row.draining,
      kind: kindIn(row.config),
      seen: facts === undefined || row.seen_at === null ? undefined : { facts, at: row.seen_at },
    };
  });
}

const subjectOf = (connectorId: ConnectorId, name: string) => ({
  kind: 'connector',
  id: connectorId,
  name,
});

/** For the audit log: never a password, but whether one was given. */
const withoutPasswords = ({ config, secrets }: { config: object; secrets: unknown }): AuditState => ({
  ...config,
  hasSecrets: secrets !== null && secrets !== undefined,
});

/** The row, held until the end of the transaction. @throws OffhookError `not_found` */
const hold = async (trx: TenantTransaction, connectorId: ConnectorId) => {
  const row = await trx
    .selectFrom('connectors')
    .select(['name', 'draining'])
    .where('connector_id', '=', connectorId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new OffhookError('not_found');
  return row;
};
const pbxOf = async (trx: TenantTransaction, connectorId: ConnectorId): Promise<StoredPbx | undefined> =>
  trx
    .selectFrom('pbx_configs')
    .select(['config', 'secrets'])
    .where('connector_id', '=', connectorId)
    .executeTakeFirst();
const requireFreeName = async (trx: TenantTransaction, name: string, except?: ConnectorId) => {
  const rows = await trx.selectFrom('connectors').select('connector_id').where('name', '=', name).execute();
  if (rows.some(({ connector_id }) => connector_id !== except)) throw new OffhookError('name_taken');
};

/** Two may take one name at the same time; then the database says so. */
const namedOnce = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    const isName =
      error instanceof Error && 'constraint' in error && error.constraint === 'connectors_tenant_id_name_key';
    throw isName ? new OffhookError('name_taken', { cause: error }) : error;
  });

export function createConnectorStore(database: Database, box: SecretBox) {
  return {
    list: (tenantId: TenantId) => database.inTenant(tenantId, (trx) => storedConnectors(trx)),

    find: (tenantId: TenantId, connectorId: ConnectorId): Promise<StoredConnector | undefined> =>
      database.inTenant(tenantId, async (trx) => (await storedConnectors(trx, connectorId))[0]),

    pbx: (tenantId: TenantId, connectorId: ConnectorId): Promise<StoredPbx | undefined> =>
      database.inTenant(tenantId, (trx) => pbxOf(trx, connectorId)),

    /** @throws OffhookError `name_taken`, `conflict` (there are too many) */
    create: (tenantId: TenantId, { name, pbx }: NewConnector, actor: Actor): Promise<ConnectorId> =>
      database.inTenant(tenantId, async (trx) => {
        await requireFreeName(trx, name);
        const { held } = await trx
          .selectFrom('connectors')
          .select((eb) => eb.fn.countAll<number>().as('held'))
          .executeTakeFirstOrThrow();
        if (held >= AdminLimits.connectorsPerTenant) {
          const message = `There are ${held} connectors already; more are not possible.`;
          throw new OffhookError('conflict', { message });
        }
        const connectorId = newId('con') as ConnectorId;
        const inserted = await trx
          .insertInto('connectors')
          .values({ tenant_id: tenantId, connector_id: connectorId, name })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing())
          .returning('connector_id')
          .executeTakeFirst();
        // Somebody else was faster.
        if (inserted === undefined) throw new OffhookError('name_taken');
        await writePbx(trx, box, { tenantId, connectorId }, undefined, pbx);
        await writeAudit(trx, tenantId, actor, {
          action: 'connector.create',
          subject: subjectOf(connectorId, name),
          after: { name, ...withoutPasswords(partSecrets(pbx)) },
        });
        await notifyDirectory(trx, tenantId, [connectorId]);
        return connectorId;
      }),

    /** @throws OffhookError `not_found`, `name_taken`, `bad_request` */
    change: (
      tenantId: TenantId,
      connectorId: ConnectorId,
      { name, pbx }: ConnectorChange,
      actor: Actor,
    ): Promise<void> =>
      namedOnce(
        database.inTenant(tenantId, async (trx) => {
          const held = await hold(trx, connectorId);
          const isRenamed = name !== undefined && name !== held.name;
          if (isRenamed) {
            await requireFreeName(trx, name, connectorId);
            await trx
              .updateTable('connectors')
              .set({ name })
              .where('connector_id', '=', connectorId)
              .execute();
          }
          const place = { tenantId, connectorId };
          const before = await pbxOf(trx, connectorId);
          const whole = pbx === undefined ? undefined : mergePasswords(box, place, before, pbx);
          const isChanged = whole !== undefined && (await writePbx(trx, box, place, before, whole));
          if (!isRenamed && !isChanged) return;
          if (isChanged) {
            await trx
              .updateTable('connectors')
              .set((eb) => ({ config_revision: eb('config_revision', '+', 1) }))
              .where('connector_id', '=', connectorId)
              .execute();
          }
          const after = isChanged ? await pbxOf(trx, connectorId) : before;
          await writeAudit(trx, tenantId, actor, {
            action: 'connector.change',
            subject: subjectOf(connectorId, name ?? held.name),
            ...difference(
              { name: held.name, ...(before === undefined ? {} : withoutPasswords(before)) },
              { name: name ?? held.name, ...(after === undefined ? {} : withoutPasswords(after)) },
            ),
          });
          await notifyDirectory(trx, tenantId, [connectorId]);
        }),
      ),

    /** @throws OffhookError `not_found`, `name_mismatch`, `conflict` while lines hang on it */
    remove: (tenantId: TenantId, connectorId: ConnectorId, name: string, actor: Actor): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        const held = await hold(trx, connectorId);
        if (held.name !== name) throw new OffhookError('name_mismatch');
        const { lines } = await trx
          .selectFrom('lines')
          .select((eb) => eb.fn.countAll<number>().as('lines'))
          .where('connector_id', '=', connectorId)
          .executeTakeFirstOrThrow();
        if (lines > 0) {
          const message = `${lines} ${lines === 1 ? 'line hangs' : 'lines hang'} on this connector. Move or remove ${lines === 1 ? 'it' : 'them'} first.`;
          throw new OffhookError('conflict', { message });
        }
        const keys = await trx
          .selectFrom('api_keys')
          .select('key_id')
          .where('connector_id', '=', connectorId)
          .execute();
        const before = await pbxOf(trx, connectorId);
        await trx.deleteFrom('connectors').where('connector_id', '=', connectorId).execute();
        await writeAudit(trx, tenantId, actor, {
          action: 'connector.delete',
          subject: subjectOf(connectorId, name),
          before: { name, ...(before === undefined ? {} : withoutPasswords(before)) },
        });
        for (const { key_id } of keys) {
          const keyId = key_id as ApiKeyId;
          await notifyChange(trx, { kind: 'key_revoked', tenantId, connectorId, keyId });
        }
        await notifyDirectory(trx, tenantId, [connectorId]);
      }),

    /** @returns false where it was so already. @throws OffhookError `not_found` */
    setDraining: (
      tenantId: TenantId,
      connectorId: ConnectorId,
      draining: boolean,
      actor: Actor,
    ): Promise<boolean> =>
      database.inTenant(tenantId, async (trx) => {
        const held = await hold(trx, connectorId);
        if (held.draining === draining) return false;
        await trx
          .updateTable('connectors')
          .set({ draining })
          .where('connector_id', '=', connectorId)
          .execute();
        const action = draining ? 'connector.drain' : 'connector.resume';
        await writeAudit(trx, tenantId, actor, { action, subject: subjectOf(connectorId, held.name) });
        await notifyChange(trx, { kind: 'drain', tenantId, connectorId });
        return true;
      }),
  };
}
