import type {
  ConnectorId,
  HeaderMapping,
  Import,
  ImportRow,
  ImportRowPage,
  ImportRowQuery,
  TenantId,
} from '@offhook/contract';
import { sql, type Updateable } from 'kysely';
import type { z } from 'zod';
import type { Actor } from '../audit/audit.ts';
import { notifyChange } from '../database/changes.ts';
import type { Database, TenantTransaction } from '../database/database.ts';
import type { ImportTables } from '../database/tables/imports.ts';
import { newId } from '../ids.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import {
  ClaimLost,
  importContext,
  jobOf,
  shownImport,
  type Columns,
  type Counts,
  type ImportState,
  type ImportTableRow,
  type Job,
} from './model.ts';

export type ImportStore = ReturnType<typeof createImportStore>;

/** What a claim's holder writes into the import's row. */
export type ImportUpdate = {
  state?: ImportState;
  failure?: string | null;
  encoding?: string;
  delimiter?: string | null;
  columns?: Columns;
  done?: number;
  of?: number;
  counts?: Counts;
  applied_at?: number;
  undo_until?: number;
  inviting?: boolean;
};

const nothing: Counts = { new: 0, changed: 0, unchanged: 0, refused: 0 };

const find = (trx: TenantTransaction, importId: string, lock = false) =>
  trx
    .selectFrom('imports')
    .selectAll()
    .where('import_id', '=', importId)
    .where('complete', '=', true)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();

