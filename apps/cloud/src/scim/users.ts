import { OffhookError, type ConnectorId, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { Actor } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { connectorKinds } from '../users/lines.ts';
import type { LineRow } from '../users/rows.ts';
import { administers, beginWork, findUsers, type FoundUser } from '../users/work.ts';
import { writeUsers, type UserWriter } from '../users/writer.ts';
import { ScimError } from './errors.ts';
import { listIds, listResponse, type ListQuery } from './list.ts';
import { applyPatch, type PatchOperation, type Resource } from './patch.ts';
import { requireVersion } from './version.ts';
import {
  readUser,
  userAttributes,
  userResource,
  userShape,
  type ScimUserRow,
  type UserWish,
} from './user-resource.ts';

/** Whose key asks, for which connector it is (if for any), and where SCIM is. */
export type ScimCaller = {
  tenantId: TenantId;
  connectorId: ConnectorId | undefined;
  actor: Actor;
  base: string;
};

export type ScimUsers = ReturnType<typeof createScimUsers>;
type UserResource = ReturnType<typeof userResource>;

/** People of a tenant as an identity provider writes them. Who is deleted is not there, though their grace period lasts. */
export function createScimUsers({ database, writer }: { database: Database; writer: UserWriter }) {
  /** What is written is written by one at a time, so that a version is still the one that was compared. */
  const write = <T>({ tenantId }: ScimCaller, work: (trx: TenantTransaction) => Promise<T>): Promise<T> =>
    writeUsers(database, writer, tenantId, async (trx) => {
      await beginWork(trx, tenantId);
      return work(trx);
    });

  const change = (
    caller: ScimCaller,
    userId: string,
    ifMatch: string | undefined,
    wishOf: (before: UserResource) => UserWish,
  ): Promise<UserResource> =>
    write(caller, async (trx) => {
      const before = await resourceOf(trx, userId, caller.base);
      requireVersion(ifMatch, before.meta.version);
      await apply(writer, trx, caller, userId as UserId, wishOf(before));
      return resourceOf(trx, userId, caller.base);
    });

  return {
    list: ({ tenantId, base }: ScimCaller, query: ListQuery): Promise<Resource> =>
      database.inTenant(tenantId, async (trx) => {
        const { ids, total } = await listIds(trx, query, {
          from: sql`${people} WHERE u.deleted_at IS NULL`,
          id: sql`u.user_id`,
          attributes: userAttributes,
        });
        const rows = await scimRows(trx, ids);
        const resources = rows.map((row) => userResource(row, base));
        return listResponse(resources, { total, startIndex: query.startIndex });
      }),

    get: ({ tenantId, base }: ScimCaller, userId: string): Promise<UserResource> =>
      database.inTenant(tenantId, (trx) => resourceOf(trx, userId, base)),

    /**
     * A new person; or one who was deleted, where the identity provider calls them by the same id of its own.
     * @throws ScimError `uniqueness`; OffhookError as the writer's
     */
    create: (caller: ScimCaller, resource: Resource): Promise<UserResource> =>
      write(caller, async (trx) => {
        const { tenantId, actor } = caller;
        const wish = readUser(resource);
        const userId =
          (await formerUser(trx, wish)) ??
          (await writer.create(trx, tenantId, actor, {
            email: wish.email,
            name: wish.name,
            language: wish.language,
            source: 'scim',
          }));
        const [found] = await scimRows(trx, [userId], 'deleted');
        if (found !== undefined) await writer.restore(trx, tenantId, actor, userId);
        await apply(writer, trx, caller, userId, wish);
        return resourceOf(trx, userId, caller.base);
      }),

    replace: (
      caller: ScimCaller,
      userId: string,
      ifMatch: string | undefined,
      resource: Resource,
    ): Promise<UserResource> => change(caller, userId, ifMatch, (before) => readUser(resource, before)),

    patch: (
      caller: ScimCaller,
      userId: string,
      ifMatch: string | undefined,
      operations: readonly PatchOperation[],
    ): Promise<UserResource> =>
      change(caller, userId, ifMatch, (before) =>
        readUser(applyPatch(before, operations, userShape), before),
      ),

    remove: (caller: ScimCaller, userId: string, ifMatch: string | undefined): Promise<void> =>
      write(caller, async (trx) => {
        const { meta } = await resourceOf(trx, userId, caller.base);
        requireVersion(ifMatch, meta.version);
        await writer.remove(trx, caller.tenantId, caller.actor, userId as UserId);
      }),
  };
}

const people = sql`users u
  LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id
  LEFT JOIN scim_users s ON s.tenant_id = u.tenant_id AND s.user_id = u.user_id`;

/** These people in this order. */
async function scimRows(
  trx: TenantTransaction,
  userIds: readonly string[],
  which: 'here' | 'deleted' = 'here',
): Promise<ScimUserRow[]> {
  if (userIds.length === 0) return [];
  const deleted = which === 'here' ? sql`u.deleted_at IS NULL` : sql`u.deleted_at IS NOT NULL`;
  const { rows } = await sql<ScimUserRow>`
    SELECT u.user_id AS "userId", u.email, u.name, u.language, u.disabled_at AS "disabledAt", u.created_at AS "createdAt",
           greatest(u.changed_at, l.changed_at, s.changed_at) AS "changedAt", s.external_id AS "externalId",
           s.given_name AS "givenName", s.family_name AS "familyName", coalesce(l.main_number, l.number) AS called,
           coalesce((SELECT jsonb_agg(jsonb_build_object('value', g.group_id, 'display', g.display_name) ORDER BY g.group_id)
                       FROM scim_members m JOIN scim_groups g ON g.tenant_id = m.tenant_id AND g.group_id = m.group_id
                      WHERE m.tenant_id = u.tenant_id AND m.user_id = u.user_id), '[]') AS groups
      FROM ${people} WHERE ${deleted} AND u.user_id = ANY (${[...userIds]})`.execute(trx);
  const found = new Map(rows.map((row) => [row.userId as string, row]));
  return userIds.flatMap((userId) => found.get(userId) ?? []);
}

/** @throws ScimError 404 */
async function resourceOf(trx: TenantTransaction, userId: string, base: string): Promise<UserResource> {
  const [row] = await scimRows(trx, [userId]);
  if (row === undefined) throw new ScimError(404, undefined, 'There is no such user.');
  return userResource(row, base);
}

/** @throws ScimError `uniqueness` */
async function formerUser(
  trx: TenantTransaction,
  { email, externalId }: UserWish,
): Promise<UserId | undefined> {
  const { rows } = await sql<{ userId: UserId; externalId: string | null; deletedAt: number | null }>`
    SELECT u.user_id AS "userId", u.deleted_at AS "deletedAt", s.external_id AS "externalId"
      FROM users u LEFT JOIN scim_users s ON s.tenant_id = u.tenant_id AND s.user_id = u.user_id
      WHERE u.email = ${email}`.execute(trx);
  const [found] = rows;
  if (found === undefined) return undefined;
  if (found.deletedAt !== null && externalId !== null && found.externalId === externalId) return found.userId;
  throw new ScimError(
    409,
    'uniqueness',
    found.deletedAt === null
      ? 'Somebody has this user name.'
      : 'Somebody with this user name was deleted: an administrator can take it back while the grace period lasts.',
  );
}

async function apply(
  writer: UserWriter,
  trx: TenantTransaction,
  { tenantId, connectorId, actor }: ScimCaller,
  userId: UserId,
  wish: UserWish,
): Promise<void> {
  const current = (await findUsers(trx, [userId])).get(userId);
  if (current === undefined) throw new OffhookError('not_found');
  const { email, name, language } = wish;
  if (email !== current.email && administers(current.role)) {
    throw new ScimError(
      400,
      'mutability',
      'This user is an administrator of Offhook. Only administrators can change the “userName” of an administrator, in the portal.',
    );
  }
  const line = await lineFor(trx, current, wish, connectorId);
  await writer.change(trx, tenantId, actor, userId, { email, name, language, source: 'scim', line });
  if (wish.active !== undefined) await writer.setDisabled(trx, tenantId, actor, userId, !wish.active);
  const { externalId, givenName, familyName } = wish;
  await sql`
    INSERT INTO scim_users AS s (tenant_id, user_id, external_id, given_name, family_name, changed_at)
    VALUES (${tenantId}, ${userId}, ${externalId}, ${givenName}, ${familyName}, ${Date.now()})
    ON CONFLICT (tenant_id, user_id) DO UPDATE SET
      external_id = excluded.external_id, given_name = excluded.given_name, family_name = excluded.family_name,
      changed_at = excluded.changed_at
    WHERE (s.external_id, s.given_name, s.family_name)
      IS DISTINCT FROM (excluded.external_id, excluded.given_name, excluded.family_name)`.execute(trx);
}

/**
 * A telephone number becomes a line only where nothing has to be guessed: the key is for a connector, that connector has one trunk for all (so no
 * line needs a password), and there is just one number. A line elsewhere, or one that people call by another number, stays as it is. Lines are
 * never taken away: a number may be missing for many reasons.
 */
async function lineFor(
  trx: TenantTransaction,
  { line }: FoundUser,
  { phone }: UserWish,
  connectorId: ConnectorId | undefined,
): Promise<LineRow | undefined> {
  if (phone === undefined || connectorId === undefined) return undefined;
  if (line !== undefined && (line.connector_id !== connectorId || line.main_number !== null))
    return undefined;
  if (line?.number === phone) return undefined;
  const kinds = await connectorKinds(trx);
  return kinds.get(connectorId) === 'trunk' ? { connectorId, number: phone } : undefined;
}
