import type { TenantId } from '@offhook/contract';
import { sql, type RawBuilder } from 'kysely';
import type { Database, TenantTransaction } from '../database/database.ts';
import { StoredLine } from '../users/lines.ts';
import { lineContext, type SecretBox } from './secret-box.ts';
import { sealedColumns, type SealedColumn } from './sealed-columns.ts';

/** `unopened`: no key at hand opens them; they are as they were. */
export type Resealed = { looked: number; resealed: number; unopened: number };

export type ResealOptions = {
  database: Database;
  secrets: SecretBox;
  /** Rows of one transaction. */
  batch?: number;
  onTable?: (tenantId: TenantId, table: string, so: Resealed) => void;
};

/**
 * Seal every secret of every tenant with the first key. In small transactions beside the running service: each row is written only if it still is what was
 * read. Whatever was cut off is simply begun again: what is sealed with the first key is passed over.
 */
export async function reseal({ database, secrets, batch = 200, onTable }: ResealOptions): Promise<Resealed> {
  const tenants = await database.asProvider((trx) =>
    trx.selectFrom('tenants').select('tenant_id').orderBy('tenant_id').execute(),
  );
  const total: Resealed = { looked: 0, resealed: 0, unopened: 0 };
  for (const { tenant_id } of tenants) {
    const tenantId = tenant_id as TenantId;
    for (const column of sealedColumns) {
      const so: Resealed = { looked: 0, resealed: 0, unopened: 0 };
      let after: unknown[] | undefined = [];
      while (after !== undefined) {
        const from: readonly unknown[] = after;
        after = await database.inTenant(tenantId, (trx) =>
          resealBatch({ trx, secrets, tenantId, batch }, column, from, so),
        );
      }
      if (so.looked > 0) onTable?.(tenantId, `${column.table}.${column.column}`, so);
      total.looked += so.looked;
      total.resealed += so.resealed;
      total.unopened += so.unopened;
    }
  }
  return total;
}

type Batch = { trx: TenantTransaction; secrets: SecretBox; tenantId: TenantId; batch: number };
type Row = { key: (string | number | Buffer)[]; held: unknown };

/** @returns the key of the last row, where there may be more */
async function resealBatch(
  { trx, secrets, tenantId, batch }: Batch,
  column: SealedColumn,
  after: readonly unknown[],
  so: Resealed,
): Promise<unknown[] | undefined> {
  const { keys, form, contextOf } = column;
  const held = sql.ref(column.column);
  const rows = await rowsAfter(trx, column, after, batch);
  for (const { key, held: found } of rows) {
    so.looked += 1;
    const next = anew(secrets, tenantId, form, found, contextOf(tenantId, key));
    if (next === 'current') continue;
    if (next === 'unopened') {
      so.unopened += 1;
      continue;
    }
    const was = form.kind === 'bytes' ? sql`${found}` : sql`${JSON.stringify(found)}::jsonb`;
    const own = keys.map((name, index) => sql`${sql.ref(name)} = ${key[index]}`);
    const done = await sql`
      UPDATE ${sql.table(column.table)} SET ${held} = ${next}
        WHERE ${sql.join([...own, sql`${held} = ${was}`], sql` AND `)}`.execute(trx);
    so.resealed += Number(done.numAffectedRows ?? 0n);
  }
  return keys.length === 0 || rows.length < batch ? undefined : rows.at(-1)?.key;
}

async function rowsAfter(
  trx: TenantTransaction,
  { table, keys, column }: SealedColumn,
  after: readonly unknown[],
  batch: number,
): Promise<Row[]> {
  const names = keys.map((name) => sql.ref(name));
  const conditions = [sql`${sql.ref(column)} IS NOT NULL`];
  if (after.length > 0) {
    const values = after.map((value) => (typeof value === 'number' ? sql`${value}::bigint` : sql`${value}`));
    conditions.push(sql`(${sql.join(names)}) > (${sql.join(values)})`);
  }
  const order = names.length === 0 ? sql`` : sql`ORDER BY ${sql.join(names)}`;
  const { rows } = await sql<Record<string, Row['key'][number]> & { held: unknown }>`
    SELECT ${sql.join([...names, sql`${sql.ref(column)} AS held`])} FROM ${sql.table(table)}
      WHERE ${sql.join(conditions, sql` AND `)} ${order} LIMIT ${batch}`.execute(trx);
  return rows.map((row) => ({ key: keys.map((name) => row[name] ?? ''), held: row.held }));
}

/** The value sealed with the first key; `current`: it is already. */
function anew(
  secrets: SecretBox,
  tenantId: TenantId,
  form: SealedColumn['form'],
  held: unknown,
  context: string,
): RawBuilder<unknown> | 'current' | 'unopened' {
  if (form.kind === 'bytes') {
    const sealed = sealAgain(secrets, held as Buffer, context);
    return typeof sealed === 'string' ? sealed : sql`${sealed}`;
  }
  const line = StoredLine.safeParse(form.at.reduce(partOf, held)).data;
  if (line === undefined) return 'current';
  const sealed = sealAgain(secrets, Buffer.from(line.secret, 'hex'), lineContext(tenantId, line.line_id));
  if (typeof sealed === 'string') return sealed;
  const path = `{${[...form.at, 'secret'].join(',')}}`;
  return sql`jsonb_set(${JSON.stringify(held)}::jsonb, ${path}::text[], to_jsonb(${sealed.toString('hex')}::text))`;
}

const partOf = (from: unknown, name: string): unknown =>
  typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : undefined;

function sealAgain(secrets: SecretBox, sealed: Buffer, context: string): Buffer | 'current' | 'unopened' {
  if (secrets.isCurrent(sealed)) return 'current';
  try {
    return secrets.seal(secrets.open(sealed, context), context);
  } catch {
    return 'unopened';
  }
}
