import {
  fold,
  type ConnectorId,
  type Language,
  type UserId,
  type UserLine,
  type UserPage,
  type UserQuery,
  type UserRow,
  type UserStatus,
} from '@offhook/contract';
import { sql, type RawBuilder } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import { StoredKept } from '../settings/store.ts';
import type { UserSource } from './rows.ts';

type Condition = RawBuilder<unknown>;

/**
 * One page of a tenant's people. Deleted ones are listed where they are asked for (`status: 'deleted'`), and nowhere else. The words of a search are
 * looked for at the beginning of any word of name, address and numbers; each must be found.
 */
export async function listUsers(trx: TenantTransaction, query: UserQuery): Promise<UserPage> {
  const conditions = [statusIs(query.status), ...filters(query), ...searches(query.search)];
  const where = sql.join(conditions, sql` AND `);
  // The planner leaves the join out where nothing asks for lines: they are unique by user.
  const people = sql`users u LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id`;
  const page = sql`LIMIT ${query.pageSize} OFFSET ${(query.page - 1) * query.pageSize}`;
  const count = async () => {
    const { rows } = await sql<{
      total: number;
    }>`SELECT count(*) AS total FROM ${people} WHERE ${where}`.execute(trx);
    return rows[0]?.total ?? 0;
  };
  if (isInIndexOrder(query)) {
    const { rows } = await sql<{ user_id: UserId }>`
      SELECT u.user_id FROM ${people} WHERE ${where} ORDER BY ${order(query)} ${page}`.execute(trx);
    return { users: await rowsOf(trx, rows), total: await count() };
  }
  // All that match have to be looked at anyway: they are counted on the way.
  const { rows } = await sql<{ user_id: UserId; total: number }>`
    SELECT u.user_id, count(*) OVER () AS total FROM ${people} WHERE ${where} ORDER BY ${order(query)} ${page}`.execute(
    trx,
  );
  const total = rows[0]?.total ?? (query.page === 1 ? 0 : await count());
  return { users: await rowsOf(trx, rows), total };
}

/** Whether PostgreSQL finds a page without looking at all that comes after it. */
const isInIndexOrder = ({ search, sort }: UserQuery): boolean =>
  (search ?? '').trim() === '' && (sort === 'name' || sort === 'email' || sort === 'createdAt');

const rowsOf = (trx: TenantTransaction, rows: readonly { user_id: UserId }[]): Promise<UserRow[]> =>
  userRows(
    trx,
    rows.map((row) => row.user_id),
  );

function statusIs(status: UserStatus | undefined): Condition {
  const here = sql`u.deleted_at IS NULL`;
  switch (status) {
    case undefined:
      return here;
    case 'deleted':
      return sql`u.deleted_at IS NOT NULL`;
    case 'disabled':
      return sql`${here} AND u.disabled_at IS NOT NULL`;
    case 'invited':
      return sql`${here} AND u.disabled_at IS NULL AND u.activated_at IS NULL`;
    case 'active':
      return sql`${here} AND u.disabled_at IS NULL AND u.activated_at IS NOT NULL`;
  }
}

function filters({ role, connectorId, line }: UserQuery): Condition[] {
  return [
    ...(role === undefined ? [] : [sql`u.role = ${role}`]),
    ...(connectorId === undefined ? [] : [sql`l.connector_id = ${connectorId}`]),
    ...(line === undefined ? [] : [line === 'with' ? sql`l.line_id IS NOT NULL` : sql`l.line_id IS NULL`]),
  ];
}

