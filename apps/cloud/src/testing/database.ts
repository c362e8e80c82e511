import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '@offhook/embedded-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';

export type TestServer = {
  /** A new database, migrated and else empty. `ordinary`: owned by a role that is no superuser, as with a hosted PostgreSQL. */
  createDatabase: (owner?: Owner) => Promise<string>;
  /** The same before any migration. */
  createEmptyDatabase: (owner?: Owner) => Promise<string>;
  /** Cut every connection to a database and let no new one in, until told otherwise. */
  setReachable: (url: string, reachable: boolean) => Promise<void>;
  query: <Row>(url: string, sql: string, values?: unknown[]) => Promise<Row[]>;
};

type Owner = 'superuser' | 'ordinary';

const ORDINARY = 'ordinary_owner';

const withDatabase = (url: string, name: string, user?: string) =>
  url.replace('/postgres?', `/${name}?`).replace(/\/\/\w+@/u, (found) => (user ? `//${user}@` : found));

const nameOf = (databaseUrl: string) => /\/(\w+)\?/u.exec(databaseUrl)?.[1] ?? '';

async function query<Row>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** A PostgreSQL of its own for a test file; its tests make databases in it. */
export function useTestServer(): TestServer {
  let url = '';
  let stop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'cloud-test-'));
    const server = await openPostgres({ dataDir });
    url = server.url;
    // The machine does not crash in a test: nothing waits for the disk.
    await query(url, 'ALTER SYSTEM SET synchronous_commit = off');
    await query(url, 'SELECT pg_reload_conf()');
    stop = async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    };
  });
  afterAll(() => stop?.());
  const createEmptyDatabase = async (owner: Owner = 'superuser', template = 'template1') => {
    const name = `test_${randomBytes(6).toString('hex')}`;
    if (owner === 'superuser') {
      await query(url, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      return withDatabase(url, name);
    }
    const existing = await query(url, 'SELECT 1 FROM pg_roles WHERE rolname = $1', [ORDINARY]);
    if (existing.length === 0) await query(url, `CREATE ROLE ${ORDINARY} LOGIN CREATEROLE NOSUPERUSER`);
    await query(url, `CREATE DATABASE ${name} OWNER ${ORDINARY} TEMPLATE ${template}`);
    return withDatabase(url, name, ORDINARY);
  };

  /** Migrated once for all tests of the file: each of their databases is a copy of it. */
  const templates = new Map<Owner, Promise<string>>();
  const templateOf = (owner: Owner) =>
    templates.getOrInsertComputed(owner, async () => {
      const template = await createEmptyDatabase(owner);
      const database = openDatabase({ url: template, poolSize: 1, onIdleError: () => {} });
      await migrate(database.pool);
      await database.close();
      return nameOf(template);
    });

  return {
    createDatabase: async (owner = 'superuser') => createEmptyDatabase(owner, await templateOf(owner)),
    createEmptyDatabase: (owner) => createEmptyDatabase(owner),
    setReachable: async (databaseUrl, reachable) => {
      const name = nameOf(databaseUrl);
      await query(url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${reachable}`);
      if (reachable) return;
      await query(url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    },
    query,
  };
}
