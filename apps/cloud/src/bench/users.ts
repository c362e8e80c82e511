import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserQuery, type ConnectorId, type TenantId } from '@offhook/contract';
import { openPostgres } from '@offhook/embedded-postgres';
import type { Pool } from 'pg';
import { commandLine } from '../audit/audit.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { createSecretBox } from '../secrets/secret-box.ts';
import { listUsers } from '../users/list.ts';
import type { NewUserRow } from '../users/rows.ts';
import { createUserWriter, writeUsers } from '../users/writer.ts';

/**
 * `npm run bench:users`: how long a page of the list of people takes in a tenant of 50,000 beside another of 50,000, and how long the writer takes
 * for as many. Measured in the process, from the query to the rows of the contract, on a PostgreSQL of its own. Beside it the limit: the page's
 * columns and the count of all that match as two bare statements on one connection of the tables' owner, without row-level security.
 * Prints a table, then the same as one line of JSON. Milliseconds.
 */
const PEOPLE = Number(process.env['PEOPLE'] ?? 50_000);
const RUNS = Number(process.env['RUNS'] ?? 30);
const acme = 'acme' as TenantId;

const pages: Record<string, { query: object; where?: string; order?: string }> = {
  'first page': { query: {} },
  'last page': { query: { page: Math.ceil(PEOPLE / 50) } },
  'first page, backwards': { query: { descending: 'true' }, order: 'u.folded DESC, u.user_id DESC' },
  'sorted by number': {
    query: { sort: 'number' },
    order: 'length(l.number) NULLS LAST, l.number NULLS LAST, u.user_id',
  },
  'sorted by last visit': {
    query: { sort: 'lastSeenAt', descending: 'true' },
    order: 'u.last_seen_at DESC NULLS LAST, u.user_id DESC',
  },
  'search, one person': { query: { search: 'person4711' }, where: `u.folded LIKE '% person4711%'` },
  'search, two words, some': {
    query: { search: 'ber an' },
    where: `u.folded LIKE '% ber%' AND u.folded LIKE '% an%'`,
  },
  'search, one letter, many': { query: { search: 'a' }, where: `u.folded LIKE '% a%'` },
  'search, a number': { query: { search: '1234' }, where: `l.folded LIKE '% 1234%'` },
  'search, nobody': { query: { search: 'xyzzy' }, where: `u.folded LIKE '% xyzzy%'` },
  'filter, disabled': { query: { status: 'disabled' }, where: 'u.disabled_at IS NOT NULL' },
};

async function fill(pool: Pool, tenantId: string): Promise<void> {
  await pool.query('INSERT INTO tenants (tenant_id, name) VALUES ($1, $1)', [tenantId]);
  await pool.query(`INSERT INTO connectors (tenant_id, connector_id, name) VALUES ($1, 'con', 'Office')`, [
    tenantId,
  ]);
  await pool.query(
    `INSERT INTO users (tenant_id, user_id, email, name, role, created_at, activated_at, last_seen_at, disabled_at)
     SELECT $1, 'usr' || n, 'person' || n || '@' || $1 || '.example',
            (ARRAY['Anna','Ben','Jürgen','Łucja','Clara','David','Eva','Finn','Gerda','Hans'])[1 + n % 10] || ' ' ||
            (ARRAY['Berger','Carter','Müller','Weiß','Anders','Schmidt','Vogel'])[1 + n % 7] || ' ' || md5(n::text),
            'user', n, n, CASE WHEN n % 3 > 0 THEN (n * 7919) % 100000 END, CASE WHEN n % 50 = 0 THEN n END
       FROM generate_series(1, $2::int) n`,
    [tenantId, PEOPLE],
  );
  await pool.query(
    `INSERT INTO lines (tenant_id, line_id, connector_id, user_id, number, display_name, auth_user, secret)
     SELECT $1, 'lin' || n, 'con', 'usr' || n, (100000 + n)::text, 'x', 'x', '\\x00' FROM generate_series(1, $2::int) n
      WHERE n % 20 > 0`,
    [tenantId, PEOPLE],
  );
}

