import { type TenantId, type UserId } from '@offhook/contract';
import { cleanText } from '@offhook/subscribers';
import { sql } from 'kysely';
import * as z from 'zod';
import { difference, writeAudit } from '../audit/audit.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import { newId } from '../ids.ts';
import { beginWork } from '../users/work.ts';
import { writeUsers, type UserWriter } from '../users/writer.ts';
import { ScimError } from './errors.ts';
import { valueOf, type Filter } from './filter.ts';
import { listIds, listResponse, type ListQuery, type Projection } from './list.ts';
import { canonical, elementsOf, stepsOf, type PatchOperation, type Resource, type Shape } from './patch.ts';
import { followGroups, isAdministrators } from './roles.ts';
import type { Attributes } from './sql.ts';
import { metaOf, type ScimMeta } from './user-resource.ts';
import type { ScimCaller } from './users.ts';
import { requireVersion } from './version.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Members in one request, and groups of a tenant. */
const MEMBERS = 10_000;
const GROUPS = 1_000;

const groupShape: Shape = { displayName: 'simple', externalId: 'simple', members: 'many' };

const members: Attributes = { value: { kind: 'text', column: sql`m.user_id`, letters: 'exact' } };
const groupAttributes: Attributes = {
  id: { kind: 'text', column: sql`g.group_id`, letters: 'exact' },
  externalid: { kind: 'text', column: sql`g.external_id`, letters: 'exact' },
  displayname: { kind: 'text', column: sql`g.display_name`, letters: 'any' },
  members: {
    kind: 'many',
    exists: (condition) => sql`EXISTS (
      SELECT 1 FROM scim_members m WHERE m.tenant_id = g.tenant_id AND m.group_id = g.group_id AND ${condition})`,
    of: members,
  },
  'meta.created': { kind: 'instant', column: sql`g.created_at` },
  'meta.lastmodified': { kind: 'instant', column: sql`g.changed_at` },
};

type GroupRow = {
  groupId: string;
  displayName: string;
  externalId: string | null;
  createdAt: number;
  changedAt: number;
};
type GroupResource = Resource & { id: string; meta: ScimMeta };
type MembersAct = { act: 'add' | 'remove' | 'replace'; userIds: string[] };
/** What is to become of a group. */
type GroupWish = { displayName: string; externalId: string | null; members: MembersAct[] };

export type ScimGroups = ReturnType<typeof createScimGroups>;

