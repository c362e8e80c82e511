import type { TenantId, UserId } from '@offhook/contract';
import { newId } from '../ids.ts';
import { mailContext } from '../mail/outbox.ts';
import type { TestAdmin } from './cloud.ts';

export type WrittenMail = { kind: string; to: string; language: string; params: Record<string, unknown> };

/** What has been written to be mailed for a tenant, oldest first, sent or not. */
export async function writtenMails(
  { database, secrets }: Pick<TestAdmin, 'database' | 'secrets'>,
  tenantId: string,
): Promise<WrittenMail[]> {
  const rows = await database.inTenant(tenantId as TenantId, (trx) =>
    trx.selectFrom('mail_outbox').selectAll().orderBy('created_at').execute(),
  );
  return rows.map((row) => ({
    kind: row.kind,
    to: row.to_address,
    language: row.language,
    params: JSON.parse(secrets.open(row.sealed_params, mailContext(tenantId, row.mail_id))) as Record<
      string,
      unknown
    >,
  }));
}

/** The token in a mail's link. */
export function tokenOf(mail: WrittenMail | undefined): string {
  const url = mail?.params['url'];
  return (typeof url === 'string' ? url.split('#')[1] : undefined) ?? '';
}

/** Somebody who has an account and has never come in. */
export async function addInvitee(
  { database }: Pick<TestAdmin, 'database'>,
  tenantId: string,
  person: { email: string; name: string; role: 'user' | 'admin' | 'provider'; language?: string },
): Promise<UserId> {
  const userId = newId('usr') as UserId;
  await database.inTenant(tenantId as TenantId, (trx) =>
    trx
      .insertInto('users')
      .values({ tenant_id: tenantId, user_id: userId, source: 'portal', ...person })
      .execute(),
  );
  return userId;
}
