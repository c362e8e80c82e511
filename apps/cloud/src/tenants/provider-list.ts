import type { ConnectorId, TenantId, TenantPage, TenantQuery, TenantSummary } from '@offhook/contract';
import { sql } from 'kysely';
import type * as z from 'zod';
import type { Bus } from '../bus/bus.ts';
import { linkStatusTopic } from '../bus/topics.ts';
import type { Database, TenantTransaction } from '../database/database.ts';

/** Milliseconds that a node may take to say how its link is. */
const STATUS_TIMEOUT = 1_000;

type Row = Omit<TenantSummary, 'connectorsOnline' | 'platform' | 'seats'> & {
  platform: TenantSummary['platform'] | null;
  seats: number | null;
};
const sortable = { name: 'lower(t.name)', createdAt: 't.created_at', seatsUsed: 'c.seats_used' } as const;

const tenants = sql`
  tenants t
  JOIN provider_counts() c ON c.tenant_id = t.tenant_id
  LEFT JOIN subscriptions s ON s.tenant_id = t.tenant_id`;
const columns = sql`
  t.tenant_id AS "tenantId", t.name, t.status, s.platform, s.seats, c.seats_used AS "seatsUsed", c.connectors,
  t.created_at AS "createdAt"`;

/** Tenants as whoever runs the service sees them: across all, as the role `offhook_provider`, and nothing of their people. */
export function createProviderList(database: Database, bus: Bus) {
  /** How many of each tenant's connectors are online; no node answers for one that is not. */
  const online = async (trx: TenantTransaction, wanted: TenantId[]): Promise<() => Promise<number[]>> => {
    const { rows } = await sql<{ tenantId: TenantId; connectorId: ConnectorId }>`
      SELECT tenant_id AS "tenantId", connector_id AS "connectorId" FROM provider_connectors(${wanted})`.execute(
      trx,
    );
    return async () => {
      const up = await Promise.all(
        rows.map(({ tenantId, connectorId }) =>
          bus.request(linkStatusTopic(tenantId, connectorId), {}, STATUS_TIMEOUT).then(
            () => tenantId,
            () => undefined,
          ),
        ),
      );
      return wanted.map((tenantId) => up.filter((one) => one === tenantId).length);
    };
  };

  return {
    list: async (query: z.output<typeof TenantQuery>): Promise<TenantPage> => {
      const { search, status, sort, descending, page, pageSize } = query;
      const found = sql`t.kind = 'customer'
        AND (${search ?? null}::text IS NULL OR t.name ILIKE ${`%${(search ?? '').replaceAll(/[\\%_]/gu, String.raw`\$&`)}%`})
        AND (${status ?? null}::text IS NULL OR t.status = ${status ?? null})`;
      const order = sql.raw(`${sortable[sort]} ${descending ? 'DESC' : 'ASC'}, t.tenant_id`);
      const read = await database.asProvider(async (trx) => {
        const { rows } = await sql<Row>`
          SELECT ${columns} FROM ${tenants} WHERE ${found}
           ORDER BY ${order} LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`.execute(trx);
        const count = await sql<{ total: number }>`
          SELECT count(*) AS total FROM tenants t WHERE ${found}`.execute(trx);
        const ids = rows.map(({ tenantId }) => tenantId);
        return { rows, total: count.rows[0]?.total ?? 0, counting: await online(trx, ids) };
      });
      return { tenants: await summarise(read.rows, read.counting), total: read.total };
    },

    /** Undefined where there is no such customer. */
    find: async (tenantId: TenantId): Promise<TenantSummary | undefined> => {
      const read = await database.asProvider(async (trx) => {
        const { rows } = await sql<Row>`
          SELECT ${columns} FROM ${tenants}
           WHERE t.kind = 'customer' AND t.tenant_id = ${tenantId}`.execute(trx);
        return { rows, counting: await online(trx, [tenantId]) };
      });
      return (await summarise(read.rows, read.counting))[0];
    },
  };
}

async function summarise(rows: Row[], counting: () => Promise<number[]>): Promise<TenantSummary[]> {
  const counts = await counting();
  return rows.map(({ platform, seats, ...row }, at) => ({
    ...row,
    connectorsOnline: counts[at] ?? 0,
    ...(platform === null ? {} : { platform }),
    ...(seats === null ? {} : { seats }),
  }));
}
