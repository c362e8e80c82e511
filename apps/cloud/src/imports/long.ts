import { sql } from 'kysely';
import {
  openDatabase,
  type Database,
  type DatabaseOptions,
  type TenantTransaction,
} from '../database/database.ts';

/** Milliseconds for one statement; each writes a batch. The usual limit is for what people wait for. */
const STATEMENT_TIMEOUT = 120_000;
/** One works at a time; its signs of life go another way than its transaction. */
const CONNECTIONS = 3;

/** Connections for long work, apart from those that people wait for. */
export const openLongDatabase = (options: Pick<DatabaseOptions, 'url' | 'onIdleError'>): Database =>
  openDatabase({ ...options, poolSize: CONNECTIONS, statementTimeout: STATEMENT_TIMEOUT });

/**
 * Make a transaction fit for tens of thousands of rows. Its statements look up batches by their keys, for which there are indexes. The planner's
 * statistics know nothing of what the transaction itself has written so far, and it would rather read whole tables: seconds for each batch. So it is
 * told not to.
 */
export const useIndexes = (trx: TenantTransaction) =>
  sql`SELECT set_config('enable_seqscan', 'off', true)`.execute(trx);