export function createImportStore(database: Database, secrets: SecretBox, now: () => number = Date.now) {
  const shown = (tenantId: TenantId, row: ImportTableRow) => shownImport(secrets, tenantId, row);

  return {
    connectors: (tenantId: TenantId): Promise<ConnectorId[]> =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx.selectFrom('connectors').select('connector_id').execute();
        return rows.map((row) => row.connector_id as ConnectorId);
      }),

    /** An import whose file is on its way; it is nobody's business until {@link completeUpload}. */
    begin: (
      tenantId: TenantId,
      actor: Actor,
      wanted: { fileName: string; connectorId: ConnectorId; mapping: HeaderMapping | 'ask' | undefined },
    ): Promise<string> =>
      database.inTenant(tenantId, async (trx) => {
        const importId = newId('imp');
        const { fileName, connectorId, mapping } = wanted;
        await trx
          .insertInto('imports')
          .values({
            tenant_id: tenantId,
            import_id: importId,
            file_name: fileName,
            connector_id: connectorId,
            state: 'reading',
            mapping: typeof mapping === 'object' ? JSON.stringify(mapping) : null,
            ask_mapping: mapping === 'ask',
            created_by: actor.name,
            actor: JSON.stringify(actor),
            created_at: now(),
            touched_at: now(),
          })
          .execute();
        return importId;
      }),

    addChunk: (tenantId: TenantId, importId: string, place: number, bytes: Uint8Array): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        const text = Buffer.from(bytes).toString('latin1');
        const sealed = secrets.seal(text, importContext(tenantId, importId, place));
        await trx
          .insertInto('import_chunks')
          .values({ tenant_id: tenantId, import_id: importId, place, sealed })
          .execute();
      }),

    completeUpload: (tenantId: TenantId, importId: string, bytes: number): Promise<Import> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .updateTable('imports')
          .set({ complete: true, bytes, touched_at: now() })
          .where('import_id', '=', importId)
          .returningAll()
          .executeTakeFirstOrThrow();
        await notifyChange(trx, { kind: 'import', tenantId, importId });
        return shown(tenantId, row);
      }),

    chunk: (tenantId: TenantId, importId: string, place: number): Promise<Uint8Array | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .selectFrom('import_chunks')
          .select('sealed')
          .where('import_id', '=', importId)
          .where('place', '=', place)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        return Buffer.from(secrets.open(row.sealed, importContext(tenantId, importId, place)), 'latin1');
      }),

    unfinished: (tenantId: TenantId): Promise<number> =>
      database.inTenant(tenantId, async (trx) => {
        const { rows } = await sql<{ count: number }>`
          SELECT count(*) AS count FROM imports WHERE state NOT IN ('applied', 'undone')`.execute(trx);
        return rows[0]?.count ?? 0;
      }),

    list: (tenantId: TenantId): Promise<Import[]> =>
      database.inTenant(tenantId, async (trx) => {
        const rows = await trx
          .selectFrom('imports')
          .selectAll()
          .where('complete', '=', true)
          .orderBy('created_at', 'desc')
          .limit(100)
          .execute();
        return rows.map((row) => shown(tenantId, row));
      }),

    get: (tenantId: TenantId, importId: string): Promise<Import | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await find(trx, importId);
        return row === undefined ? undefined : shown(tenantId, row);
      }),

    rows: (
      tenantId: TenantId,
      importId: string,
      { kind, page, pageSize }: z.infer<typeof ImportRowQuery>,
    ): Promise<z.infer<typeof ImportRowPage> | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const found = await find(trx, importId);
        if (found === undefined) return undefined;
        const rows = await trx
          .selectFrom('import_rows')
          .select(['row_number', 'kind', 'email', 'name', 'changes', 'problem'])
          .where('import_id', '=', importId)
          .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? 'new'))
          .orderBy('row_number')
          .limit(pageSize)
          .offset((page - 1) * pageSize)
          .execute();
        const counts = found.counts as Counts;
        const total =
          kind === undefined ? counts.new + counts.changed + counts.unchanged + counts.refused : counts[kind];
        return { rows: rows.map((row) => shownRow(row)), total };
      }),

    /**
     * Change an import as its administrator says; whoever works at it loses it.
     * @param decide what is set; throws where the import's state does not allow it
     * @returns `undefined`: there is none
     */
    act: (
      tenantId: TenantId,
      importId: string,
      decide: (found: ImportTableRow) => Updateable<ImportTables['imports']>,
    ): Promise<Import | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const found = await find(trx, importId, true);
        if (found === undefined) return undefined;
        const row = await trx
          .updateTable('imports')
          .set({ ...decide(found), touched_at: now(), claim: null, claimed_until: null })
          .where('import_id', '=', importId)
          .returningAll()
          .executeTakeFirstOrThrow();
        await notifyChange(trx, { kind: 'import', tenantId, importId });
        return shown(tenantId, row);
      }),

    /** Remove an import unless `refuse` throws. @returns whether there was one */
    discard: (
      tenantId: TenantId,
      importId: string,
      refuse: (found: ImportTableRow) => void,
    ): Promise<boolean> =>
      database.inTenant(tenantId, async (trx) => {
        const found = await find(trx, importId, true);
        if (found === undefined) return false;
        refuse(found);
        await trx.deleteFrom('imports').where('import_id', '=', importId).execute();
        await notifyChange(trx, { kind: 'import', tenantId, importId });
        return true;
      }),

    remove: (tenantId: TenantId, importId: string): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        await trx.deleteFrom('imports').where('import_id', '=', importId).execute();
        await notifyChange(trx, { kind: 'import', tenantId, importId });
      }),

    /** Of an import that was applied: what was kept for its undo. */
    forget: (tenantId: TenantId, importId: string): Promise<void> =>
      database.inTenant(tenantId, async (trx) => {
        await trx.deleteFrom('import_rows').where('import_id', '=', importId).execute();
        await trx.deleteFrom('import_chunks').where('import_id', '=', importId).execute();
        await trx
          .updateTable('imports')
          .set({ touched_at: now(), columns: null })
          .where('import_id', '=', importId)
          .execute();
      }),

    due: (atMost: number): Promise<{ tenantId: TenantId; importId: string }[]> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<{ tenantId: TenantId; importId: string }>`
          SELECT tenant_id AS "tenantId", import_id AS "importId" FROM due_imports(${now()}, ${atMost})`.execute(
          trx,
        );
        return rows;
      }),

    stale: (untouchedSince: number): Promise<{ tenantId: TenantId; importId: string; remove: boolean }[]> =>
      database.beforeTenant(async (trx) => {
        const { rows } = await sql<{ tenantId: TenantId; importId: string; remove: boolean }>`
          SELECT tenant_id AS "tenantId", import_id AS "importId", remove
            FROM stale_imports(${untouchedSince}, ${now()}, 100)`.execute(trx);
        return rows;
      }),

    /** Take up an import's work, if nobody has. One whose row cannot be read has failed with that. */
    claim: (
      tenantId: TenantId,
      importId: string,
      claim: string,
      lease: number,
    ): Promise<Job | { unreadable: unknown } | undefined> =>
      database.inTenant(tenantId, async (trx) => {
        const row = await trx
          .updateTable('imports')
          .set({ claim, claimed_until: now() + lease })
          .where('import_id', '=', importId)
          .where('complete', '=', true)
          .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now())]))
          .where((eb) =>
            eb.or([eb('state', 'in', ['reading', 'applying', 'undoing']), eb('inviting', '=', true)]),
          )
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return undefined;
        try {
          return jobOf(tenantId, row);
        } catch (error) {
          // Nobody can do this one, now or later: it ends, and is in nobody's way.
          const ended = {
            state: 'failed',
            inviting: false,
            failure: 'internal',
            claim: null,
            claimed_until: null,
          } as const;
          await trx.updateTable('imports').set(ended).where('import_id', '=', importId).execute();
          return { unreadable: error };
        }
      }),

    /** @throws ClaimLost */
    renew: (job: Job, claim: string, lease: number, progress?: { done: number; of: number }): Promise<void> =>
      database.inTenant(job.tenantId, (trx) =>
        updateClaimed(trx, job, claim, {
          claimed_until: now() + lease,
          ...(progress === undefined ? {} : { done: progress.done, of_rows: progress.of }),
        }),
      ),

    /** A transaction of the claim's holder, which ends by writing into the import's row. @throws ClaimLost: nothing is written */
    whileClaimed: <T>(
      job: Job,
      claim: string,
      work: (trx: TenantTransaction) => Promise<{ result: T; update: ImportUpdate; release?: boolean }>,
    ): Promise<T> =>
      database.inTenant(job.tenantId, async (trx) => {
        const { result, update, release = false } = await work(trx);
        const { columns, counts, of, ...rest } = update;
        await updateClaimed(trx, job, claim, {
          ...rest,
          ...(of === undefined ? {} : { of_rows: of }),
          ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
          ...(columns === undefined
            ? {}
            : {
                columns: secrets.seal(
                  JSON.stringify(columns),
                  importContext(job.tenantId, job.importId, 'columns'),
                ),
              }),
          ...(release ? { claim: null, claimed_until: null, touched_at: now() } : {}),
        });
        return result;
      }),
  };
}

