import { execFile, fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloseCode } from '@offhook/contract';
import { expect, onTestFinished, test } from 'vitest';
import { migrations } from './database/migrations/index.ts';
import { tenantFile } from './testing/cloud.ts';
import { useTestServer } from './testing/database.ts';
import { callRecord, openClient, openConnector, person, signIn } from './testing/peers.ts';

const server = useTestServer();
const programs = { main: new URL('main.ts', import.meta.url), admin: new URL('admin.ts', import.meta.url) };

async function installation() {
  const folder = await mkdtemp(join(tmpdir(), 'cloud-main-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, 'key');
  const tenant = join(folder, 'acme.json');
  await writeFile(keyFile, randomBytes(32).toString('base64'));
  await writeFile(tenant, JSON.stringify(tenantFile('acme')));
  const url = await server.createEmptyDatabase();
  const env = { ...process.env, DATABASE_URL: url, OFFHOOK_SECRET_KEY_FILE: keyFile, OFFHOOK_PORT: '0' };
  return {
    url,
    tenant,
    env,
    admin: (...args: string[]) =>
      new Promise<{ code: number; out: string; err: string }>((done) => {
        execFile(process.execPath, [programs.admin.pathname, ...args], { env }, (error, out, err) =>
          done({ code: error === null ? 0 : Number(error.code), out: out.trim(), err: err.trim() }),
        );
      }),
    start: (overrides: NodeJS.ProcessEnv = {}) => startProgram({ ...env, ...overrides }),
  };
}

async function startProgram(env: NodeJS.ProcessEnv) {
  const child = fork(programs.main, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const said = child.stderr === null ? undefined : once(child.stderr, 'close');
  const exited = once(child, 'exit').then(async ([code]) => {
    await said;
    return { code: code as number | null, err };
  });
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message as { type: string; url: string }),
    exited,
  ]);
  return { child, exited, url: 'url' in ready ? ready.url : '' };
}

const endWith = async (
  child: ChildProcess,
  exited: Promise<{ code: number | null }>,
  how: 'SIGTERM' | 'SIGINT' | 'disconnect',
) => {
  if (how === 'disconnect') child.disconnect();
  else child.kill(how);
  return (await exited).code;
};

test('from an empty database to a signed-in user, and the same again after a restart and after kill -9', async () => {
  const { admin, tenant, start } = await installation();
  expect(JSON.parse((await admin('migrate')).out)).toEqual({ applied: migrations.map(({ name }) => name) });
  expect(JSON.parse((await admin('apply', tenant)).out)).toMatchObject({ created: { length: 7 } });
  expect(JSON.parse((await admin('apply', tenant)).out)).toMatchObject({
    created: [],
    changed: [],
    removed: [],
  });
  const { out: key } = await admin('create-key', 'Office');

  const first = await start();
  const session = await signIn(first.url, 'anna@acme.example', 'anna-password');
  const { me } = (await (await session.get('/api/session')).json()) as { me: { userId: never } };
  const connector = await openConnector(first.url, key);
  // The acknowledgement is the promise: from then on the record survives whatever happens to the cloud.
  await connector.call('records.append', { records: [callRecord(me.userId, 'r1')] });
  first.child.kill('SIGKILL');
  await first.exited;

  const second = await start();
  const again = person(second.url, session.cookie);
  expect(await (await again.get('/api/history')).json()).toMatchObject({
    entries: [{ recordId: 'r1' }],
    more: false,
  });
  const reconnected = await openConnector(second.url, key);
  expect(await reconnected.call('records.append', { records: [callRecord(me.userId, 'r1')] })).toEqual({
    accepted: ['r1'],
    refused: [],
  });
  expect(await endWith(second.child, second.exited, 'SIGTERM')).toBe(0);
  const third = await start();
  expect(await (await person(third.url, session.cookie).get('/api/history')).json()).toMatchObject({
    entries: [{ recordId: 'r1' }],
  });
});

test('a key that is revoked at the command line closes the live link of the running cloud at once', async () => {
  const { admin, tenant, start } = await installation();
  await admin('apply', tenant);
  const created = await admin('create-key', 'Office');
  const keyId = /key_[\w-]+/u.exec(created.err)?.[0] ?? '';
  const cloud = await start();
  const connector = await openConnector(cloud.url, created.out);
  await connector.event('clients.snapshot');
  expect((await admin('revoke-key', keyId)).code).toBe(0);
  expect(await connector.frame('refused')).toMatchObject({ error: { code: 'api_key_revoked' } });
  expect(await connector.closed).toBe(CloseCode.Unauthenticated);
});

test('it stops in order when told to, or when its parent goes, also with sockets open', async () => {
  const { admin, tenant, start } = await installation();
  await admin('apply', tenant);
  for (const how of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    const cloud = await start();
    const client = await openClient(cloud.url, await signIn(cloud.url, 'anna@acme.example', 'anna-password'));
    await client.snapshot();
    expect(await endWith(cloud.child, cloud.exited, how)).toBe(0);
    expect(await client.closed).toBe(CloseCode.GoingAway);
  }
});

test('what prevents a start is said in one sentence, without a stack', async () => {
  const { start } = await installation();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const taken = String((other.address() as AddressInfo).port);
  for (const [overrides, sentence] of [
    [{ OFFHOOK_PORT: taken }, `Port ${taken} on 127.0.0.1 is taken by another program.`],
    [
      { OFFHOOK_METRICS_PORT: taken },
      `Port ${taken} on 127.0.0.1 is taken by another program. Set OFFHOOK_METRICS_PORT`,
    ],
    [{ OFFHOOK_HOST: '203.0.113.1' }, 'This machine has no address 203.0.113.1.'],
    [{ DATABASE_URL: '' }, 'DATABASE_URL must be the address of a PostgreSQL database'],
    [{ OFFHOOK_SECRET_KEY_FILE: '/nowhere' }, 'OFFHOOK_SECRET_KEY_FILE: /nowhere cannot be read.'],
    [{ OFFHOOK_WEB_ROOT: '/nowhere' }, 'OFFHOOK_WEB_ROOT'],
  ] as const) {
    const { code, err } = await (await start(overrides)).exited;
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  }
});

test('the command line says what is wrong', async () => {
  const { admin, tenant } = await installation();
  await admin('apply', tenant);
  const { env } = await installation();
  expect(env.DATABASE_URL).toBeDefined();
  for (const [args, sentence] of [
    [[], 'Usage:'],
    [['dance'], 'Usage:'],
    [['apply'], 'Usage:'],
    [['apply', '/nowhere.json'], 'The file /nowhere.json cannot be read.'],
    [['apply', programs.main.pathname], 'is not JSON'],
    [['create-key', 'Elsewhere'], 'There is no connector “Elsewhere”.'],
    [['disable-user'], 'Usage:'],
    [['disable-user', 'nobody@acme.example'], 'There is no user “nobody@acme.example”.'],
    [['revoke-key', 'key_none'], 'There is no API key with the id “key_none”.'],
  ] as const) {
    const { code, err } = await admin(...args);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  }
});
