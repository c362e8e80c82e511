import {
  OffhookError,
  type BulkAct,
  type BulkResult,
  type NewUser,
  type TenantId,
  type UserChange,
  type UserId,
  type UserPage,
  type UserQuery,
  type UserRow,
} from '@offhook/contract';
import type { Invitations } from '../accounts/invitations.ts';
import { writeAudits, type Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { mailUser } from '../sign-in/second-factor/warn.ts';
import { listUsers, userRows } from './list.ts';
import { endSessions, findUsers } from './work.ts';
import { writeUsers, type UserWriter } from './writer.ts';

/** Of whom: an act on one person. */
export type UserAct =
  | 'disable'
  | 'enable'
  | 'delete'
  | 'restore'
  | 'invite'
  | 'reset_password'
  | 'reset_second_factor'
  | 'sign_out';

export type UserService = ReturnType<typeof createUserService>;

/** Administrators' work on the people of their tenant. */
export function createUserService({
  database,
  writer,
  invitations,
  secrets,
}: {
  database: Database;
  secrets: SecretBox;
  writer: UserWriter;
  invitations: Invitations;
}) {
  const resetFactors = resetFactorsWith(secrets, invitations);
  /** What is refused has changed nothing. */
  const actOn = async (
    trx: TenantTransaction,
    tenantId: TenantId,
    actor: Actor,
    userIds: readonly UserId[],
    act: UserAct,
  ): Promise<void> => {
    switch (act) {
      case 'disable':
      case 'enable':
        await writer.setDisabledMany(trx, tenantId, actor, userIds, act === 'disable');
        break;
      case 'delete':
        await writer.removeMany(trx, tenantId, actor, userIds);
        break;
      case 'restore':
        await writer.restoreMany(trx, tenantId, actor, userIds);
        break;
      case 'invite':
        for (const userId of userIds) await invitations.invite(trx, tenantId, actor, userId);
        break;
      case 'reset_password':
        for (const userId of userIds) await invitations.sendReset(trx, tenantId, actor, userId);
        break;
      case 'reset_second_factor':
        for (const userId of userIds) await resetFactors(trx, tenantId, actor, userId);
        break;
      case 'sign_out':
        await signOut(trx, tenantId, actor, userIds);
        break;
    }
  };

  return {
    list: (tenantId: TenantId, query: UserQuery): Promise<UserPage> =>
      database.inTenant(tenantId, (trx) => listUsers(trx, query)),

    get: (tenantId: TenantId, userId: UserId): Promise<UserRow> =>
      database.inTenant(tenantId, (trx) => rowOf(trx, userId)),

    /** @throws OffhookError as the writer's `create` */
    create: (tenantId: TenantId, actor: Actor, { invite, ...user }: NewUser): Promise<UserRow> =>
      writeUsers(database, writer, tenantId, async (trx) => {
        const userId = await writer.create(trx, tenantId, actor, { ...user, source: 'portal' });
        if (invite) await invitations.invite(trx, tenantId, actor, userId);
        return rowOf(trx, userId);
      }),

    /** @throws OffhookError as the writer's `change`; `forbidden` where an administrator would give up their own role */
    change: (tenantId: TenantId, actor: Actor, userId: UserId, change: UserChange): Promise<UserRow> =>
      writeUsers(database, writer, tenantId, async (trx) => {
        await writer.change(trx, tenantId, actor, userId, change);
        // After the writer, who would say that there is no other administrator.
        if (change.role === 'user') refuseSelf(actor, userId);
        return rowOf(trx, userId);
      }),

    /** @throws OffhookError as the writer's; `forbidden` where an administrator would lock themself out */
    act: (tenantId: TenantId, actor: Actor, userId: UserId, act: UserAct): Promise<UserRow> =>
      writeUsers(database, writer, tenantId, async (trx) => {
        await actOn(trx, tenantId, actor, [userId], act);
        if (locksOut(act)) refuseSelf(actor, userId);
        return rowOf(trx, userId);
      }),

    /** The same for many: what one is refused does not keep the others from it. */
    bulk: (tenantId: TenantId, actor: Actor, { userIds, act }: BulkAct): Promise<BulkResult> =>
      writeUsers(database, writer, tenantId, async (trx) => {
        const refused: BulkResult['refused'] = [];
        const attempt = async (ids: readonly UserId[]): Promise<OffhookError | undefined> => {
          try {
            // Each act refuses before it writes: nothing has to be taken back.
            await actOn(trx, tenantId, actor, ids, act);
            return undefined;
          } catch (error) {
            if (error instanceof OffhookError && error.code !== 'unavailable') return error;
            throw error;
          }
        };
        const wanted = [...new Set(userIds)].filter((userId) => {
          if (!locksOut(act) || userId !== actor.id) return true;
          const { code, message } = new OffhookError('forbidden');
          refused.push({ userId, code, message });
          return false;
        });
        // Invitations are written one by one anyway.
        const isSetBased = act !== 'invite';
        if (wanted.length > 0 && !(isSetBased && (await attempt(wanted)) === undefined)) {
          for (const userId of wanted) {
            const error = await attempt([userId]);
            if (error !== undefined) refused.push({ userId, code: error.code, message: error.message });
          }
        }
        return { done: new Set(userIds).size - refused.length, refused };
      }),
  };
}

/** @throws OffhookError `not_found` */
async function rowOf(trx: TenantTransaction, userId: UserId): Promise<UserRow> {
  const [row] = await userRows(trx, [userId]);
  if (row === undefined) throw new OffhookError('not_found');
  return row;
}

/** On one's own account: the own account's page is the way, which asks for a proof. */
const locksOut = (act: UserAct): boolean =>
  act === 'disable' || act === 'delete' || act === 'reset_second_factor';

function refuseSelf(actor: Actor, userId: UserId): void {
  if (actor.kind === 'person' && actor.id === userId) throw new OffhookError('forbidden');
}

/**
 * Everything but the password goes: help for whoever has lost telephone or key. They are told, for it may not have been them who asked.
 * @throws OffhookError `not_found`
 */
const resetFactorsWith =
  (secrets: SecretBox, invitations: Invitations) =>
  async (trx: TenantTransaction, tenantId: TenantId, actor: Actor, userId: UserId): Promise<void> => {
    const user = (await findUsers(trx, [userId])).get(userId);
    if (user === undefined || user.deletedAt !== null) throw new OffhookError('not_found');
    for (const table of ['totp_secrets', 'passkeys', 'recovery_codes'] as const)
      await trx.deleteFrom(table).where('user_id', '=', userId).execute();
    await endSessions(trx, tenantId, [userId]);
    const subject = { kind: 'user', id: userId, name: user.email };
    await writeAudits(trx, tenantId, actor, [{ action: 'user.reset_second_factor', subject }]);
    await mailUser(trx, secrets, { tenantId, userId }, 'second_factor_changed', ({ name }) => ({
      name,
      change: 'reset',
      at: Date.now(),
    }));
    const { password_hash } = await trx
      .selectFrom('users')
      .select('password_hash')
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow();
    if (password_hash === null) await invitations.sendReset(trx, tenantId, actor, userId);
  };

/** @throws OffhookError `not_found` */
async function signOut(
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userIds: readonly UserId[],
): Promise<void> {
  const found = await findUsers(trx, userIds);
  const users = userIds.map((userId) => {
    const user = found.get(userId);
    if (user === undefined) throw new OffhookError('not_found');
    return user;
  });
  await endSessions(trx, tenantId, userIds);
  await writeAudits(
    trx,
    tenantId,
    actor,
    users.map((user) => ({
      action: 'user.sign_out',
      subject: { kind: 'user', id: user.userId, name: user.email },
    })),
  );
}
