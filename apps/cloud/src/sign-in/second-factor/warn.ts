import { Language, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { Database, TenantTransaction } from '../../database/database.ts';
import { enqueueMail, type MailKind, type MailParams } from '../../mail/outbox.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';

const ONCE_IN = 24 * 3_600_000;

/** Tell somebody of what was done to their own account, in their language. */
export async function mailUser<Kind extends MailKind>(
  trx: TenantTransaction,
  secrets: SecretBox,
  { tenantId, userId }: { tenantId: TenantId; userId: UserId },
  kind: Kind,
  paramsOf: (user: { name: string }) => MailParams<Kind>,
): Promise<void> {
  const user = await trx
    .selectFrom('users')
    .select(['email', 'name', 'language'])
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  const language = Language.catch('en').parse(user.language);
  await enqueueMail(trx, secrets, tenantId, { kind, to: user.email, language, params: paramsOf(user) });
}

/** Tell somebody that others try to sign in as them; once a day, however many nodes have seen it. */
export async function warnOfTrials(
  database: Database,
  secrets: SecretBox,
  { tenantId, userId }: { tenantId: TenantId; userId: UserId },
): Promise<void> {
  const now = Date.now();
  await database.inTenant(tenantId, async (trx) => {
    const { rows } = await sql`
      INSERT INTO sign_in_warnings (tenant_id, user_id, mailed_at) VALUES (${tenantId}, ${userId}, ${now})
      ON CONFLICT (tenant_id, user_id) DO UPDATE SET mailed_at = EXCLUDED.mailed_at
        WHERE sign_in_warnings.mailed_at <= ${now - ONCE_IN} RETURNING 1`.execute(trx);
    if (rows.length === 0) return;
    await mailUser(trx, secrets, { tenantId, userId }, 'sign_in_locked', ({ name }) => ({ name, at: now }));
  });
}
