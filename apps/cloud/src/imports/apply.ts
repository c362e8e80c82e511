import { OffhookError, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import { writeAudit } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { isRefused, type UserChangeOf } from '../users/rows.ts';
import { beginWork, findUsers, type FoundUser } from '../users/work.ts';
import type { UserWriter } from '../users/writer.ts';
import { planParts } from './compare.ts';
import { Stale, type Job } from './model.ts';
import { planRow, type PlanParts } from './plan.ts';
import { useIndexes } from './long.ts';
import { areAsSeen, joinPerson } from './print.ts';
import { BATCH, rowsAfter, type StoredRow } from './rows.ts';
import { countRows } from './store.ts';

export type ApplyParts = { secrets: SecretBox; writer: UserWriter };

/** What an undo puts back of a person. */
export type Snapshot = Pick<FoundUser, 'name' | 'role' | 'language' | 'source'> & {
  line: FoundUser['line'] | null;
};

/**
 * Do what the preview said, all of it, in the caller's transaction. People who were created can be invited afterwards.
 * @param onProgress rows done
 * @throws Stale: what is there has changed since, or the writer sees it otherwise; the transaction must end
 */
export async function applyImport(
  { secrets, writer }: ApplyParts,
  trx: TenantTransaction,
  job: Job,
  onProgress: (rows: number) => void,
): Promise<void> {
  const { tenantId, importId, actor } = job;
  await useIndexes(trx);
  await beginWork(trx, tenantId);
  const parts = await planParts(trx, secrets, job);
  let done = 0;
  const inBatches = async (
    kind: 'new' | 'changed',
    options: { linked?: boolean; limit?: number },
    work: (rows: StoredRow[]) => Promise<void>,
  ) => {
    let after = 0;
    for (;;) {
      const rows = await rowsAfter(trx, secrets, job, kind, after, options);
      const last = rows.at(-1);
      if (last === undefined) return;
      await work(rows);
      after = last.row;
      done += rows.length;
      onProgress(done);
    }
  };
  try {
    await checkSeen(trx, job);
    const change = (rows: StoredRow[]) => changeRows({ writer, parts }, trx, job, rows);
    // Those that change numbers with each other are written in one go, whatever their number.
    await inBatches('changed', { linked: true, limit: Number.MAX_SAFE_INTEGER }, change);
    await inBatches('changed', { linked: false }, change);
    await inBatches('new', {}, (rows) => createRows({ writer, parts }, trx, job, rows));
    await writer.finish(trx, tenantId);
  } catch (error) {
    throw isOverruled(error) ? new Stale(error) : error;
  }
  await trx.deleteFrom('import_chunks').where('import_id', '=', importId).execute();
  await writeAudit(trx, tenantId, actor, {
    action: 'import.apply',
    subject: { kind: 'import', id: importId, name: job.fileName },
    after: await countRows(trx, importId),
  });
}

/** The writer would not do what the preview said; its other failures are nobody's doing. */
const isOverruled = (error: unknown): boolean =>
  error instanceof OffhookError && error.code !== 'unavailable' && error.code !== 'internal';

const idOf = ({ userId }: StoredRow): UserId => {
  if (userId === undefined) throw new Stale();
  return userId;
};

/** Everybody whom the preview found here must be what they were. @throws Stale */
async function checkSeen(trx: TenantTransaction, job: Job): Promise<void> {
  const { last } = await trx
    .selectFrom('import_rows')
    .select((eb) => eb.fn.max('row_number').as('last'))
    .where('import_id', '=', job.importId)
    .executeTakeFirstOrThrow();
  for (let after = 0; after < (last ?? 0); after += BATCH * 2) {
    for (const kind of ['changed', 'unchanged'] as const) {
      if (!(await areAsSeen(trx, job, kind, { after, last: after + BATCH * 2 }))) throw new Stale();
    }
  }
}

type WriteParts = { writer: UserWriter; parts: PlanParts };

async function changeRows(
  { writer, parts }: WriteParts,
  trx: TenantTransaction,
  job: Job,
  rows: readonly StoredRow[],
): Promise<void> {
  const users = await findUsers(trx, rows.map(idOf));
  const changes = rows.map((row): UserChangeOf => {
    const planned = planRow(parts, row.subscriber, users.get(idOf(row)));
    if (planned.kind !== 'changed') throw new Stale();
    return { userId: planned.userId, change: planned.change };
  });
  const outcomes = await writer.changeMany(trx, job.tenantId, job.actor, changes);
  if (outcomes.some((outcome) => outcome !== 'changed')) throw new Stale();
  await writeApplied(
    trx,
    job,
    rows.map((row) => {
      const userId = idOf(row);
      const before = users.get(userId);
      return { row: row.row, userId, before: before && snapshot(before) };
    }),
  );
}

async function createRows(
  { writer, parts }: WriteParts,
  trx: TenantTransaction,
  job: Job,
  rows: readonly StoredRow[],
): Promise<void> {
  const plans = rows.map((row) => {
    const planned = planRow(parts, row.subscriber, undefined);
    if (planned.kind !== 'new') throw new Stale();
    return planned.user;
  });
  const outcomes = await writer.createMany(trx, job.tenantId, job.actor, plans);
  const userIds = outcomes.map((outcome) => {
    if (isRefused(outcome)) throw new Stale();
    return outcome.userId;
  });
  await writeApplied(
    trx,
    job,
    rows.flatMap(({ row }, index) => {
      const userId = userIds[index];
      return userId === undefined ? [] : [{ row, userId }];
    }),
  );
}

const snapshot = ({ name, role, language, source, line }: FoundUser): Snapshot => ({
  name,
  role,
  language,
  source,
  line: line ?? null,
});

type Applied = { row: number; userId: UserId; before?: Snapshot | undefined };

/** Note whom a row has become, and what they are now; what the file said has been done, and its passwords are kept no longer. */
async function writeApplied(trx: TenantTransaction, job: Job, rows: readonly Applied[]): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const numbers = batch.map(({ row }) => row);
    await sql`
      WITH i AS MATERIALIZED (
        SELECT r."row", r."userId" AS user_id, r.before, ${job.tenantId} AS tenant_id
          FROM jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) AS r ("row" integer, "userId" text, before jsonb)),
      done AS MATERIALIZED (SELECT i."row", i.user_id, i.before, p.print FROM i ${joinPerson})
      UPDATE import_rows t SET user_id = done.user_id, before = done.before, applied = done.print, sealed_password = NULL
        FROM done
        WHERE t.tenant_id = ${job.tenantId} AND t.import_id = ${job.importId} AND t.row_number = done."row"
          AND t.row_number BETWEEN ${Math.min(...numbers)} AND ${Math.max(...numbers)}`.execute(trx);
  }
}
