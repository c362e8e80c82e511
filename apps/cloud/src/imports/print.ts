import type { UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import type { Job } from './model.ts';

/**
 * What a person (`users u LEFT JOIN lines l`) is, in few bytes: the same as long as nobody has changed anything that an import writes or an undo would
 * put back. What people set for themselves (forwarding, do not disturb, their password, their sessions) is no part of it. Made where the rows are, so
 * that tens of thousands of people need not travel to be compared.
 */
export const printOf = sql<string>`md5(jsonb_build_array(
  u.email, u.name, u.role, u.language, u.disabled_at, u.deleted_at, l.line_id, l.connector_id, l.number, l.display_name, l.auth_user,
  l.main_number, l.short_number, l.caller_id, l.desk_phone, l.voicemail_number, l.kept->'alternativeNumber', encode(l.secret, 'hex'))::text)`;

export async function printsOf(
  trx: TenantTransaction,
  userIds: readonly UserId[],
): Promise<Map<UserId, string>> {
  if (userIds.length === 0) return new Map();
  const { rows } = await sql<{ userId: UserId; print: string }>`
    SELECT u.user_id AS "userId", ${printOf} AS print
      FROM users u LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id
      WHERE u.user_id = ANY (${[...userIds]})`.execute(trx);
  return new Map(rows.map(({ userId, print }) => [userId, print]));
}

/**
 * Joins the person `p` of each row `i` of an import. Looked up row by row (OFFSET 0 keeps it so): within one long transaction the planner knows too
 * little to choose.
 */
export const joinPerson = sql`LEFT JOIN LATERAL (
  SELECT u.user_id, u.role, u.activated_at, ${printOf} AS print
    FROM users u LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id
    WHERE u.tenant_id = i.tenant_id AND u.user_id = i.user_id OFFSET 0) p ON true`;

/** Are the people of these rows, each with what was seen of them, what they were when they were compared? */
export async function areAsSeen(
  trx: TenantTransaction,
  job: Job,
  kind: 'changed' | 'unchanged',
  { after, last }: { after: number; last: number },
): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM import_rows i ${joinPerson}
      WHERE i.import_id = ${job.importId} AND i.kind = ${kind} AND i.row_number > ${after} AND i.row_number <= ${last}
        AND p.print IS DISTINCT FROM i.seen
      LIMIT 1`.execute(trx);
  return rows.length === 0;
}