/** Groups of a tenant as an identity provider writes them. Members of one by the name of {@link isAdministrators} are administrators. */
export function createScimGroups({ database, writer }: { database: Database; writer: UserWriter }) {
  const write = <T>({ tenantId }: ScimCaller, work: (trx: TenantTransaction) => Promise<T>): Promise<T> =>
    writeUsers(database, writer, tenantId, async (trx) => {
      await beginWork(trx, tenantId);
      return work(trx);
    });

  const change = (
    caller: ScimCaller,
    groupId: string,
    ifMatch: string | undefined,
    wishOf: (before: GroupRow) => GroupWish,
  ): Promise<GroupResource> =>
    write(caller, async (trx) => {
      const before = await rowOf(trx, groupId);
      requireVersion(ifMatch, resourceOf(before, caller.base, undefined).meta.version);
      await become(writer, trx, caller, before, wishOf(before));
      return resourceOf(await rowOf(trx, groupId), caller.base, undefined);
    });

  return {
    list: ({ tenantId, base }: ScimCaller, query: ListQuery): Promise<Resource> =>
      database.inTenant(tenantId, async (trx) => {
        const { ids, total } = await listIds(trx, query, {
          from: sql`scim_groups g WHERE TRUE`,
          id: sql`g.group_id`,
          attributes: groupAttributes,
        });
        const resources: Resource[] = [];
        for (const groupId of ids) {
          const row = await rowOf(trx, groupId);
          resources.push(resourceOf(row, base, await shownMembers(trx, groupId, base, query)));
        }
        return listResponse(resources, { total, startIndex: query.startIndex });
      }),

    get: ({ tenantId, base }: ScimCaller, groupId: string, projection: Projection): Promise<GroupResource> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await rowOf(trx, groupId);
        return resourceOf(row, base, await shownMembers(trx, groupId, base, projection));
      }),

    /** @throws ScimError `uniqueness`, `invalidValue` */
    create: (caller: ScimCaller, resource: Resource): Promise<GroupResource> =>
      write(caller, async (trx) => {
        const { tenantId, actor, base } = caller;
        const wish = readGroup(resource);
        const { displayName, externalId } = wish;
        const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM scim_groups`.execute(trx);
        if ((rows[0]?.n ?? 0) >= GROUPS)
          throw new ScimError(409, 'tooMany', `There are ${GROUPS} groups already.`);
        await requireFreeName(trx, displayName);
        const groupId = newId('grp');
        const now = Date.now();
        const row: GroupRow = { groupId, displayName, externalId, createdAt: now, changedAt: now };
        await trx
          .insertInto('scim_groups')
          .values({
            tenant_id: tenantId,
            group_id: groupId,
            display_name: displayName,
            external_id: externalId,
            created_at: now,
            changed_at: now,
          })
          .execute();
        await writeAudit(trx, tenantId, actor, {
          action: 'group.create',
          subject: subjectOf(row),
          after: { displayName },
        });
        await become(writer, trx, caller, row, wish);
        return resourceOf(
          await rowOf(trx, groupId),
          base,
          await shownMembers(trx, groupId, base, { attributes: undefined, excludedAttributes: undefined }),
        );
      }),

    replace: (
      caller: ScimCaller,
      groupId: string,
      ifMatch: string | undefined,
      resource: Resource,
    ): Promise<GroupResource> => change(caller, groupId, ifMatch, () => readGroup(resource)),

    patch: (
      caller: ScimCaller,
      groupId: string,
      ifMatch: string | undefined,
      operations: readonly PatchOperation[],
    ): Promise<GroupResource> =>
      change(caller, groupId, ifMatch, (before) => patchedGroup(before, operations)),

    remove: (caller: ScimCaller, groupId: string, ifMatch: string | undefined): Promise<void> =>
      write(caller, async (trx) => {
        const { tenantId, actor, base } = caller;
        const row = await rowOf(trx, groupId);
        requireVersion(ifMatch, resourceOf(row, base, undefined).meta.version);
        const { rows } = await sql<{ userId: UserId }>`
          WITH gone AS (DELETE FROM scim_members WHERE group_id = ${groupId} RETURNING user_id, named_administrator)
          SELECT user_id AS "userId" FROM gone WHERE named_administrator`.execute(trx);
        await trx.deleteFrom('scim_groups').where('group_id', '=', groupId).execute();
        await writeAudit(trx, tenantId, actor, { action: 'group.delete', subject: subjectOf(row) });
        if (isAdministrators(row.displayName)) {
          const userIds = rows.map((one) => one.userId);
          await followGroups(writer, trx, caller, { joined: [], left: userIds });
        }
      }),
  };
}

const subjectOf = ({ groupId, displayName }: GroupRow) => ({ kind: 'group', id: groupId, name: displayName });

/** @throws ScimError 404 */
async function rowOf(trx: TenantTransaction, groupId: string): Promise<GroupRow> {
  const { rows } = await sql<GroupRow>`
    SELECT group_id AS "groupId", display_name AS "displayName", external_id AS "externalId", created_at AS "createdAt",
           changed_at AS "changedAt" FROM scim_groups WHERE group_id = ${groupId}`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new ScimError(404, undefined, 'There is no such group.');
  return row;
}

/** @param shown `undefined`: not asked for */
function resourceOf(row: GroupRow, base: string, shown: Resource[] | undefined): GroupResource {
  const content = {
    schemas: [GROUP_SCHEMA],
    id: row.groupId,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    displayName: row.displayName,
  };
  return {
    ...content,
    ...(shown === undefined ? {} : { members: shown }),
    // Members are many: their changes are known by the time.
    meta: metaOf('Group', `${base}/Groups/${row.groupId}`, row, { ...content, changedAt: row.changedAt }),
  };
}

/** Those who are here. Not read where nobody asks: a group may have all of a company. */
async function shownMembers(
  trx: TenantTransaction,
  groupId: string,
  base: string,
  { attributes, excludedAttributes }: Projection,
): Promise<Resource[] | undefined> {
  const isAsked =
    attributes === undefined || [...attributes].some((name) => name.split('.')[0] === 'members');
  if (!isAsked || excludedAttributes?.has('members') === true) return undefined;
  const { rows } = await sql<{ value: string; display: string }>`
    SELECT u.user_id AS value, u.name AS display FROM scim_members m
      JOIN users u ON u.tenant_id = m.tenant_id AND u.user_id = m.user_id
      WHERE m.group_id = ${groupId} AND u.deleted_at IS NULL ORDER BY u.user_id`.execute(trx);
  return rows.map(({ value, display }) => ({ value, display, type: 'User', $ref: `${base}/Users/${value}` }));
}

/** @throws ScimError `uniqueness` */
async function requireFreeName(trx: TenantTransaction, displayName: string, groupId = ''): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM scim_groups WHERE lower(display_name) = lower(${displayName}) AND group_id <> ${groupId}`.execute(
    trx,
  );
  if (rows.length > 0) throw new ScimError(409, 'uniqueness', 'There is a group with this name.');
}

const Wanted = z.object({
  displayName: z.string().transform(cleanText).pipe(z.string().min(1).max(200)),
  externalId: z.string().min(1).max(256).transform(cleanText).optional(),
});

function readGroup(resource: Resource): GroupWish {
  const { members: named, ...own } = canonical(resource, groupShape);
  const { displayName, externalId } = readOwn(own);
  const userIds = idsOf(elementsOf(named));
  return { displayName, externalId, members: [{ act: 'replace', userIds }] };
}

function readOwn(own: Resource): { displayName: string; externalId: string | null } {
  const parsed = Wanted.safeParse(own);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new ScimError(400, 'invalidValue', `“${where}” is missing or not what it has to be.`);
  }
  return { displayName: parsed.data.displayName, externalId: parsed.data.externalId ?? null };
}

