import type { UserId } from '@offhook/contract';
import type { TenantTransaction } from '../database/database.ts';
import { findUsers } from '../users/work.ts';
import type { UserWriter } from '../users/writer.ts';
import type { ScimCaller } from './users.ts';

/** Members of the group of this name are administrators. */
export const ADMINISTRATORS = 'Offhook administrators';

export const isAdministrators = (displayName: string): boolean =>
  displayName.toLowerCase() === ADMINISTRATORS.toLowerCase();

/**
 * Roles after people came into the group of administrators or left it. Who became an administrator by hand and was never in it stays one.
 * @throws OffhookError `last_administrator`
 */
export async function followGroups(
  writer: UserWriter,
  trx: TenantTransaction,
  { tenantId, actor }: ScimCaller,
  { joined, left }: { joined: readonly UserId[]; left: readonly UserId[] },
): Promise<void> {
  const users = await findUsers(trx, [...joined, ...left]);
  const changes = (userIds: readonly UserId[], role: 'admin' | 'user') =>
    userIds.flatMap((userId) => {
      const user = users.get(userId);
      return user === undefined || user.deletedAt !== null || user.role === role
        ? []
        : [{ userId, change: { role } }];
    });
  // First those who come: of a group whose members all change one is always left.
  await writer.changeMany(trx, tenantId, actor, changes(joined, 'admin'));
  await writer.changeMany(trx, tenantId, actor, changes(left, 'user'));
}
