import type { ImportProblem, UserId } from '@offhook/contract';
import { sql } from 'kysely';
import * as z from 'zod';
import { writeAudit } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { holdersOf, numberKeys, refusedNumbers, StoredLine } from '../users/lines.ts';
import { eraseUsers, putBackUsers } from '../users/put-back.ts';
import { administers, beginWork, findUsers, wouldLockOut, type FoundUser } from '../users/work.ts';
import type { UserWriter } from '../users/writer.ts';
import { useIndexes } from './long.ts';
import type { Job } from './model.ts';
import { joinPerson } from './print.ts';
import { BATCH, refuseRows } from './rows.ts';
import { countRows } from './store.ts';

const StoredSnapshot = z.object({
  name: z.string(),
  role: z.enum(['user', 'admin', 'provider']),
  language: z.string(),
  source: z.enum(['portal', 'import', 'provisioning', 'scim', 'sso', 'file']),
  line: StoredLine.nullable(),
});

type Refusals = Map<number, { code: ImportProblem; value?: string }>;

/**
 * Put everything back as it was before the import, in the caller's transaction: people who were created are removed for good, changed ones get back
 * what they had, passwords of lines included. Whom somebody else has changed since, and who has come in since they were created, stays as they are;
 * their rows are refused with the reason, so that there is a list of them.
 */
export async function undoImport(
  writer: UserWriter,
  trx: TenantTransaction,
  job: Job,
  onProgress: (rows: number) => void,
): Promise<void> {
  const { tenantId, importId, actor } = job;
  await useIndexes(trx);
  await beginWork(trx, tenantId);

  // Seen as a whole first: what one may get back depends on all. What is held of each row is small.
  const refused: Refusals = new Map();
  const created = new Map<UserId, number>();
  const wanted: { row: number; userId: UserId; line: StoredLine }[] = [];
  const leaving: { row: number; user: FoundUser }[] = [];
  const movers = new Set<UserId>();
  for await (const rows of appliedRows(trx, job, 'new')) {
    for (const { row, userId, state } of rows) {
      if (state === 'gone') continue;
      if (state === 'touched') refused.set(row, { code: 'changed_since' });
      else {
        created.set(userId, row);
        movers.add(userId);
      }
    }
    const administrators = rows.filter(
      ({ state, role }) => state === 'as_left' && role !== 'user' && role !== null,
    );
    const users = await findUsers(
      trx,
      administrators.map(({ userId }) => userId),
    );
    for (const { row, userId } of administrators) {
      const user = users.get(userId);
      if (user !== undefined) leaving.push({ row, user });
    }
  }
  for await (const rows of appliedRows(trx, job, 'changed')) {
    for (const { row, state } of rows) if (state !== 'as_left') refused.set(row, { code: 'changed_since' });
    for (const { row, before, after } of await plansOf(trx, rows, refused)) {
      movers.add(after.userId);
      if (administers(before.role) && !administers(after.role)) leaving.push({ row, user: before });
      const { line } = after;
      if (line !== undefined && keysOf(line) !== keysOf(before.line)) {
        wanted.push({ row, userId: after.userId, line });
      }
    }
  }
  if (
    await wouldLockOut(
      trx,
      leaving.map(({ user }) => user),
    )
  ) {
    for (const { row, user } of leaving) {
      refused.set(row, { code: 'last_administrator' });
      movers.delete(user.userId);
    }
  }
  const free = wanted.filter(({ row }) => !refused.has(row));
  for (const [row, number] of await takenNumbers(trx, free, movers)) {
    refused.set(row, { code: 'number_taken', value: number });
  }

  const erased = [...created].flatMap(([userId, row]) => (refused.has(row) ? [] : [userId]));
  let done = 0;
  for (let from = 0; from < erased.length; from += BATCH) {
    const batch = erased.slice(from, from + BATCH);
    await eraseUsers(trx, tenantId, actor, batch);
    done += batch.length;
    onProgress(done);
  }
  for await (const rows of appliedRows(trx, job, 'changed')) {
    await putBackUsers(trx, tenantId, actor, await plansOf(trx, rows, refused));
    done += rows.length;
    onProgress(done);
  }
  await writer.finish(trx, tenantId);
  const rows = [...refused].map(([row, problem]) => ({ row, problem }));
  for (let from = 0; from < rows.length; from += BATCH)
    await refuseRows(trx, job, rows.slice(from, from + BATCH));
  await writeAudit(trx, tenantId, actor, {
    action: 'import.undo',
    subject: { kind: 'import', id: importId, name: job.fileName },
    after: { ...(await countRows(trx, importId)), leftAlone: rows.length },
  });
}

