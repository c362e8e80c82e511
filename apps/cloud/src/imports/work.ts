import { OffhookError, type TenantId, type UserId } from '@offhook/contract';
import type { Actor } from '../audit/audit.ts';
import type { TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import type { RequireSeats } from '../users/rows.ts';
import type { UserWriter } from '../users/writer.ts';
import { applyImport } from './apply.ts';
import { compareBatch, finishComparison, newComparison } from './compare.ts';
import { useIndexes } from './long.ts';
import { UNDO_WITHIN, type Columns, type Job } from './model.ts';
import { readFile, storedFile, type ReadRow } from './reading.ts';
import { BATCH, deleteRows, insertRows } from './rows.ts';
import { countRows, type ImportStore } from './store.ts';
import { undoImport } from './undo.ts';

export type Invite = (
  trx: TenantTransaction,
  tenantId: TenantId,
  actor: Actor,
  userId: UserId,
) => Promise<unknown>;

export type WorkParts = {
  store: ImportStore;
  secrets: SecretBox;
  writer: UserWriter;
  requireSeats: RequireSeats;
  invite: Invite;
  now: () => number;
};

/** What the holder of a claim works under. */
export type Held = {
  job: Job;
  claim: string;
  /** Throws where the work shall not go on; called between batches. */
  checkpoint: () => void;
  /** Rows done of so many, told with the next sign of life. */
  progress: (done: number, of?: number) => void;
};

/** Invitations in one transaction. */
const INVITATIONS = 100;

/** Do what an import is waiting for. Each step can be done again from its beginning, and its end is written with its effect. */
export async function workAt(parts: WorkParts, held: Held): Promise<void> {
  const { state, inviting } = held.job;
  switch (state) {
    case 'reading':
      return read(parts, held);
    case 'applying':
      return apply(parts, held);
    case 'undoing':
      return undo(parts, held);
    case 'applied':
      return inviting ? inviteCreated(parts, held) : undefined;
    case 'mapping':
    case 'preview':
    case 'undone':
    case 'failed':
      return undefined;
  }
}

/** From the file to the preview. Nobody's data is changed: batch by batch, each in a transaction of its own. */
async function read(parts: WorkParts, held: Held): Promise<void> {
  const { store, secrets } = parts;
  const { job, claim, checkpoint, progress } = held;
  await store.whileClaimed(job, claim, async (trx) => {
    await deleteRows(trx, job.importId);
    return { result: undefined, update: { done: 0, of: 0 } };
  });
  const emails = new Set<string>();
  const comparison = newComparison();
  let waiting: ReadRow[] = [];
  let rows = 0;
  const write = async (bytes: number, columns: Columns | undefined, atLeast: number) => {
    while (waiting.length >= atLeast) {
      checkpoint();
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      rows += batch.length;
      // How many there will be is guessed from the bytes.
      const of = Math.max(rows + waiting.length, Math.round((rows * job.bytes) / Math.max(1, bytes)));
      await store.whileClaimed(job, claim, async (trx) => {
        await useIndexes(trx);
        const compared = await compareBatch(parts, trx, job, columns, comparison, batch);
        await insertRows(trx, secrets, job, compared);
        return { result: undefined, update: { done: rows, of } };
      });
      progress(rows, of);
    }
  };
  const mapping = job.mapping ?? (job.askMapping ? 'ask' : undefined);
  const facts = await readFile(
    storedFile(store, job.tenantId, job.importId),
    mapping,
    async (read, { bytes, columns }) => {
      for (const row of read) waiting.push(onlyOnce(emails, row));
      await write(bytes, columns, BATCH);
    },
  );
  await write(job.bytes, facts.columns, 1);
  const { encoding, delimiter, columns } = facts;
  const shape = {
    encoding,
    delimiter: delimiter ?? null,
    ...(columns === undefined ? {} : { columns }),
  };
  if (facts.mapping === undefined) {
    await store.whileClaimed(job, claim, async () => ({
      result: undefined,
      update: { state: 'mapping', ...shape },
      release: true,
    }));
    return;
  }
  await store.whileClaimed(job, claim, async (trx) => {
    await useIndexes(trx);
    await finishComparison(parts, trx, job, columns, comparison);
    const counts = await countRows(trx, job.importId);
    return {
      result: undefined,
      update: { state: 'preview', counts, done: rows, of: rows, ...shape },
      release: true,
    };
  });
}

function onlyOnce(emails: Set<string>, row: ReadRow): ReadRow {
  if (row.subscriber === undefined) return row;
  const { email, name } = row.subscriber;
  if (emails.has(email)) return { row: row.row, problem: { code: 'email_twice', value: email }, email, name };
  emails.add(email);
  return row;
}

/** One act: its end is in the transaction that does it. */
async function apply(parts: WorkParts, { job, claim, checkpoint, progress }: Held): Promise<void> {
  await parts.store.whileClaimed(job, claim, async (trx) => {
    await applyImport(parts, trx, job, (rows) => {
      checkpoint();
      progress(rows);
    });
    const at = parts.now();
    return {
      result: undefined,
      update: {
        state: 'applied',
        failure: null,
        applied_at: at,
        undo_until: at + UNDO_WITHIN,
        inviting: job.invite,
      },
      release: true,
    };
  });
}

async function undo({ store, writer }: WorkParts, { job, claim, checkpoint, progress }: Held): Promise<void> {
  await store.whileClaimed(job, claim, async (trx) => {
    await undoImport(writer, trx, job, (rows) => {
      checkpoint();
      progress(rows);
    });
    const counts = await countRows(trx, job.importId);
    return { result: undefined, update: { state: 'undone', failure: null, counts }, release: true };
  });
}

/** A hundred at a time, each once: who was invited is written with the invitation. */
async function inviteCreated({ store, invite }: WorkParts, { job, claim, checkpoint }: Held): Promise<void> {
  for (;;) {
    checkpoint();
    const left = await store.whileClaimed(job, claim, async (trx) => {
      const rows = await trx
        .selectFrom('import_rows')
        .select(['row_number', 'user_id'])
        .where('import_id', '=', job.importId)
        .where('kind', '=', 'new')
        .where('invited', '=', false)
        .where('user_id', 'is not', null)
        .orderBy('row_number')
        .limit(INVITATIONS)
        .execute();
      for (const { user_id: userId } of rows) {
        await invite(trx, job.tenantId, job.actor, userId as UserId).catch((error: unknown) => {
          // Deleted, disabled or come in meanwhile: nobody to invite.
          if (!(error instanceof OffhookError) || (error.code !== 'conflict' && error.code !== 'not_found')) {
            throw error;
          }
        });
      }
      const numbers = rows.map((row) => row.row_number);
      if (numbers.length > 0) {
        await trx
          .updateTable('import_rows')
          .set({ invited: true })
          .where('import_id', '=', job.importId)
          .where('row_number', 'in', numbers)
          .execute();
      }
      const isLast = rows.length < INVITATIONS;
      return { result: !isLast, update: isLast ? { inviting: false } : {}, release: isLast };
    });
    if (!left) return;
  }
}
