import type { UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import { findUsers } from '../users/work.ts';
import type { UserWriter } from '../users/writer.ts';
import type { ScimCaller } from './users.ts';

/** Members of the group of this name are administrators. */
export const ADMINISTRATORS = 'Offhook administrators';

export const isAdministrators = (displayName: string): boolean =>
  displayName.toLowerCase() === ADMINISTRATORS.toLowerCase();

/**
 * Roles after people came into the group of administrators or left it. The group takes back what it gave, and no more: who was made an administrator by
 * people stays one, whatever group they come into or leave.
 * @param left of those who left, who was an administrator by the group
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
  const named = changes(joined, 'admin');
  await writer.changeMany(trx, tenantId, actor, named);
  const namedIds = named.map(({ userId }) => userId);
  await sql`
    UPDATE scim_members m SET named_administrator = true FROM scim_groups g
      WHERE g.tenant_id = m.tenant_id AND g.group_id = m.group_id AND lower(g.display_name) = lower(${ADMINISTRATORS})
        AND m.user_id = ANY (${namedIds})`.execute(trx);
  await writer.changeMany(trx, tenantId, actor, changes(left, 'user'));
}
