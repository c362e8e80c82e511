import type { TenantId, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { writeAudits, type Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { actOf, writePlans, type Plan } from './change.ts';
import { beginWork, endSessions, findUsers, touchLine } from './work.ts';

/**
 * Put people back to what they were, as somebody has remembered it: the sealed password of a line as well. Part of the one writer of people; the
 * caller has seen to it that numbers are free and that an administrator is left, and ends with `finish`.
 */
export async function putBackUsers(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  plans: readonly Plan[],
): Promise<void> {
  if (plans.length === 0) return;
  const work = await beginWork(trx, tenantId);
  await writePlans(trx, tenantId, plans);
  for (const { before, after } of plans) {
    touchLine(work, before.line);
    touchLine(work, after.line);
  }
  const signedOut = plans.filter(({ before, after }) => before.role !== after.role);
  await endSessions(
    trx,
    tenantId,
    signedOut.map(({ after }) => after.userId),
  );
  await writeAudits(trx, tenantId, actor, plans.map(actOf));
}

/** Remove people for good, with all that hangs on them, and the invitations that have not been sent. Under the same conditions. */
export async function eraseUsers(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userIds: readonly UserId[],
): Promise<void> {
  if (userIds.length === 0) return;
  const work = await beginWork(trx, tenantId);
  const users = [...(await findUsers(trx, userIds)).values()];
  const ids = users.map((user) => user.userId);
  await endSessions(trx, tenantId, ids);
  const emails = users.map((user) => user.email);
  await sql`DELETE FROM mail_outbox WHERE sent_at IS NULL AND to_address = ANY (${emails})`.execute(trx);
  await sql`DELETE FROM users WHERE user_id = ANY (${ids})`.execute(trx);
  for (const { line } of users) touchLine(work, line);
  await writeAudits(
    trx,
    tenantId,
    actor,
    users.map((user) => ({
      action: 'user.erase',
      subject: { kind: 'user', id: user.userId, name: user.email },
    })),
  );
}
