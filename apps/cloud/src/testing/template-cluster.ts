import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPostgres } from '@offhook/embedded-postgres';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A stopped PostgreSQL for {@link copyTemplateCluster}; undefined where it could not be copied. */
    templateCluster: string | undefined;
  }
}

/** In the cluster: a migrated database for each kind of owner, to copy for a test. Who migrates first makes the roles, and may grant them. */
export const TEMPLATE = { ordinary: 'template_ordinary', superuser: 'template_superuser' } as const;
/** Owner of the second: no superuser, as with a hosted PostgreSQL. */
export const ORDINARY = 'ordinary_owner';

export const urlOfDatabase = (url: string, name: string, user?: string) =>
  url.replace('/postgres?', `/${name}?`).replace(/\/\/\w+@/u, (found) => (user ? `//${user}@` : found));

/**
 * Make a cluster with the templates in it. Tests do not outlive a crash of the machine: nothing waits for the disk.
 * @param dataDir made when missing
 */
export async function makeCluster(dataDir: string): Promise<void> {
  const server = await openPostgres({ dataDir });
  try {
    const client = new Client(server.url);
    await client.connect();
    try {
      for (const setting of ['synchronous_commit', 'fsync', 'full_page_writes'])
        await client.query(`ALTER SYSTEM SET ${setting} = off`);
      await client.query(`CREATE ROLE ${ORDINARY} LOGIN CREATEROLE NOSUPERUSER`);
      await client.query(`CREATE DATABASE ${TEMPLATE.superuser}`);
      await client.query(`CREATE DATABASE ${TEMPLATE.ordinary} OWNER ${ORDINARY}`);
    } finally {
      await client.end();
    }
    for (const [owner, name] of Object.entries(TEMPLATE)) {
      const url = urlOfDatabase(server.url, name, owner === 'ordinary' ? ORDINARY : undefined);
      const database = openDatabase({ url, poolSize: 1, onIdleError: () => {} });
      await migrate(database.pool);
      await database.close();
    }
  } finally {
    await server.close();
  }
}

/** vitest's global set-up: one cluster is made, and each test file starts a copy of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'cloud-template-')));
  const dataDir = join(folder, 'data');
  await makeCluster(dataDir);
  // Where PostgreSQL's account cannot reach the folder its data lies elsewhere, and each file makes its own.
  const copyable = (await realpath(dataDir)) === dataDir;
  project.provide('templateCluster', copyable ? dataDir : undefined);
  return () => rm(folder, { recursive: true, force: true });
}

/** Owners and modes stay as they are. */
export async function copyTemplateCluster(template: string, dataDir: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${template}/.`, dataDir]);
}
