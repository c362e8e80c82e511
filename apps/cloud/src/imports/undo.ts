import type { ImportProblem, UserId } from '@offhook/contract';
import * as z from 'zod';
import { writeAudit } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import { holdersOf, numberKeys, refusedNumbers, StoredLine } from '../users/lines.ts';
import { eraseUsers, putBackUsers } from '../users/put-back.ts';
import { administers, beginWork, findUsers, wouldLockOut, type FoundUser } from '../users/work.ts';
import type { UserWriter } from '../users/writer.ts';
import { allowLong } from './apply.ts';
import type { Job } from './model.ts';
import { fingerprint } from './plan.ts';
import { BATCH, refuseRows } from './rows.ts';
import { countRows } from './store.ts';

const StoredSnapshot = z.object({
  name: z.string(),
  role: z.enum(['user', 'admin', 'provider']),
  language: z.string(),
  source: z.enum(['portal', 'import', 'provisioning', 'scim', 'sso', 'file']),
  line: StoredLine.nullable(),
});

/** A row as it was applied, and its person as they are now. */
type Done = {
  row: number;
  userId: UserId;
  isNew: boolean;
  user: FoundUser | undefined;
  target: FoundUser | undefined;
};
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
  await allowLong(trx);
  await beginWork(trx, tenantId);

  // Twice over the rows: what one may get back depends on all, and they are not all held at once.
  const refused: Refusals = new Map();
  const wanted: { row: number; userId: UserId; line: StoredLine }[] = [];
  const leaving: { row: number; user: FoundUser }[] = [];
  const movers = new Set<UserId>();
  await eachBatch(
    trx,
    importId,
    async (batch) => {
      for (const { row, userId, isNew, user, target } of batch) {
        if (user === undefined && isNew) continue;
        if (user === undefined) {
          refused.set(row, { code: 'changed_since' });
          continue;
        }
        movers.add(userId);
        if (administers(user.role) && (target === undefined || !administers(target.role)))
          leaving.push({ row, user });
        const line = target?.line;
        if (line !== undefined && keysOf(line) !== keysOf(user.line)) wanted.push({ row, userId, line });
      }
    },
    refused,
  );
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
  for (const [row, number] of await takenNumbers(trx, wanted, movers)) {
    refused.set(row, { code: 'number_taken', value: number });
  }

  let done = 0;
  for (const isNew of [true, false]) {
    await eachBatch(
      trx,
      importId,
      async (batch) => {
        const todo = batch.filter(
          (one) => one.isNew === isNew && one.user !== undefined && !refused.has(one.row),
        );
        if (isNew) {
          await eraseUsers(
            trx,
            tenantId,
            actor,
            todo.map(({ userId }) => userId),
          );
        } else {
          const plans = todo.flatMap(({ user, target }) =>
            user === undefined || target === undefined ? [] : [{ before: user, after: target }],
          );
          await putBackUsers(trx, tenantId, actor, plans);
        }
        done += todo.length;
        onProgress(done);
      },
      refused,
    );
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

/** The rows that were applied, batch by batch; those whose people are no longer what the import made of them are refused. */
async function eachBatch(
  trx: TenantTransaction,
  importId: string,
  work: (batch: Done[]) => Promise<void>,
  refused: Refusals,
): Promise<void> {
  let after = 0;
  for (;;) {
    const rows = await trx
      .selectFrom('import_rows')
      .select(['row_number', 'kind', 'user_id', 'applied', 'before'])
      .where('import_id', '=', importId)
      .where('kind', 'in', ['new', 'changed'])
      .where('applied', 'is not', null)
      .where('row_number', '>', after)
      .orderBy('row_number')
      .limit(BATCH)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.row_number;
    const users = await findUsers(
      trx,
      rows.map((row) => row.user_id as UserId),
    );
    const batch = rows.flatMap((row): Done[] => {
      if (refused.has(row.row_number)) return [];
      const userId = row.user_id as UserId;
      const user = users.get(userId);
      const isNew = row.kind === 'new';
      // Who has come in has begun to use what they were given.
      const isTouched =
        user !== undefined && (fingerprint(user) !== row.applied || (isNew && user.activatedAt !== null));
      if (isTouched) {
        refused.set(row.row_number, { code: 'changed_since' });
        return [];
      }
      const target = user === undefined || isNew ? undefined : putBack(user, row.before);
      return [{ row: row.row_number, userId, isNew, user, target }];
    });
    await work(batch);
  }
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