const at = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function measureList(database: Database): Promise<object[]> {
  const results: object[] = [];
  const owner = await database.pool.connect();
  try {
    for (const [name, { query, where = 'true', order = 'u.folded, u.user_id' }] of Object.entries(pages)) {
      const parsed = UserQuery.parse(query);
      const from = `FROM users u LEFT JOIN lines l USING (tenant_id, user_id)
        WHERE u.tenant_id = 'acme' AND u.deleted_at IS NULL AND ${where}`;
      const bare = async () => {
        await owner.query(`SELECT count(*) ${from}`);
        await owner.query(
          `SELECT u.*, l.number ${from} ORDER BY ${order} LIMIT 50 OFFSET ${(parsed.page - 1) * 50}`,
        );
      };
      const ours: number[] = [];
      const limits: number[] = [];
      let total = 0;
      for (let run = 0; run < RUNS + 2; run += 1) {
        const took = await timed(async () => {
          ({ total } = await database.inTenant(acme, (trx) => listUsers(trx, parsed)));
        });
        const limit = await timed(bare);
        // The first two warm caches.
        if (run < 2) continue;
        ours.push(took);
        limits.push(limit);
      }
      const [median, p95, limit] = [at(ours, 0.5), at(ours, 0.95), at(limits, 0.5)];
      results.push({ name, total, median, p95, limit });
      console.log(`| ${name} | ${total} | ${median.toFixed(1)} | ${p95.toFixed(1)} | ${limit.toFixed(1)} |`);
    }
  } finally {
    owner.release();
  }
  return results;
}

/** Seconds for as many new people with lines, and to give each another name, in batches as an import has them. */
async function measureWriter(database: Database): Promise<{ create: number; change: number }> {
  const writer = createUserWriter({ secrets: createSecretBox([randomBytes(32)]) });
  const tenantId = 'written' as TenantId;
  await database.pool.query(`INSERT INTO tenants (tenant_id, name) VALUES ('written', 'written')`);
  await database.pool.query(
    `INSERT INTO connectors (tenant_id, connector_id, name) VALUES ('written', 'con', 'O')`,
  );
  const people = Array.from({ length: PEOPLE }, (_, n): NewUserRow => ({
    email: `n${n}@written.example`,
    name: `New ${n}`,
    source: 'import',
    line: { connectorId: 'con' as ConnectorId, number: String(100_000 + n), password: `secret ${n}` },
  }));
  const BATCH = 5_000;
  const ids: Awaited<ReturnType<typeof writer.createMany>> = [];
  const create = await timed(() =>
    writeUsers(database, writer, tenantId, async (trx) => {
      for (let from = 0; from < people.length; from += BATCH) {
        ids.push(...(await writer.createMany(trx, tenantId, commandLine, people.slice(from, from + BATCH))));
      }
    }),
  );
  const changes = ids.flatMap((made, n) =>
    'userId' in made ? [{ userId: made.userId, change: { name: `Changed ${n}` } }] : [],
  );
  const change = await timed(() =>
    writeUsers(database, writer, tenantId, async (trx) => {
      for (let from = 0; from < changes.length; from += BATCH) {
        await writer.changeMany(trx, tenantId, commandLine, changes.slice(from, from + BATCH));
      }
    }),
  );
  if (changes.length !== PEOPLE) throw new Error(`${changes.length} were written`);
  return { create: create / 1000, change: change / 1000 };
}

const dataDir = await mkdtemp(join(tmpdir(), 'bench-users-'));
const server = await openPostgres({ dataDir });
try {
  const database = openDatabase({ url: server.url, poolSize: 4, onIdleError: () => {} });
  try {
    await migrate(database.pool);
    await fill(database.pool, 'acme');
    await fill(database.pool, 'beside');
    await database.pool.query('VACUUM ANALYZE');
    console.log(`| ${PEOPLE} people | matching | median, ms | 95th, ms | limit, ms |`);
    console.log('|---|---|---|---|---|');
    const list = await measureList(database);
    const written = await measureWriter(database);
    const { create, change } = written;
    console.log(
      `\nWritten: ${PEOPLE} new in ${create.toFixed(1)} s, as many changed in ${change.toFixed(1)} s.\n`,
    );
    console.log(JSON.stringify({ people: PEOPLE, runs: RUNS, list, written }));
  } finally {
    await database.close();
  }
} finally {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
}