const LOOKS_DIALLED = /^[\s\d+()\-./*#]+$/u;

/** Letters and digits alone, or `*` and `#`: nothing in a word means anything to LIKE. */
const begins = (word: string): string => `% ${word}%`;

/** Quicker than by the join: of the lines only those that match are remembered. */
const ofLine = (word: string): Condition =>
  sql`u.user_id IN (SELECT found.user_id FROM lines found WHERE found.folded LIKE ${begins(word)})`;

function searches(search = ''): Condition[] {
  const words = fold(search).match(/[\p{L}\p{N}]+/gu) ?? [];
  const ofPerson = words.map((word) => sql`u.folded LIKE ${begins(word)}`);
  if (!LOOKS_DIALLED.test(search)) {
    return words.map((word, index) => sql`(${ofPerson[index]} OR ${ofLine(word)})`);
  }
  const number = search.replaceAll(/[^\d*#]/gu, '');
  if (number === '') return [];
  const dialled = ofLine(number);
  return [ofPerson.length === 0 ? dialled : sql`(${dialled} OR (${sql.join(ofPerson, sql` AND `)}))`];
}

function order({ sort, descending }: UserQuery): Condition {
  const way = descending ? sql`DESC` : sql`ASC`;
  const by = (...columns: Condition[]) =>
    sql.join([...columns, sql`u.user_id`].map((column) => sql`${column} ${way} NULLS LAST`));
  switch (sort) {
    case 'name':
      // As the index has it, so that a page needs no sorting.
      return sql`u.folded ${way}, u.user_id ${way}`;
    case 'email':
      return sql`u.email ${way}`;
    case 'createdAt':
      return sql`u.created_at ${way}, u.user_id ${way}`;
    case 'number':
      // 99 before 100.
      return by(sql`length(l.number)`, sql`l.number`);
    case 'lastSeenAt':
      return by(sql`u.last_seen_at`);
  }
}

type Found = {
  user_id: UserId;
  email: string;
  name: string;
  role: string;
  language: string;
  source: UserSource;
  created_at: number;
  last_seen_at: number | null;
  invited_at: number | null;
  activated_at: number | null;
  disabled_at: number | null;
  deleted_at: number | null;
  gone_at: number | null;
  invitation_expires_at: number | null;
  connector_id: ConnectorId | null;
  connector_name: string | null;
  number: string | null;
  main_number: string | null;
  short_number: string | null;
  caller_id: string | null;
  auth_user: string | null;
  desk_phone: string | null;
  voicemail_number: string | null;
  kept: unknown;
  /** The sealed text is longer than that of an empty password. */
  has_password: boolean | null;
};

/** Bytes of a sealed empty text; see `secrets/secret-box.ts`. */
const SEALED_NOTHING = 33;

/** These people as the portal and the provisioning API show them, in this order; who is not there is left out. */
export async function userRows(trx: TenantTransaction, userIds: readonly UserId[]): Promise<UserRow[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<Found>`
    SELECT u.user_id, u.email, u.name, u.role, u.language, u.source, u.created_at, u.last_seen_at, u.invited_at,
           u.activated_at, u.disabled_at, u.deleted_at, u.gone_at, l.connector_id, c.name AS connector_name, l.number,
           l.main_number, l.short_number, l.caller_id, l.auth_user, l.desk_phone, l.voicemail_number, l.kept,
           length(l.secret) > ${SEALED_NOTHING} AS has_password,
           (SELECT max(o.expires_at) FROM one_time_links o
             WHERE o.tenant_id = u.tenant_id AND o.user_id = u.user_id AND o.kind = 'invitation' AND o.used_at IS NULL)
             AS invitation_expires_at
      FROM users u
      LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id
      LEFT JOIN connectors c ON c.tenant_id = l.tenant_id AND c.connector_id = l.connector_id
      WHERE u.user_id = ANY (${[...userIds]})`.execute(trx);
  const found = new Map(rows.map((row) => [row.user_id, toRow(row)]));
  return userIds.flatMap((userId) => found.get(userId) ?? []);
}

function toRow(row: Found): UserRow {
  const status = statusOf(row);
  const line = lineOf(row);
  return {
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role === 'user' ? 'user' : 'admin',
    status,
    language: row.language as Language,
    seat: line !== undefined && (status === 'invited' || status === 'active'),
    source: row.source,
    createdAt: row.created_at,
    ...present({
      line,
      lastSeenAt: row.last_seen_at,
      invitedAt: row.invited_at,
      invitationExpiresAt: row.invitation_expires_at,
      goneAt: row.gone_at,
    }),
  };
}

function statusOf(row: Pick<Found, 'deleted_at' | 'disabled_at' | 'activated_at'>): UserStatus {
  if (row.deleted_at !== null) return 'deleted';
  if (row.disabled_at !== null) return 'disabled';
  return row.activated_at === null ? 'invited' : 'active';
}

function lineOf(row: Found): UserLine | undefined {
  if (row.connector_id === null || row.number === null) return undefined;
  return {
    connectorId: row.connector_id,
    connectorName: row.connector_name ?? '',
    number: row.number,
    hasPassword: row.has_password === true,
    ...present({
      mainNumber: row.main_number,
      shortNumber: row.short_number,
      callerId: row.caller_id,
      authUser: row.auth_user,
      deskPhone: row.desk_phone,
      alternativeNumber: StoredKept.parse(row.kept).alternativeNumber,
      voicemailNumber: row.voicemail_number,
    }),
  };
}

/** Without what is not there. */
function present<T extends object>(fields: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as { [Name in keyof T]?: NonNullable<T[Name]> };
}
