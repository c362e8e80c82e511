import type { Pool } from 'pg';
import { migrations } from './migrations/index.ts';

/** Any number that only we use: nodes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_204_118_430;

/** Bring the tables up to date, all of it or nothing. Returns the names of the migrations that were applied. */
export async function migrate(pool: Pool): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
    const done = new Set(rows.map((row) => row.name));
    const unknown = [...done].find((name) => !migrations.some((migration) => migration.name === name));
    if (unknown !== undefined) {
      throw new Error(
        `The database was migrated by a newer version (${unknown}). Install that version or a later one.`,
      );
    }
    const open = migrations.filter((migration) => !done.has(migration.name));
    for (const migration of open) {
      await client.query(migration.up);
      await client.query('INSERT INTO migrations (name) VALUES ($1)', [migration.name]);
    }
    await client.query('COMMIT');
    return open.map((migration) => migration.name);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
