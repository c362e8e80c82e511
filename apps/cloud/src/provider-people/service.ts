import {
  OffhookError,
  type Administrator,
  type InviteAdministrator,
  type ProviderSettings,
  type UserId,
} from '@offhook/contract';
import { PROVIDER_TENANT } from '../accounts/accept.ts';
import {
  findAdministrator,
  inviteAdministrator,
  inviteAgain,
  listAdministrators,
  type Naming,
} from '../accounts/administrators.ts';
import { difference, writeAudit, type Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { writeUsers } from '../users/writer.ts';

export type ProviderPeople = ReturnType<typeof createProviderPeople>;

/** Who works for whoever runs the service, and what is demanded of them. Their tenant is the provider's own. */
export function createProviderPeople(database: Database, naming: Naming) {
  const { writer, invitations } = naming;
  const write = <T>(work: (trx: TenantTransaction) => Promise<T>): Promise<T> =>
    writeUsers(database, writer, PROVIDER_TENANT, work);

  return {
    list: (): Promise<Administrator[]> =>
      database.inTenant(PROVIDER_TENANT, (trx) => listAdministrators(trx, 'provider')),

    /**
     * Who worked here before and was removed comes back as somebody new: with nothing of what they signed in with.
     * @throws OffhookError `email_taken`, `undo_expired` (removed long ago, and not erased yet)
     */
    invite: (wanted: InviteAdministrator, actor: Actor): Promise<Administrator> =>
      write(async (trx) => {
        const former = await trx
          .selectFrom('users')
          .select('user_id')
          .where('email', '=', wanted.email)
          .where('deleted_at', 'is not', null)
          .executeTakeFirst();
        if (former === undefined)
          return inviteAdministrator(trx, PROVIDER_TENANT, actor, naming, wanted, 'provider');
        const userId = former.user_id as UserId;
        await writer.restore(trx, PROVIDER_TENANT, actor, userId);
        await forgetWays(trx, userId);
        const { name, language } = wanted;
        await writer.change(trx, PROVIDER_TENANT, actor, userId, { name, language });
        await invitations.invite(trx, PROVIDER_TENANT, actor, userId);
        return findAdministrator(trx, userId, 'provider');
      }),

    /** @throws OffhookError `not_found`, `conflict`: has come in already */
    inviteAgain: (userId: UserId, actor: Actor): Promise<Administrator> =>
      database.inTenant(PROVIDER_TENANT, (trx) =>
        inviteAgain(trx, PROVIDER_TENANT, actor, naming, userId, 'provider'),
      ),

    /** A link to choose a new password. @throws OffhookError `not_found`, `conflict` */
    sendReset: (userId: UserId, actor: Actor): Promise<void> =>
      database.inTenant(PROVIDER_TENANT, (trx) => invitations.sendReset(trx, PROVIDER_TENANT, actor, userId)),

    /**
     * Signed out at once, wherever they are.
     * @param name confirms that this person is meant
     * @throws OffhookError `not_found`, `name_mismatch`, `last_administrator`, `forbidden`: oneself
     */
    remove: (userId: UserId, name: string, actor: Actor): Promise<void> =>
      write(async (trx) => {
        const person = await findAdministrator(trx, userId, 'provider');
        if (person.name !== name) throw new OffhookError('name_mismatch');
        await writer.remove(trx, PROVIDER_TENANT, actor, userId);
        // After the writer, who would say that there is nobody else.
        if (actor.id === userId) throw new OffhookError('forbidden');
      }),

    settings: (): Promise<ProviderSettings> => database.inTenant(PROVIDER_TENANT, readSettings),

    /** Holds at once, also for whoever sets it. */
    changeSettings: (wanted: ProviderSettings, actor: Actor): Promise<ProviderSettings> =>
      database.inTenant(PROVIDER_TENANT, async (trx) => {
        await trx.selectFrom('tenants').select('tenant_id').forUpdate().execute();
        const before = await readSettings(trx);
        const differs = difference(before, wanted);
        if (Object.keys(differs.after ?? {}).length === 0) return before;
        await trx
          .updateTable('tenants')
          .set({ second_factor_for: wanted.secondFactorRequired ? 'everybody' : 'nobody' })
          .where('kind', '=', 'provider')
          .execute();
        const subject = { kind: 'tenant', id: PROVIDER_TENANT, name: '' };
        await writeAudit(trx, PROVIDER_TENANT, actor, { action: 'provider.change', subject, ...differs });
        return wanted;
      }),
  };
}

async function readSettings(trx: TenantTransaction): Promise<ProviderSettings> {
  const row = await trx
    .selectFrom('tenants')
    .select('second_factor_for')
    .where('kind', '=', 'provider')
    .executeTakeFirstOrThrow();
  return { secondFactorRequired: row.second_factor_for !== 'nobody' };
}

async function forgetWays(trx: TenantTransaction, userId: UserId): Promise<void> {
  await trx
    .updateTable('users')
    .set({ password_hash: null, activated_at: null })
    .where('user_id', '=', userId)
    .execute();
  for (const table of ['passkeys', 'totp_secrets', 'recovery_codes', 'sign_in_tickets'] as const) {
    await trx.deleteFrom(table).where('user_id', '=', userId).execute();
  }
}