async function updateClaimed(
  trx: TenantTransaction,
  job: Job,
  claim: string,
  set: Record<string, unknown>,
): Promise<void> {
  const held = await trx
    .updateTable('imports')
    .set({ claim, ...set })
    .where('import_id', '=', job.importId)
    .where('claim', '=', claim)
    .returning('import_id')
    .executeTakeFirst();
  if (held === undefined) throw new ClaimLost();
  const { tenantId, importId } = job;
  await notifyChange(trx, { kind: 'import', tenantId, importId });
}

export async function countRows(trx: TenantTransaction, importId: string): Promise<Counts> {
  const { rows } = await sql<{ kind: string; count: number }>`
    SELECT kind, count(*) AS count FROM import_rows WHERE import_id = ${importId} GROUP BY kind`.execute(trx);
  return { ...nothing, ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])) };
}

function shownRow(row: {
  row_number: number;
  kind: string;
  email: string | null;
  name: string | null;
  changes: unknown;
  problem: unknown;
}): ImportRow {
  return {
    row: row.row_number,
    kind: row.kind as ImportRow['kind'],
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.changes === null ? {} : { changes: row.changes as NonNullable<ImportRow['changes']> }),
    ...(row.problem === null ? {} : { problem: row.problem as NonNullable<ImportRow['problem']> }),
  };
}