function idsOf(elements: readonly Resource[]): string[] {
  const ids = elements.map((element) => {
    const value = valueOf(element, 'value');
    const type = valueOf(element, 'type');
    if (typeof value !== 'string' || (typeof type === 'string' && type.toLowerCase() === 'group'))
      throw new ScimError(400, 'invalidValue', 'Members are users, each with its id as “value”.');
    return value;
  });
  if (ids.length > MEMBERS) throw new ScimError(400, 'tooMany', `At most ${MEMBERS} members at once.`);
  return [...new Set(ids)];
}

/** A group's own attributes as they will be, and what happens to its members; members themselves are not read for it. */
function patchedGroup(before: GroupRow, operations: readonly PatchOperation[]): GroupWish {
  const own: Resource = {
    displayName: before.displayName,
    ...(before.externalId === null ? {} : { externalId: before.externalId }),
  };
  const acts: MembersAct[] = [];
  for (const { op, path, value, isNamed } of stepsOf(operations)) {
    switch (path.attribute) {
      case 'displayname':
      case 'externalid': {
        const name = path.attribute === 'displayname' ? 'displayName' : 'externalId';
        if (op === 'remove') delete own[name];
        else own[name] = value;
        break;
      }
      case 'members':
        acts.push(membersAct(op, path.filter, value));
        break;
      case 'id':
      case 'meta':
        if (isNamed) throw new ScimError(400, 'mutability', `“${path.attribute}” cannot be written.`);
        break;
      default:
      // What we do not keep.
    }
  }
  return { ...readOwn(own), members: acts };
}

function membersAct(op: PatchOperation['op'], filter: Filter | undefined, value: unknown): MembersAct {
  if (filter !== undefined) {
    if (op !== 'remove') throw new ScimError(400, 'invalidPath', 'A member is added by its id.');
    return { act: 'remove', userIds: namedIds(filter) };
  }
  // Entra ID removes by value, Okta by filter; without either all go.
  if (op === 'remove' && value === undefined) return { act: 'replace', userIds: [] };
  return { act: op, userIds: idsOf(elementsOf(value)) };
}

