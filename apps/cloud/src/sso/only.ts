import { OffhookError, type UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';

type Method = 'password' | 'passkey' | 'link' | 'oidc' | 'saml';

/**
 * Where a company lets people in through its own sign-in only, nothing else is a way in: not a password, not a passkey, not a link in a mail.
 * Administrators keep theirs: with a second factor, and by link, which is how a provider helps a company whose sign-in is broken.
 * Called once somebody has proved to be the person: what it tells, nobody else learns.
 * @throws OffhookError `sso_required`
 */
export async function refuseWhereSsoOnly(
  trx: TenantTransaction,
  userId: UserId,
  method: Method,
): Promise<void> {
  if (method === 'oidc' || method === 'saml') return;
  const connection = await trx
    .selectFrom('sso_connections')
    .select('sso_id')
    .where('enabled', '=', true)
    .where('only_sso', '=', true)
    .executeTakeFirst();
  if (connection === undefined) return;
  const admin = await administrators(trx).where('users.user_id', '=', userId).executeTakeFirst();
  if (admin !== undefined && (method === 'link' || admin.has_second_factor)) return;
  throw new OffhookError('sso_required');
}

/**
 * May single sign-on become the only way? Only if an administrator comes in afterwards: with a password or passkey and a second factor, or by
 * single sign-on, of which a test has passed and which takes an administrator's address.
 */
export async function isAdministratorLeft(
  trx: TenantTransaction,
  { tested, domains }: { tested: boolean; domains: readonly string[] },
): Promise<boolean> {
  const admins = await administrators(trx).execute();
  return admins.some(
    ({ email, has_second_factor }) =>
      has_second_factor || (tested && domains.includes(email.slice(email.lastIndexOf('@') + 1))),
  );
}

/** Those who may come in. A passkey is two factors in one. */
const administrators = (trx: TenantTransaction) =>
  trx
    .selectFrom('users')
    .select((eb) => [
      'users.email',
      eb
        .or([
          eb.exists(
            eb.selectFrom('passkeys').select('passkey_id').whereRef('passkeys.user_id', '=', 'users.user_id'),
          ),
          eb.and([
            eb('users.password_hash', 'is not', null),
            eb.exists(
              eb
                .selectFrom('totp_secrets')
                .select('totp_secrets.user_id')
                .whereRef('totp_secrets.user_id', '=', 'users.user_id'),
            ),
          ]),
        ])
        .as('has_second_factor'),
    ])
    .where('users.role', '=', 'admin')
    .where('users.disabled_at', 'is', null)
    .where('users.deleted_at', 'is', null);
