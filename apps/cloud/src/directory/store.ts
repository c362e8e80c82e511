import type { ConnectorId, TenantId, UserId } from '@offhook/contract';
import type { Database } from '../database/database.ts';
import type { DirectoryUser } from './search.ts';

export type DirectoryStore = { listUsers(tenantId: TenantId): Promise<DirectoryUser[]> };

export function createDirectoryStore(database: Database): DirectoryStore {
  return {
    listUsers: (tenantId) =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('users')
          .leftJoin('lines', (join) =>
            join
              .onRef('lines.tenant_id', '=', 'users.tenant_id')
              .onRef('lines.user_id', '=', 'users.user_id'),
          )
          .where('users.disabled_at', 'is', null)
          .select([
            'users.user_id',
            'users.name',
            'users.email',
            'lines.number',
            'lines.main_number',
            'lines.desk_phone',
            'lines.connector_id',
          ])
          .orderBy('users.name')
          .execute();
        return rows.map((row) => ({
          userId: row.user_id as UserId,
          name: row.name,
          email: row.email,
          number: row.main_number ?? row.number ?? undefined,
          devices: [row.number, row.desk_phone].filter((number) => number !== null),
          connectorId: (row.connector_id ?? undefined) as ConnectorId | undefined,
        }));
      }),
  };
}
