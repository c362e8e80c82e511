import type { TenantId } from '@offhook/contract';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { fromDatabase } from './errors.ts';
import type { Schema } from './schema.ts';

/** A transaction that sees one tenant and nothing else. */
export type TenantTransaction = Transaction<Schema>;

/**
 * The database as the features see it. Both ways become the role `offhook_app`, on which row-level
 * security acts: {@link Database.inTenant} with a tenant set, {@link Database.beforeTenant} with none, so that
 * only the `lookup_…` functions answer. They throw `unavailable` while the database is away.
 */
export type Database = {
  inTenant: <T>(tenantId: TenantId, work: (transaction: TenantTransaction) => Promise<T>) => Promise<T>;
  /** For whoever runs the service, across tenants: becomes `offhook_provider`, which sees tenants and no people. */
  asProvider: <T>(work: (transaction: TenantTransaction) => Promise<T>) => Promise<T>;
  beforeTenant: <T>(work: (transaction: TenantTransaction) => Promise<T>) => Promise<T>;
  /** Resolves when the database answers. */
  ping: () => Promise<void>;
  pool: Pool;
  close: () => Promise<void>;
};

/** Milliseconds. The first three bound what a person waits for when the database is away or slow. */
const CONNECT_TIMEOUT = 3_000;
const STATEMENT_TIMEOUT = 10_000;
/** After which a server that did not end its statement is given up. */
const ANSWER_WITHIN = 2_000;
const IDLE_TIMEOUT = 30_000;

export type DatabaseOptions = {
  url: string;
  poolSize?: number;
  /** Milliseconds for one statement, of work that nobody waits for; as for people where absent. */
  statementTimeout?: number;
  /** An idle connection broke: the database went away. The pool makes new ones when asked. */
  onIdleError: (error: Error) => void;
};

export function openDatabase({
  url,
  poolSize = 10,
  statementTimeout = STATEMENT_TIMEOUT,
  onIdleError,
}: DatabaseOptions): Database {
  const overrides = new TypeOverrides();
  // Milliseconds and counters, far below 2^53.
  overrides.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    idleTimeoutMillis: IDLE_TIMEOUT,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + ANSWER_WITHIN,
    keepAlive: true,
    application_name: 'offhook-cloud',
    types: overrides,
  });
  pool.on('error', onIdleError);
  // A connection that breaks between two statements of a transaction would else end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  const transaction = async <T>(
    tenantId: string,
    work: (transaction: TenantTransaction) => Promise<T>,
    role: 'offhook_app' | 'offhook_provider' = 'offhook_app',
  ) => {
    try {
      return await db.transaction().execute(async (trx) => {
        // As SET LOCAL ROLE and SET LOCAL, in one round trip: both end with the transaction.
        await sql`SELECT set_config('role', ${role}, true), set_config('offhook.tenant_id', ${tenantId}, true)`.execute(
          trx,
        );
        return await work(trx);
      });
    } catch (error) {
      throw fromDatabase(error);
    }
  };

  return {
    inTenant: transaction,
    asProvider: (work) => transaction('', work, 'offhook_provider'),
    beforeTenant: (work) => transaction('', work),
    ping: async () => {
      try {
        await sql`SELECT 1`.execute(db);
      } catch (error) {
        throw fromDatabase(error);
      }
    },
    pool,
    close: async () => {
      await db.destroy();
      // Kysely leaves alone a pool that it has never used.
      if (!pool.ended) await pool.end();
    },
  };
}
