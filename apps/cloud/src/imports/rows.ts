import { Subscriber, type UserId } from '@offhook/contract';
import { sql } from 'kysely';
import type { TenantTransaction } from '../database/database.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { importContext, type Job } from './model.ts';

/** A row of an import as the later steps need it. */
export type StoredRow = {
  row: number;
  subscriber: Subscriber;
  userId: UserId | undefined;
};

/** Rows in one statement. */
export const BATCH = 2_000;

/** What the sealed password of a row is bound to. */
export const passwordContext = (job: Pick<Job, 'tenantId' | 'importId'>, row: number) =>
  importContext(job.tenantId, job.importId, `password ${row}`);

/** What was read of a row and found by comparing it. */
export type ComparedRow = {
  row: number;
  kind: 'new' | 'changed' | 'unchanged' | 'refused';
  email?: string | undefined;
  name?: string | undefined;
  problem?: object | undefined;
  changes?: object[] | undefined;
  subscriber?: Subscriber | undefined;
  userId?: UserId | undefined;
  seen?: string | undefined;
};

/** Write rows down; passwords are sealed. */
export async function insertRows(
  trx: TenantTransaction,
  secrets: SecretBox,
  job: Job,
  rows: readonly ComparedRow[],
): Promise<void> {
  const values = rows.map(({ subscriber, ...rest }) => {
    // Of what will not be written nothing is kept but what people are shown.
    if (subscriber === undefined || rest.kind === 'unchanged' || rest.kind === 'refused') return rest;
    const { password, ...fields } = subscriber;
    const sealed =
      password === undefined
        ? undefined
        : secrets.seal(password, passwordContext(job, rest.row)).toString('hex');
    return { ...rest, fields, sealed };
  });
  await sql`
    INSERT INTO import_rows (tenant_id, import_id, row_number, kind, email, name, problem, changes, fields, sealed_password, user_id, seen)
    SELECT ${job.tenantId}, ${job.importId}, r."row", r.kind, r.email, r.name, r.problem, r.changes, r.fields,
           decode(r.sealed, 'hex'), r."userId", r.seen
      FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
        AS r ("row" integer, kind text, email text, name text, problem jsonb, changes jsonb, fields jsonb, sealed text,
              "userId" text, seen text)`.execute(trx);
}

export const deleteRows = (trx: TenantTransaction, importId: string) =>
  trx.deleteFrom('import_rows').where('import_id', '=', importId).execute();

/** Some rows of a kind, in the order of the file, from behind one of them. */
export async function rowsAfter(
  trx: TenantTransaction,
  secrets: SecretBox,
  job: Job,
  kind: 'new' | 'changed',
  after: number,
  { linked, limit = BATCH }: { linked?: boolean; limit?: number } = {},
): Promise<StoredRow[]> {
  const rows = await trx
    .selectFrom('import_rows')
    .select(['row_number', 'fields', 'sealed_password', 'user_id'])
    .where('import_id', '=', job.importId)
    .where('kind', '=', kind)
    .where('row_number', '>', after)
    .$if(linked !== undefined, (query) => query.where('linked', '=', linked === true))
    .orderBy('row_number')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    row: row.row_number,
    subscriber: Subscriber.parse({
      ...(row.fields as object),
      ...(row.sealed_password === null
        ? {}
        : { password: secrets.open(row.sealed_password, passwordContext(job, row.row_number)) }),
    }),
    userId: (row.user_id ?? undefined) as UserId | undefined,
  }));
}

/** Rows that were to be written, and cannot be. */
export async function refuseRows(
  trx: TenantTransaction,
  job: Job,
  rows: readonly { row: number; problem: object }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    UPDATE import_rows i SET kind = 'refused', problem = r.problem, changes = NULL
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r ("row" integer, problem jsonb)
      WHERE i.import_id = ${job.importId} AND i.row_number = r."row"`.execute(trx);
}

export async function linkRows(trx: TenantTransaction, job: Job, rows: readonly number[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`UPDATE import_rows SET linked = true
    WHERE import_id = ${job.importId} AND row_number = ANY (${[...rows]})`.execute(trx);
}
