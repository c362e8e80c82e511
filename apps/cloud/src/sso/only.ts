import { OffhookError, type UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';

type Method = 'password' | 'passkey' | 'link' | 'oidc' | 'saml';

/** What of a company's own sign-in decides who comes in, as it is or as it shall be. `domains`: those that are proved. */
export type SignInRules = { enabled: boolean; only: boolean; tested: boolean; domains: readonly string[] };

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
  if (admin !== undefined && (method === 'link' || hasSecondFactor(admin))) return;
  throw new OffhookError('sso_required');
}

/** What somebody can prove to be themself with, and whose address it is. */
export type Ways = {
  email: string;
  isAdministrator: boolean;
  hasPassword: boolean;
  hasTotp: boolean;
  hasPasskey: boolean;
};

/** A passkey is two factors in one. */
const hasSecondFactor = ({ hasPassword, hasTotp, hasPasskey }: Ways): boolean =>
  hasPasskey || (hasPassword && hasTotp);

/**
 * Could somebody with these ways sign in, by these rules? A link in a mail does not count: it is help, not a way. For an administrator single
 * sign-on counts only once a test of it has passed, for who would mend it?
 * @param rules absent: the company has no sign-in of its own
 */
export function comesIn(ways: Ways, rules: SignInRules | undefined): boolean {
  const { email, isAdministrator, hasPassword, hasPasskey } = ways;
  if (rules?.enabled === true) {
    const isTaken = rules.domains.includes(email.slice(email.lastIndexOf('@') + 1));
    if (isTaken && (rules.tested || !isAdministrator)) return true;
    // Of the others the company has decided: nothing of theirs is a way.
    if (rules.only) return !isAdministrator || hasSecondFactor(ways);
  }
  return hasPassword || hasPasskey;
}

/**
 * Does an administrator come in by these rules?
 * @param without people who are about to be administrators no more
 */
export async function isAdministratorLeft(
  trx: TenantTransaction,
  rules: SignInRules | undefined,
  without: readonly UserId[] = [],
): Promise<boolean> {
  const admins = await administrators(trx)
    .$if(without.length > 0, (query) => query.where('users.user_id', 'not in', [...without]))
    .execute();
  return admins.some((admin) => comesIn(admin, rules));
}

/** As they are set now. */
export async function readSignInRules(trx: TenantTransaction): Promise<SignInRules | undefined> {
  const row = await trx
    .selectFrom('sso_connections')
    // A test of other settings is forgotten when they are written.
    .select(['enabled', 'only_sso', 'tested'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const domains = await trx
    .selectFrom('sso_domains')
    .select('domain')
    .where('proved_at', 'is not', null)
    .execute();
  return {
    enabled: row.enabled,
    only: row.only_sso,
    tested: row.tested !== null,
    domains: domains.map(({ domain }) => domain),
  };
}

/**
 * After somebody has given up a way to sign in: is another left to them? What was given up is taken back where it was the only one.
 * @throws OffhookError `only_way_in`
 */
export async function requireWayIn(trx: TenantTransaction, userId: UserId): Promise<void> {
  const ways = await people(trx).where('users.user_id', '=', userId).executeTakeFirst();
  if (ways !== undefined && !comesIn(ways, await readSignInRules(trx))) throw new OffhookError('only_way_in');
}

const people = (trx: TenantTransaction) =>
  trx.selectFrom('users').select((eb) => [
    'users.email',
    eb('users.role', '<>', 'user').$castTo<boolean>().as('isAdministrator'),
    eb('users.password_hash', 'is not', null).$castTo<boolean>().as('hasPassword'),
    eb
      .exists(
        eb
          .selectFrom('totp_secrets')
          .select('totp_secrets.user_id')
          .whereRef('totp_secrets.user_id', '=', 'users.user_id'),
      )
      .$castTo<boolean>()
      .as('hasTotp'),
    eb
      .exists(
        eb.selectFrom('passkeys').select('passkey_id').whereRef('passkeys.user_id', '=', 'users.user_id'),
      )
      .$castTo<boolean>()
      .as('hasPasskey'),
  ]);

/** Those who may come in. */
const administrators = (trx: TenantTransaction) =>
  people(trx)
    .where('users.role', '=', 'admin')
    .where('users.disabled_at', 'is', null)
    .where('users.deleted_at', 'is', null);
