import { OffhookError, type AuditAction } from '@offhook/contract';
import type { Actor, Act } from '../../audit/audit.ts';
import { writeAudit } from '../../audit/audit.ts';
import type { Bus } from '../../bus/bus.ts';
import { userTopic } from '../../bus/topics.ts';
import type { Database, TenantTransaction } from '../../database/database.ts';
import type { Person } from '../../http/access.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import type { Passwords } from '../../sign-in/passwords.ts';

/** Who works on their own account, in which session, and how the log names them. */
export type Self = { person: Person; actor: Actor; host: string };

export type OwnAccountOptions = {
  database: Database;
  secrets: SecretBox;
  passwords: Passwords;
  bus: Bus;
  publicOrigin: string | undefined;
};

/** Milliseconds for which who has proved who they are need not do it again. */
export const PROOF_LIFETIME = 10 * 60_000;

/**
 * Whoever finds an open window must not be able to take the account over: what weakens or changes how one signs in wants a proof that is not old.
 * @throws OffhookError `reauthentication_required`
 */
export async function requireProof(trx: TenantTransaction, { person }: Self): Promise<void> {
  const session = await trx
    .selectFrom('sessions')
    .select('proved_at')
    .where('session_id', '=', person.sessionId)
    .executeTakeFirst();
  if (session === undefined || session.proved_at <= Date.now() - PROOF_LIFETIME) {
    throw new OffhookError('reauthentication_required');
  }
}

/** `account.totp_on` and its like, about oneself. */
export const auditSelf = (
  trx: TenantTransaction,
  { person, actor }: Self,
  action: AuditAction & `account.${string}`,
  details: Pick<Act, 'before' | 'after'> = {},
): Promise<void> =>
  writeAudit(trx, person.tenantId, actor, {
    action,
    subject: { kind: 'user', id: person.userId, name: person.me.email },
    ...details,
  });

/** Ends sessions of this user but the own one, or one of them. @returns those that there were */
export async function removeSessions(
  trx: TenantTransaction,
  { person }: Self,
  which: { only: string } | 'others',
): Promise<string[]> {
  const rows = await trx
    .deleteFrom('sessions')
    .where('user_id', '=', person.userId)
    .where((eb) =>
      which === 'others' ? eb('session_id', '<>', person.sessionId) : eb('session_id', '=', which.only),
    )
    .returning('session_id')
    .execute();
  return rows.map((row) => row.session_id);
}

/** After the transaction: sockets of sessions that are gone close at once. */
export function announceEnded(bus: Bus, { person }: Self, sessionIds: string[]): void {
  const topic = userTopic(person.tenantId, person.userId);
  for (const sessionId of sessionIds) {
    bus.publish(topic, { kind: 'session.ended', sessionId, reason: 'revoked' });
  }
}
