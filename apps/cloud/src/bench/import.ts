import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectorId, Import, TenantId } from '@offhook/contract';
import { openPostgres } from '@offhook/embedded-postgres';
import { csvLine, writeCsv } from '@offhook/subscribers';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { commandLine } from '../audit/audit.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { openLongDatabase } from '../imports/long.ts';
import { createImportService } from '../imports/service.ts';
import { createImportStore } from '../imports/store.ts';
import { createImportWorker } from '../imports/worker.ts';
import { createSecretBox } from '../secrets/secret-box.ts';
import { requireSeat } from '../subscription/seats.ts';
import { createUserWriter } from '../users/writer.ts';

/**
 * `npm run bench:import`: an import of 50,000 people with lines, as CSV: read and compared (the preview), applied, undone; on a PostgreSQL of its own,
 * with everything but HTTP in between. Beside it the limit: a bare COPY of the same rows into a table with two unique indexes. Seconds, rows a second,
 * and by how much the process's resident memory grew at the most. Prints a table, then the same as one line of JSON. Exit code 1 where read, compare and
 * apply take 60 seconds or more together.
 */
const PEOPLE = Number(process.env['PEOPLE'] ?? 50_000);
const TARGET_SECONDS = 60;
const acme = 'acme' as TenantId;

const headings = [
  'E-Mail',
  'Vorname',
  'Nachname',
  'Rufnummer',
  'Hauptrufnummer',
  'Kennwort',
  'Mobil',
  'Sprache',
];
function* people() {
  for (let n = 0; n < PEOPLE; n += 1) {
    yield [
      `person${n}@acme.example`,
      `Jürgen${n}`,
      `Müller-${n}`,
      `${200_000 + n}`,
      `+4989${300_000 + n}`,
      `secret-${n}`,
      `+49170${n}`,
      'de',
    ];
  }
}

type Step = { step: string; seconds: number; rowsPerSecond: number; megabytes: number };
const steps: Step[] = [];

const rss = () => process.memoryUsage.rss();

/** How long something takes, and how far memory rises above where it began. */
async function measured(step: string, work: () => Promise<unknown>): Promise<void> {
  globalThis.gc?.();
  const before = rss();
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 20);
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(watching);
  const megabytes = (Math.max(peak, rss()) - before) / 2 ** 20;
  steps.push({ step, seconds, rowsPerSecond: PEOPLE / seconds, megabytes });
}

async function bareCopy(pool: Pool): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-copy-'));
  try {
    const file = join(folder, 'rows.csv');
    await writeFile(file, Array.from(people(), (row) => csvLine(row)).join(''));
    // The server has an account of its own.
    await chmod(folder, 0o755);
    const columns = headings.map((_heading, place) => `c${place} text`).join(', ');
    await pool.query(
      `CREATE TABLE bare (${columns}); CREATE UNIQUE INDEX ON bare (c0); CREATE UNIQUE INDEX ON bare (c3)`,
    );
    await measured('limit: bare COPY of the rows', () =>
      pool.query(`COPY bare FROM '${file.replaceAll("'", "''")}' WITH (FORMAT csv)`),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'bench-import-'));
const server = await openPostgres({ dataDir });
try {
  const database = openDatabase({ url: server.url, poolSize: 4, onIdleError: () => {} });
  try {
    await migrate(database.pool);
    await database.pool.query(`INSERT INTO tenants (tenant_id, name) VALUES ('acme', 'acme')`);
    await database.pool.query(
      `INSERT INTO connectors (tenant_id, connector_id, name) VALUES ('acme', 'con', 'Office')`,
    );
    await bareCopy(database.pool);

    const secrets = createSecretBox([randomBytes(32)]);
    const store = createImportStore(database, secrets);
    const long = openLongDatabase({ url: server.url, onIdleError: () => {} });
    const worker = createImportWorker({
      store: createImportStore(long, secrets),
      secrets,
      writer: createUserWriter({ secrets }),
      requireSeats: requireSeat,
      invite: async () => {},
      now: Date.now,
      log: pino({ level: 'warn' }, process.stderr),
    });
    const service = createImportService(store, worker.wake);
    const until = async (importId: string, state: Import['state']) => {
      for (;;) {
        const found = await service.get(acme, importId);
        if (found.state === state) return found;
        if (found.state === 'failed') throw new Error(`failed: ${found.failure}`);
        await delay(200);
      }
    };
    let importId = '';
    await measured('upload', async () => {
      const body = Readable.from(writeCsv(headings, people(), ';')).map((text: string) => Buffer.from(text));
      const connectorId = 'con' as ConnectorId;
      ({ importId } = await service.upload(acme, commandLine, {
        fileName: 'b.csv',
        connectorId,
        mapping: undefined,
        body,
      }));
    });
    await measured('read and preview', () => until(importId, 'preview'));
    const { counts } = await service.get(acme, importId);
    if (counts.new !== PEOPLE) throw new Error(`${JSON.stringify(counts)} in the preview`);
    await measured('apply', async () => {
      await service.apply(acme, importId, commandLine, false);
      await until(importId, 'applied');
    });
    await measured('undo', async () => {
      await service.undo(acme, importId, commandLine);
      await until(importId, 'undone');
    });
    await worker.close();
    await long.close();

    console.log(`| ${PEOPLE} people | seconds | rows/s | memory grew at most, MB |`);
    console.log('|---|---|---|---|');
    for (const { step, seconds, rowsPerSecond, megabytes } of steps) {
      console.log(
        `| ${step} | ${seconds.toFixed(1)} | ${rowsPerSecond.toFixed(0)} | ${megabytes.toFixed(0)} |`,
      );
    }
    const total = steps
      .filter(({ step }) => ['upload', 'read and preview', 'apply'].includes(step))
      .reduce((sum, { seconds }) => sum + seconds, 0);
    console.log(`\nUpload to applied: ${total.toFixed(1)} s, target ${TARGET_SECONDS} s.\n`);
    console.log(JSON.stringify({ people: PEOPLE, total, target: TARGET_SECONDS, steps }));
    if (total >= TARGET_SECONDS) process.exitCode = 1;
  } finally {
    await database.close();
  }
} finally {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
}
