import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createSecretBox } from '../secrets/secret-box.ts';
import { openAdmin, startCloud } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { person } from '../testing/peers.ts';
import { openProvider, PASSWORD } from '../testing/provider.ts';
import { PROVIDER_TENANT } from './accept.ts';

const server = useTestServer();
const run = promisify(execFile);

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;
const tokenIn = (url: string | undefined) => url?.split('#')[1] ?? '';

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  return { url, admin, cloud: await startCloud(url, admin.secrets) };
}

test('the first start prints a link with which the first provider account is made; later starts do not', async () => {
  const { url, admin, cloud } = await world();
  expect(cloud.firstProviderUrl).toMatch(/\/account\/invitation#[\w-]{43}$/u);
  expect(cloud.logs.join('')).toContain(cloud.firstProviderUrl);
  const token = tokenIn(cloud.firstProviderUrl);
  const anyone = person(cloud.url);
  const info = await anyone.post('/api/links/inspect', { token });
  expect(await info.json()).toMatchObject({ kind: 'first_provider', email: '', name: '' });
  expect(await codeOf(await anyone.post('/api/links/accept', { token, password: PASSWORD }))).toBe(
    'bad_request',
  );
  const paula = await openProvider(cloud);
  expect(await (await paula.get('/api/session')).json()).toMatchObject({
    me: { role: 'provider', email: 'paula@provider.example', tenantId: 'provider' },
  });
  expect((await paula.get('/api/provider/tenants')).status).toBe(200);
  expect((await startCloud(url, admin.secrets)).firstProviderUrl).toBeUndefined();
  const log = await admin.database.inTenant(PROVIDER_TENANT, (trx) =>
    trx.selectFrom('audit_log').select('action').orderBy('audit_id').execute(),
  );
  expect(log.map(({ action }) => action)).toEqual(['provider.link', 'provider.create']);
});

test('a new start makes a new link and voids the one before', async () => {
  const { url, admin, cloud } = await world();
  const later = await startCloud(url, admin.secrets);
  expect(later.firstProviderUrl).not.toBe(cloud.firstProviderUrl);
  const body = { password: PASSWORD, name: 'P', email: 'p@provider.example' };
  const old = await person(cloud.url).post('/api/links/accept', {
    ...body,
    token: tokenIn(cloud.firstProviderUrl),
  });
  expect(await codeOf(old)).toBe('link_expired');
  await openProvider(later);
});

test('the command line prints links for provider accounts, with and without a name', async () => {
  const url = await server.createDatabase();
  const key = randomBytes(32);
  const folder = await mkdtemp(join(tmpdir(), 'provider-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, 'secret.key');
  await writeFile(keyFile, key.toString('base64'));
  const secrets = createSecretBox([key]);
  await openAdmin(url, secrets);
  const command = (...args: string[]) =>
    run(process.execPath, [join(import.meta.dirname, '..', 'admin.ts'), 'create-provider', ...args], {
      env: {
        ...process.env,
        DATABASE_URL: url,
        OFFHOOK_SECRET_KEY_FILE: keyFile,
        OFFHOOK_PUBLIC_URL: 'https://phone.example.com',
      },
    });
  const named = (await command('--email', 'Nora@provider.example', '--name', 'Nora')).stdout.trim();
  expect(named).toMatch(/^https:\/\/phone\.example\.com\/account\/invitation#[\w-]{43}$/u);
  const cloud = await startCloud(url, secrets);
  expect(cloud.firstProviderUrl).toBeUndefined();
  const anyone = person(cloud.url);
  const accept = (token: string, more = {}) =>
    anyone.post('/api/links/accept', { token, password: PASSWORD, ...more });
  expect(await (await accept(tokenIn(named))).json()).toMatchObject({
    me: { email: 'nora@provider.example', role: 'provider' },
  });
  const open = (await command()).stdout.trim();
  const taken = await accept(tokenIn(open), { name: 'N', email: 'nora@provider.example' });
  expect(await codeOf(taken)).toBe('email_taken');
  expect((await accept(tokenIn(open), { name: 'Otto', email: 'otto@provider.example' })).status).toBe(200);
  await expect(command('--email', 'nora@provider.example', '--name', 'Nora')).rejects.toThrow(
    /has an account already/u,
  );
  await expect(command('--email', 'x')).rejects.toThrow(/both --email and --name/u);
});
