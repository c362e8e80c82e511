import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';

/** Milliseconds for one statement of a long act; each writes a batch. The usual limit is for what people wait for. */
const STATEMENT_TIMEOUT = 120_000;

/**
 * Make a transaction fit for tens of thousands of rows. Its statements look up batches by their keys, for which there are indexes. The planner's
 * statistics know nothing of what the transaction itself has written so far, and it would rather read whole tables: seconds for each batch. So it is
 * told not to.
 */
export const allowLong = (trx: TenantTransaction) =>
  sql`SELECT set_config('statement_timeout', ${String(STATEMENT_TIMEOUT)}, true),
             set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
             set_config('enable_mergejoin', 'off', true)`.execute(trx);
