import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { theSystem, writeAudit } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';

/**
 * Any numbers that only we use: of several nodes one works at a time. One for each kind of work, so that who turns to records does not take the
 * turn of who is between two people.
 */
const PEOPLE_LOCK = 7_204_118_431;
const RECORDS_LOCK = 7_204_118_432;

/** Held to the end of the transaction; `false` where another node works. */
async function takeTurn(trx: TenantTransaction, lock: number): Promise<boolean> {
  const { rows } = await sql<{
    got: boolean;
  }>`SELECT pg_try_advisory_xact_lock(${lock}) AS got`.execute(trx);
  return rows[0]?.got === true;
}

/** What one batch did. `more`: there is more to do, and it is ours to do. */
export type Batch = { done: number; more: boolean };

/**
 * People whose grace period is over. With the row goes all that belongs to it: history, line, sessions, settings; mails to the person; and in what
 * others keep their name gives way to their id. Each person is one transaction, and one that fails keeps no other from going.
 * @param now milliseconds since the epoch
 * @param onFailed told of each who could not be removed now
 */
export async function erasePeople(
  database: Database,
  now: number,
  atMost: number,
  onFailed: (who: { tenantId: TenantId; userId: UserId }, error: unknown) => void,
): Promise<Batch> {
  const due = await database.beforeTenant(async (trx) => {
    const { rows } = await sql<{ tenant_id: TenantId; user_id: UserId }>`
      SELECT tenant_id, user_id FROM due_erasures(${now}, ${atMost})`.execute(trx);
    return rows;
  });
  let done = 0;
  for (const { tenant_id: tenantId, user_id: userId } of due) {
    let outcome;
    try {
      outcome = await database.inTenant(tenantId, (trx) => erasePerson(trx, tenantId, userId, now));
    } catch (error) {
      // Where the database is away nobody else will go either. A statement that took too long looks the same, and is not.
      if (error instanceof OffhookError && error.code === 'unavailable') await database.ping();
      onFailed({ tenantId, userId }, error);
      continue;
    }
    if (outcome === 'not_our_turn') return { done, more: false };
    if (outcome === 'erased') done += 1;
  }
  return { done, more: done > 0 && due.length === atMost };
}

async function erasePerson(
  trx: TenantTransaction,
  tenantId: TenantId,
  userId: UserId,
  now: number,
): Promise<'erased' | 'not_due' | 'not_our_turn'> {
  if (!(await takeTurn(trx, PEOPLE_LOCK))) return 'not_our_turn';
  // Whoever takes the deletion back at this moment is waited for.
  const person = await trx
    .selectFrom('users')
    .select('email')
    .where('user_id', '=', userId)
    .where('gone_at', '<=', now)
    .forUpdate()
    .executeTakeFirst();
  if (person === undefined) return 'not_due';
  await sql`SELECT pseudonymise_person(${tenantId}, ${userId}, ${now})`.execute(trx);
  await trx.deleteFrom('mail_outbox').where('to_address', '=', person.email).execute();
  // As are the terms, with who accepted them.
  const named = `<${person.email}>`;
  await sql`
    UPDATE tenants SET terms_accepted_by = ${userId} WHERE right(terms_accepted_by, ${named.length}) = ${named}`.execute(
    trx,
  );
  // Imports are kept, with who uploaded, applied and undid them.
  await sql`UPDATE imports SET created_by = ${userId} WHERE right(created_by, ${named.length}) = ${named}`.execute(
    trx,
  );
  await sql`
    UPDATE imports SET actor = jsonb_build_object('kind', 'person', 'id', ${userId}::text, 'name', ${userId}::text)
      WHERE actor ->> 'id' = ${userId}`.execute(trx);
  await trx.deleteFrom('users').where('user_id', '=', userId).execute();
  const subject = { kind: 'user', id: userId, name: userId };
  await writeAudit(trx, tenantId, theSystem, { action: 'user.erase', subject });
  return 'erased';
}

/** Call records that are older than their tenant keeps them, of whatever tenants. */
export async function expireCallRecords(database: Database, now: number, atMost: number): Promise<Batch> {
  return database.beforeTenant(async (trx) => {
    if (!(await takeTurn(trx, RECORDS_LOCK))) return { done: 0, more: false };
    const { rows } = await sql<{ done: number }>`
      SELECT expire_call_records(${now}, ${atMost}) AS done`.execute(trx);
    const done = rows[0]?.done ?? 0;
    return { done, more: done === atMost };
  });
}

/** Reports of how calls sounded, which are kept as long as the records of calls. */
export async function expireCallQuality(database: Database, now: number, atMost: number): Promise<Batch> {
  return database.beforeTenant(async (trx) => {
    if (!(await takeTurn(trx, RECORDS_LOCK))) return { done: 0, more: false };
    const { rows } = await sql<{ done: number }>`
      SELECT expire_call_quality(${now}, ${atMost}) AS done`.execute(trx);
    const done = rows[0]?.done ?? 0;
    return { done, more: done === atMost };
  });
}
