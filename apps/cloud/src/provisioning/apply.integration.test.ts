import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { TenantId } from '@offhook/contract';
import { createSecretBox } from '../secrets/secret-box.ts';
import { totpContext } from '../sign-in/second-factor/factors.ts';
import { openAdmin, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';

const server = useTestServer();
const [anna, ben, ada] = tenantFile('acme').users;
const line = (number: string, password = `sip-${number}-acme`) => ({ connector: 'Office', number, password });
const nothing = { tenantId: 'acme', created: [], changed: [], removed: [] };

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  return { url, ...admin };
}

test('the same file again changes nothing', async () => {
  const { apply } = await world();
  expect(await apply(tenantFile('acme'))).toEqual(nothing);
});

test('what differs is changed and told; what is not named stays', async () => {
  const { url, apply } = await world();
  const [office] = tenantFile('acme').connectors;
  const file = {
    tenant: { id: 'acme', name: 'Acme AG' },
    connectors: [{ ...office, pbx: { ...office?.pbx, port: 5080 } }],
    users: [{ ...anna, name: 'Anna Neumann', line: undefined }],
  };
  expect(await apply(file)).toEqual({
    tenantId: 'acme',
    created: [],
    changed: ['tenant Acme AG', 'connector Office', 'user anna@acme.example'],
    removed: ['line of anna@acme.example'],
  });
  expect(await server.query(url, 'SELECT email FROM users')).toHaveLength(3);
  const audit = await server.query<{ action: string; name: string }>(
    url,
    `SELECT action, subject_name AS name FROM audit_log WHERE action NOT LIKE '%.create' ORDER BY audit_id`,
  );
  expect(audit.slice(-4)).toEqual([
    { action: 'file.change', name: 'tenant Acme AG' },
    { action: 'file.change', name: 'connector Office' },
    { action: 'user.change', name: 'anna@acme.example' },
    { action: 'user.change', name: 'anna@acme.example' },
  ]);
});

test('two lines may change numbers with each other', async () => {
  const { apply } = await world();
  const swapped = [{ ...anna, line: line('102') }, { ...ben, line: line('101') }, ada];
  expect((await apply(tenantFile('acme', { users: swapped }))).changed).toHaveLength(2);
  expect(await apply(tenantFile('acme', { users: swapped }))).toEqual(nothing);
});

test('a number that another line has is refused in words, and nothing of the file is applied', async () => {
  const { url, apply } = await world();
  const users = [{ ...anna, name: 'Changed', line: line('102') }];
  await expect(apply(tenantFile('acme', { users }))).rejects.toThrow('already used by a line');
  expect(await server.query(url, `SELECT 1 FROM users WHERE name = 'Changed'`)).toEqual([]);
});

test('passwords of lines and secrets of authenticator apps are sealed anew when the key has been rotated', async () => {
  const url = await server.createDatabase();
  const [old, next] = [randomBytes(32), randomBytes(32)];
  const before = await openAdmin(url, createSecretBox([old]));
  await before.apply(tenantFile('acme'));
  const [tenantId, userId] = ['acme' as TenantId, await before.userId('anna@acme.example')];
  const context = totpContext(tenantId, userId);
  const sealed = before.secrets.seal('the secret', context);
  await before.database.inTenant(tenantId, (trx) =>
    trx
      .insertInto('totp_secrets')
      .values({ tenant_id: tenantId, user_id: userId, sealed, last_step: 0, created_at: 1 })
      .execute(),
  );
  const rotated = await openAdmin(url, createSecretBox([next, old]));
  expect((await rotated.apply(tenantFile('acme'))).changed).toEqual([
    'line 101 of anna@acme.example',
    'line 102 of ben@acme.example',
  ]);
  const onlyNew = await openAdmin(url, createSecretBox([next]));
  const [kept] = await server.query<{ sealed: Buffer }>(url, 'SELECT sealed FROM totp_secrets');
  expect(onlyNew.secrets.open(kept?.sealed ?? Buffer.alloc(0), context)).toBe('the secret');
  expect(await onlyNew.apply(tenantFile('acme'))).toEqual(nothing);
});