/** `value eq "…"`, also several with `or`. */
function namedIds(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.of.flatMap(namedIds);
  if (filter.kind === 'compare' && filter.path === 'value' && filter.operator === 'eq')
    return [String(filter.value)];
  throw new ScimError(400, 'invalidFilter', 'Members are named by their “value”.');
}

async function become(
  writer: UserWriter,
  trx: TenantTransaction,
  caller: ScimCaller,
  before: GroupRow,
  wish: GroupWish,
): Promise<void> {
  const { tenantId, actor } = caller;
  const { displayName, externalId } = wish;
  if (displayName !== before.displayName) await requireFreeName(trx, displayName, before.groupId);
  const was = isAdministrators(before.displayName) ? await membersOf(trx, before.groupId) : [];
  const moved = { added: 0, removed: 0 };
  for (const act of wish.members) await actOnMembers(trx, tenantId, before.groupId, act, moved);
  const own = { displayName, externalId };
  const differs = displayName !== before.displayName || externalId !== before.externalId;
  if (!differs && moved.added === 0 && moved.removed === 0) return;
  await sql`
    UPDATE scim_groups SET display_name = ${displayName}, external_id = ${externalId},
                           changed_at = greatest(changed_at + 1, ${Date.now()}::bigint)
      WHERE group_id = ${before.groupId}`.execute(trx);
  const told = difference({ displayName: before.displayName, externalId: before.externalId }, own);
  await writeAudit(trx, tenantId, actor, {
    action: 'group.change',
    subject: subjectOf({ ...before, displayName }),
    before: told.before,
    after: { ...told.after, membersAdded: moved.added, membersRemoved: moved.removed },
  });
  const is = isAdministrators(displayName) ? await membersOf(trx, before.groupId) : [];
  const [wasIn, isIn] = [was, is].map((members) => new Set(members.map(({ userId }) => userId)));
  await followGroups(writer, trx, caller, {
    joined: is.map(({ userId }) => userId).filter((userId) => wasIn?.has(userId) !== true),
    left: was.flatMap(({ userId, isNamed }) => (isNamed && isIn?.has(userId) !== true ? [userId] : [])),
  });
  // What is no group of administrators any more has named nobody.
  if (isAdministrators(before.displayName) && !isAdministrators(displayName))
    await sql`UPDATE scim_members SET named_administrator = false WHERE group_id = ${before.groupId}`.execute(
      trx,
    );
}

/** @returns with who is an administrator by the group */
async function membersOf(
  trx: TenantTransaction,
  groupId: string,
): Promise<{ userId: UserId; isNamed: boolean }[]> {
  const rows = await trx
    .selectFrom('scim_members')
    .select(['user_id', 'named_administrator'])
    .where('group_id', '=', groupId)
    .execute();
  return rows.map((row) => ({ userId: row.user_id as UserId, isNamed: row.named_administrator }));
}

/** @throws ScimError `invalidValue`: nobody here has this id */
async function actOnMembers(
  trx: TenantTransaction,
  tenantId: TenantId,
  groupId: string,
  { act, userIds }: MembersAct,
  moved: { added: number; removed: number },
): Promise<void> {
  if (act !== 'add') {
    const those = act === 'remove' ? sql`user_id = ANY (${userIds})` : sql`NOT user_id = ANY (${userIds})`;
    const gone = await sql`DELETE FROM scim_members WHERE group_id = ${groupId} AND ${those}`.execute(trx);
    moved.removed += Number(gone.numAffectedRows ?? 0n);
  }
  if (act === 'remove' || userIds.length === 0) return;
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM users WHERE user_id = ANY (${userIds}) AND deleted_at IS NULL`.execute(trx);
  if ((rows[0]?.n ?? 0) !== userIds.length)
    throw new ScimError(400, 'invalidValue', 'One of the members is nobody here.');
  const added = await sql`
    INSERT INTO scim_members (tenant_id, group_id, user_id)
    SELECT ${tenantId}, ${groupId}, unnest(${userIds}::text[]) ON CONFLICT DO NOTHING`.execute(trx);
  moved.added += Number(added.numAffectedRows ?? 0n);
}
