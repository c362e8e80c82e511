import { OffhookError, type ConnectorId, type TenantId, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { notifyChange, notifyDirectory } from '../database/changes.ts';
import type { TenantTransaction } from '../database/database.ts';
import { isAdministratorLeft, readSignInRules } from '../sso/only.ts';
import { connectorOf, lineColumns, StoredLine } from './lines.ts';
import type { StoredRole, UserSource } from './rows.ts';

/** What a transaction has done to a tenant's people so far; `finish` tells of it once. */
type Work = { touched: Set<ConnectorId>; changed: boolean };

/** By transaction: many writers of one transaction share it, and it goes with the transaction. */
const works = new WeakMap<TenantTransaction, Work>();

/**
 * People of a tenant are written by one transaction at a time: only so can “the last administrator”, “a free seat” and “a number that
 * nobody has” be said of what will be committed. Who waits too long is answered `unavailable`.
 */
export async function beginWork(trx: TenantTransaction, tenantId: TenantId): Promise<Work> {
  const found = works.get(trx);
  if (found !== undefined) return found;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`people of ${tenantId}`}, 0))`.execute(trx);
  const work: Work = { touched: new Set(), changed: false };
  works.set(trx, work);
  return work;
}

/**
 * Raise the revision of the touched connectors and tell of the change; see `UserWriter.finish`.
 * @throws OffhookError `number_taken`
 */
export async function finishWork(trx: TenantTransaction, tenantId: TenantId): Promise<void> {
  const work = works.get(trx);
  if (work === undefined || !work.changed) return;
  try {
    // The check that is put off until the commit, so that two may change numbers, is made now: here it can be said in words.
    await sql`SET CONSTRAINTS lines_number IMMEDIATE`.execute(trx);
  } catch (error) {
    throw constraintOf(error) === 'lines_number' ? new OffhookError('number_taken', { cause: error }) : error;
  }
  await sql`SET CONSTRAINTS lines_number DEFERRED`.execute(trx);
  const touched = [...work.touched].toSorted();
  if (touched.length > 0) {
    await trx
      .updateTable('connectors')
      .set((eb) => ({ config_revision: eb('config_revision', '+', 1) }))
      .where('connector_id', 'in', touched)
      .execute();
  }
  await notifyDirectory(trx, tenantId, touched);
  works.set(trx, { touched: new Set(), changed: false });
}

export function touchLine(work: Work, line: Pick<StoredLine, 'connector_id'> | undefined): void {
  work.changed = true;
  if (line !== undefined) work.touched.add(connectorOf(line));
}

/** Sign these people out wherever they are. @returns how many of them were signed in */
export async function endSessions(
  trx: TenantTransaction,
  tenantId: TenantId,
  userIds: readonly UserId[],
): Promise<number> {
  const { rows } = await sql<{ user_id: UserId }>`
    WITH gone AS (DELETE FROM sessions WHERE user_id = ANY (${[...userIds]}) RETURNING user_id)
    SELECT DISTINCT user_id FROM gone`.execute(trx);
  for (const { user_id: userId } of rows) {
    await notifyChange(trx, { kind: 'sessions_revoked', tenantId, userId });
  }
  return rows.length;
}

/** A person as the tables have them. */
export type FoundUser = {
  userId: UserId;
  email: string;
  name: string;
  role: StoredRole;
  language: string;
  source: UserSource;
  passwordHash: string | null;
  activatedAt: number | null;
  disabledAt: number | null;
  deletedAt: number | null;
  goneAt: number | null;
  line: StoredLine | undefined;
  formerLine: StoredLine | undefined;
};

/** Those of the ids that the tenant has, by id. */
export async function findUsers(
  trx: TenantTransaction,
  userIds: readonly UserId[],
): Promise<Map<UserId, FoundUser>> {
  const { rows } = await sql<Omit<FoundUser, 'line' | 'formerLine'> & { line: unknown; formerLine: unknown }>`
    SELECT u.user_id AS "userId", u.email, u.name, u.role, u.language, u.source, u.password_hash AS "passwordHash",
           u.activated_at AS "activatedAt", u.disabled_at AS "disabledAt", u.deleted_at AS "deletedAt", u.gone_at AS "goneAt",
           u.former_line AS "formerLine", CASE WHEN l.line_id IS NOT NULL THEN ${lineColumns} END AS line
      FROM users u LEFT JOIN lines l ON l.tenant_id = u.tenant_id AND l.user_id = u.user_id
      WHERE u.user_id = ANY (${[...userIds]})`.execute(trx);
  return new Map(
    rows.map(({ line, formerLine, ...user }) => [
      user.userId,
      {
        ...user,
        line: line === null ? undefined : StoredLine.parse(line),
        formerLine: StoredLine.safeParse(formerLine).data,
      },
    ]),
  );
}

/** Whoever may name administrators; of the provider's own tenant its people. */
export const administers = (role: StoredRole): boolean => role !== 'user';

/**
 * Would the tenant be without an administrator who comes in, were these none any more? People who were invited and never came do not count
 * beside one who did: the invitation may never be followed. Nor do those whom the company's sign-in rules keep out, where they let in one who leaves.
 */
export async function wouldLockOut(trx: TenantTransaction, leaving: readonly FoundUser[]): Promise<boolean> {
  const administrators = leaving.filter((user) => administers(user.role) && user.disabledAt === null);
  if (administrators.length === 0) return false;
  const someoneCame = administrators.some((user) => user.activatedAt !== null);
  const others = await trx
    .selectFrom('users')
    .select('user_id')
    .where('role', '<>', 'user')
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .$if(someoneCame, (query) => query.where('activated_at', 'is not', null))
    .where(
      'user_id',
      'not in',
      administrators.map((user) => user.userId),
    )
    .limit(1)
    .executeTakeFirst();
  if (others === undefined) return true;
  const rules = await readSignInRules(trx);
  if (rules === undefined || !rules.enabled || !rules.only) return false;
  const ids = administrators.map((user) => user.userId);
  return !(await isAdministratorLeft(trx, rules, ids)) && isAdministratorLeft(trx, rules);
}

export function constraintOf(error: unknown): string | undefined {
  return error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined;
}
