import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '@offhook/embedded-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { copyTemplateCluster, makeCluster, ORDINARY, TEMPLATE, urlOfDatabase } from './template-cluster.ts';

export type TestServer = {
  /** A new database, migrated and else empty. `ordinary`: owned by a role that is no superuser, as with a hosted PostgreSQL. */
  createDatabase: (owner?: Owner) => Promise<string>;
  /** The same before any migration. */
  createEmptyDatabase: (owner?: Owner) => Promise<string>;
  /** Cut every connection to a database and let no new one in, until told otherwise. */
  setReachable: (url: string, reachable: boolean) => Promise<void>;
  query: <Row>(url: string, sql: string, values?: unknown[]) => Promise<Row[]>;
};

type Owner = keyof typeof TEMPLATE;

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
    const template = inject('templateCluster');
    if (template === undefined) await makeCluster(dataDir);
    else await copyTemplateCluster(template, dataDir);
    const server = await openPostgres({ dataDir });
    url = server.url;
    stop = async () => {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    };
  });
  afterAll(() => stop?.());
  const create = async (owner: Owner, template: string) => {
    const name = `test_${randomBytes(6).toString('hex')}`;
    const ownedBy = owner === 'ordinary' ? ORDINARY : undefined;
    await query(
      url,
      `CREATE DATABASE ${name} ${ownedBy === undefined ? '' : `OWNER ${ownedBy}`} TEMPLATE ${template}`,
    );
    return urlOfDatabase(url, name, ownedBy);
  };

  return {
    createDatabase: (owner = 'superuser') => create(owner, TEMPLATE[owner]),
    createEmptyDatabase: (owner = 'superuser') => create(owner, 'template1'),
    setReachable: async (databaseUrl, reachable) => {
      const name = nameOf(databaseUrl);
      await query(url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${reachable}`);
      if (reachable) return;
      await query(url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    },
    query,
  };
}
