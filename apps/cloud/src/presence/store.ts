import { PresenceChoice, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { notifyChange } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { followPlatform, noChoice, type Choice } from './choice.ts';

/** `version` grows with each change; the greater one holds. 0: nothing has ever been kept. */
export type StoredChoice = Choice & { userId: UserId; version: number };

export type PresenceStore = {
  load: (tenantId: TenantId) => Promise<StoredChoice[]>;
  choose: (tenantId: TenantId, userId: UserId, choice: PresenceChoice) => Promise<StoredChoice>;
  /** The platform says whether do-not-disturb is on. */
  follow: (tenantId: TenantId, userId: UserId, platformDnd: boolean) => Promise<StoredChoice>;
};

export function createPresenceStore(database: Database): PresenceStore {
  return {
    load: (tenantId) =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx.selectFrom('presence_choices').selectAll().execute();
        return rows.map(fromRow);
      }),
    choose: (tenantId, userId, choice) =>
      database.inTenant(tenantId, (trx) =>
        change(trx, tenantId, userId, (before) => ({ ...before, choice })),
      ),
    follow: (tenantId, userId, platformDnd) =>
      database.inTenant(tenantId, (trx) =>
        change(trx, tenantId, userId, (before) => followPlatform(before, platformDnd), true),
      ),
  };
}

/**
 * Change what is kept of a user, and tell every node when that is committed. Changes of one user wait for each other.
 * @param fromPlatform what is kept for the connector follows: else it would set at the platform what was taken back there
 */
async function change(
  trx: TenantTransaction,
  tenantId: TenantId,
  userId: UserId,
  how: (before: Choice) => Choice,
  fromPlatform = false,
): Promise<StoredChoice> {
  const before = await read(trx, userId);
  const { choice, platformDnd } = how(before);
  if (choice === before.choice && platformDnd === before.platformDnd) return before;
  const after: StoredChoice = { userId, choice, platformDnd, version: before.version + 1 };
  const row = { choice, platform_dnd: platformDnd, version: after.version };
  if (before.version === 0) {
    const inserted = await trx
      .insertInto('presence_choices')
      .values({ tenant_id: tenantId, user_id: userId, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id']).doNothing())
      .returning('version')
      .executeTakeFirst();
    // Somebody else was first: now there is a row to wait for.
    if (inserted === undefined) return change(trx, tenantId, userId, how, fromPlatform);
  } else {
    await trx.updateTable('presence_choices').set(row).where('user_id', '=', userId).execute();
  }
  if (fromPlatform && platformDnd !== before.platformDnd) {
    await trx
      .updateTable('lines')
      .set({ kept: sql<string>`kept || jsonb_build_object('doNotDisturb', ${platformDnd}::boolean)` })
      .where('user_id', '=', userId)
      .where(sql<boolean>`kept -> 'doNotDisturb' IS NOT NULL`)
      .execute();
  }
  await notifyChange(trx, { kind: 'presence_choice', tenantId, ...after });
  return after;
}

async function read(trx: TenantTransaction, userId: UserId): Promise<StoredChoice> {
  const row = await trx
    .selectFrom('presence_choices')
    .selectAll()
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? { userId, ...noChoice, version: 0 } : fromRow(row);
}

function fromRow(row: {
  user_id: string;
  choice: string;
  platform_dnd: boolean;
  version: number;
}): StoredChoice {
  return {
    userId: row.user_id as UserId,
    choice: PresenceChoice.parse(row.choice),
    platformDnd: row.platform_dnd,
    version: row.version,
  };
}