const keysOf = (line: StoredLine | undefined): string =>
  line === undefined ? '' : numberKeys(line).join('\n\n');

async function takenNumbers(
  trx: TenantTransaction,
  wanted: readonly { row: number; userId: UserId; line: StoredLine }[],
  movers: ReadonlySet<UserId>,
): Promise<Map<number, string>> {
  const holders = [];
  for (let from = 0; from < wanted.length; from += BATCH) {
    const lines = wanted.slice(from, from + BATCH).map(({ line }) => line);
    holders.push(...(await holdersOf(trx, lines)));
  }
  const taken = refusedNumbers(wanted, holders, movers);
  return new Map(wanted.filter(({ userId }) => taken.has(userId)).map(({ row, line }) => [row, line.number]));
}

type AppliedRow = {
  row: number;
  userId: UserId;
  before: unknown;
  role: string | null;
  /** `gone`: there is no such person any more; `touched`: they are not as the import left them, or have come in since it created them. */
  state: 'as_left' | 'touched' | 'gone';
};

/** The rows of a kind that were applied, batch by batch, and what has become of their people. */
async function* appliedRows(
  trx: TenantTransaction,
  job: Job,
  kind: 'new' | 'changed',
): AsyncGenerator<AppliedRow[]> {
  let after = 0;
  for (;;) {
    // Who has come in has begun to use what they were given.
    const { rows } = await sql<AppliedRow>`
      SELECT i.row_number AS row, i.user_id AS "userId", i.before, p.role,
             CASE WHEN p.user_id IS NULL THEN 'gone'
                  WHEN p.print <> i.applied OR (i.kind = 'new' AND p.activated_at IS NOT NULL) THEN 'touched'
                  ELSE 'as_left' END AS state
        FROM (SELECT * FROM import_rows
                WHERE import_id = ${job.importId} AND kind = ${kind} AND applied IS NOT NULL AND row_number > ${after}
                ORDER BY row_number LIMIT ${BATCH}) i ${joinPerson}
        ORDER BY i.row_number`.execute(trx);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.row;
    yield rows;
  }
}

/** Of changed rows that are not refused: the people as they are, and as they were. */
async function plansOf(trx: TenantTransaction, rows: readonly AppliedRow[], refused: Refusals) {
  const left = rows.filter(({ row }) => !refused.has(row));
  const users = await findUsers(
    trx,
    left.map(({ userId }) => userId),
  );
  return left.flatMap(({ row, userId, before: stored }) => {
    const before = users.get(userId);
    return before === undefined ? [] : [{ row, before, after: putBack(before, stored) }];
  });
}

/** A person with what the import had changed as it was before; what they set for themselves since stays. */
function putBack(user: FoundUser, stored: unknown): FoundUser {
  const { line, ...before } = StoredSnapshot.parse(stored);
  if (line === null) return { ...user, ...before, line: undefined };
  const { alternativeNumber: _imported, ...kept } = user.line?.kept ?? {};
  const { alternativeNumber } = line.kept;
  return {
    ...user,
    ...before,
    line: { ...line, kept: { ...kept, ...(alternativeNumber === undefined ? {} : { alternativeNumber }) } },
  };
}
