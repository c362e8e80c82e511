import { KeptSettings, type SettingsChange, type TenantId, type UserId } from '@offhook/contract';
import type { Database } from '../database/database.ts';
import { mergeKept } from './kept.ts';

/** A row that an older version wrote and this one cannot read is as if nothing were kept: the line goes on. */
export const StoredKept = KeptSettings.catch({});

export type SettingsStore = {
  /** Keep an accepted change with the user's line. The configuration's revision stays: the connector knows already. */
  keep: (tenantId: TenantId, userId: UserId, change: SettingsChange) => Promise<void>;
};

export function createSettingsStore(database: Database): SettingsStore {
  return {
    keep: (tenantId, userId, change) =>
      database.inTenant(tenantId, async (trx) => {
        const line = await trx
          .selectFrom('lines')
          .select(['line_id', 'kept'])
          .where('user_id', '=', userId)
          .forUpdate()
          .executeTakeFirst();
        if (line === undefined) return;
        const kept = mergeKept(StoredKept.parse(line.kept), change);
        await trx
          .updateTable('lines')
          .set({ kept: JSON.stringify(kept) })
          .where('line_id', '=', line.line_id)
          .execute();
      }),
  };
}
