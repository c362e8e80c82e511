import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { copyBinaries, installedBinaries } from './binaries.ts';
import { runAs } from './identity.ts';
import { openPostgres, type OpenPostgresOptions } from './index.ts';
import { choosePlace } from './place.ts';

const isRoot = process.getuid?.() === 0;

async function folder(parent = tmpdir()): Promise<string> {
  const path = await mkdtemp(join(parent, 'pg-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function open(options: OpenPostgresOptions) {
  const lines: string[] = [];
  const server = await openPostgres({ log: (line) => lines.push(line), ...options });
  onTestFinished(() => server.close());
  return { ...server, lines };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** An owner in a process of its own that is killed without a chance to clean up. */
async function openAndKill(dataDir: string): Promise<number> {
  const child = fork(new URL('open-and-wait.test-support.ts', import.meta.url), [dataDir], {
    stdio: 'inherit',
  });
  const [pid] = (await once(child, 'message')) as [number];
  child.kill('SIGKILL');
  await once(child, 'exit');
  return pid;
}

test('a new folder becomes a database that serves, durable, on a Unix socket only', async () => {
  const { url } = await open({ dataDir: join(await folder(), 'data') });
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await query(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
});

test('data is there after a close and a second opening', async () => {
  const dataDir = await folder();
  const first = await open({ dataDir });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.close();
  const second = await open({ dataDir });
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(second.lines).not.toContainEqual(expect.stringContaining('created'));
});

test('a postmaster that outlived its killed owner is taken over, and stops with the new one', async () => {
  const dataDir = await folder();
  const orphan = await openAndKill(dataDir);
  const server = await open({ dataDir });
  expect(server.pid()).toBe(orphan);
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.close();
  await expect(query(server.url, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/u);
});

test('owner and postmaster both killed, and the pid now belongs to a stranger: it starts all the same', async () => {
  const dataDir = await folder();
  const orphan = await openAndKill(dataDir);
  process.kill(orphan, 'SIGKILL');
  const stranger = spawn('sleep', ['600']);
  onTestFinished(() => void stranger.kill());
  const file = join(dataDir, 'cluster', 'postmaster.pid');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, [String(stranger.pid), ...lines.slice(1)].join('\n'));
  // Its back ends take a moment to notice that their postmaster is gone; until then a start is refused.
  const server = await vi.waitUntil(() => open({ dataDir }).catch(() => undefined), { timeout: 20_000 });
  expect(server.pid()).not.toBe(stranger.pid);
  expect(stranger.exitCode).toBeNull();
});

test('a folder that a live process has open is refused in words', async () => {
  const dataDir = await folder();
  await open({ dataDir });
  await expect(openPostgres({ dataDir })).rejects.toMatchObject({
    code: 'in_use',
    message: expect.stringContaining('Another running Offhook'),
  });
});

test('a data folder deeper than a socket path may be long works, also taken over', async () => {
  const dataDir = join(await folder(), 'deep'.repeat(30), 'data');
  const orphan = await openAndKill(dataDir);
  const server = await open({ dataDir });
  expect(server.pid()).toBe(orphan);
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  const socketDir = new URL(server.url.replace('@/', '@localhost/')).searchParams.get('host') ?? '';
  expect((await stat(socketDir)).mode & 0o777).toBe(0o700);
  await server.close();
  await expect(stat(socketDir)).rejects.toThrow('ENOENT');
});

test('a creation that was cut short is begun anew', async () => {
  const dataDir = await folder();
  await mkdir(join(dataDir, 'cluster.new-1'));
  await writeFile(join(dataDir, 'cluster.new-1', 'PG_VERSION'), '18\n');
  const { url } = await open({ dataDir });
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await readdir(dataDir)).not.toContain('cluster.new-1');
});

test('a cluster of another major version is left alone and said', async () => {
  const dataDir = await folder();
  await mkdir(join(dataDir, 'cluster'));
  await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '9\n');
  await expect(openPostgres({ dataDir })).rejects.toMatchObject({ code: 'bad_data_dir' });
});

test('a postmaster that dies while open is started again under the same address', async () => {
  const server = await open({ dataDir: await folder() });
  await query(server.url, 'create table kept as select 42 as answer');
  const first = server.pid();
  process.kill(first, 'SIGQUIT');
  await vi.waitUntil(() => server.pid() !== first, { timeout: 20_000 });
  expect(await query(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test.runIf(isRoot)('as root, a folder under 0700 works and its files stay root’s or move aside', async () => {
  const parent = await folder('/root');
  await chmod(parent, 0o700);
  const { url } = await open({
    dataDir: join(parent, 'data'),
    fallbackRoot: join(await reachable(), 'fallback'),
  });
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

async function reachable(): Promise<string> {
  const path = await folder();
  await chmod(path, 0o755);
  return path;
}

test.runIf(isRoot)(
  'as root without namespaces, a folder that the account reaches is used in place',
  async () => {
    const dataDir = join(await reachable(), 'data');
    const options = {
      dataDir,
      without: 'namespace',
      fallbackRoot: join(await reachable(), 'fallback'),
    } as const;
    const first = await open(options);
    await query(first.url, 'create table kept as select 42 as answer');
    expect((await lstat(dataDir)).isDirectory()).toBe(true);
    expect((await stat(dataDir)).uid).not.toBe(0);
    await first.close();
    // Namespaces allowed later on do not change whose data it is.
    const second = await open({ ...options, dataDir });
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  },
);

test.runIf(isRoot)(
  'as root without namespaces, a folder out of reach becomes a link to one in reach',
  async () => {
    const parent = await folder('/root');
    await chmod(parent, 0o700);
    const dataDir = join(parent, 'data');
    const options = {
      dataDir,
      without: 'namespace',
      fallbackRoot: join(await reachable(), 'fallback'),
    } as const;
    const first = await open(options);
    await query(first.url, 'create table kept as select 42 as answer');
    expect((await lstat(dataDir)).isSymbolicLink()).toBe(true);
    expect(first.lines).toContainEqual(expect.stringContaining('the data is in'));
    await first.close();
    const second = await open(options);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  },
);

test.runIf(isRoot)(
  'as root without namespaces, programs out of reach are copied once to where they are in reach',
  async () => {
    const parent = await folder('/root');
    await chmod(parent, 0o700);
    const fallbackRoot = join(await reachable(), 'fallback');
    const hidden = await copyBinaries(await installedBinaries(), parent);
    const lines: string[] = [];
    const options = {
      binaries: hidden,
      without: 'namespace',
      fallbackRoot,
      log: (line: string) => lines.push(line),
    } as const;
    const place = await choosePlace({ ...options, dataDir: join(await reachable(), 'data') });
    expect(place.binaries.root).toBe(join(fallbackRoot, `postgresql-${hidden.version}`));
    expect(await runAs(place.identity, place.binaries.initdb, ['--version'])).toMatchObject({ ok: true });
    const copied = (await stat(place.binaries.postgres)).mtimeMs;
    const again = await choosePlace({ ...options, dataDir: join(await reachable(), 'data') });
    expect((await stat(again.binaries.postgres)).mtimeMs).toBe(copied);
  },
);
