import type { TenantId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { createLink } from '../accounts/links.ts';
import type { Actor } from '../audit/audit.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { addInvitee, tokenOf, writtenMails } from '../testing/mails.ts';
import { openClient, person, signIn } from '../testing/peers.ts';
import { createUserWriter, writeUsers } from './writer.ts';

const server = useTestServer();
const ACME = 'acme' as TenantId;

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  return { url, admin, cloud, ada };
}
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

test('a changed address: the old one is told in the person’s language, sessions end, and links sent to it are void', async () => {
  const { admin, cloud, ada, url } = await world();
  const anyone = person(cloud.url);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await anna.patch('/api/account', { language: 'nl' });
  const socket = await openClient(cloud.url, anna);
  await socket.snapshot();
  const userId = await admin.userId('anna@acme.example');
  const { token } = await admin.database.inTenant(ACME, (trx) =>
    createLink(trx, ACME, { kind: 'password_reset', userId }),
  );
  const changed = await ada.patch(`/api/admin/users/${userId}`, { email: 'anna.berger@acme.example' });
  expect(changed.status).toBe(200);
  expect(await socket.event('session.ended')).toEqual({ reason: 'revoked' });
  expect((await anna.get('/api/history')).status).toBe(401);
  expect(await codeOf(await anyone.post('/api/links/inspect', { token }))).toBe('link_expired');
  expect(await writtenMails(admin, 'acme')).toMatchObject([
    { kind: 'email_changed', to: 'anna@acme.example', language: 'nl', params: { name: 'Anna Berger' } },
  ]);
  await signIn(cloud.url, 'anna.berger@acme.example', 'anna-password');
  // What is not the address tells nobody and ends nothing.
  await ada.patch(`/api/admin/users/${userId}`, { name: 'Anna B.' });
  expect(await writtenMails(admin, 'acme')).toHaveLength(1);
  expect(await server.query(url, `SELECT 1 FROM sessions WHERE user_id = $1`, [userId])).toHaveLength(1);
});

test('an invitation that went to the old address brings nobody in', async () => {
  const { admin, cloud, ada } = await world();
  const anyone = person(cloud.url);
  const userId = await addInvitee(admin, 'acme', { email: 'eve@acme.example', name: 'Eve', role: 'user' });
  await ada.post(`/api/admin/users/${userId}/invitation`);
  const token = tokenOf((await writtenMails(admin, 'acme')).at(-1));
  await ada.patch(`/api/admin/users/${userId}`, { email: 'eva@acme.example' });
  expect(
    await codeOf(await anyone.post('/api/links/accept', { token, password: 'seven quiet yellow lamps' })),
  ).toBe('link_expired');
});

test('a machine changes neither address nor password of an administrator, whichever way it comes', async () => {
  const { admin } = await world();
  const writer = createUserWriter({ secrets: admin.secrets });
  const key: Actor = { kind: 'machine', id: 'key_1', name: 'Directory' };
  const change = async (email: string, change: object) => {
    const userId = await admin.userId(email);
    return writeUsers(admin.database, writer, ACME, (trx) =>
      writer.change(trx, ACME, key, userId, change),
    ).catch((error: unknown) => (error as { code: string }).code);
  };
  expect(await change('admin@acme.example', { email: 'eve@evil.example' })).toBe('administrator_protected');
  expect(await change('admin@acme.example', { passwordHash: 'mine' })).toBe('administrator_protected');
  expect(await change('admin@acme.example', { name: 'Ada Adams' })).toBe('changed');
  expect(await change('anna@acme.example', { email: 'anna.b@acme.example' })).toBe('changed');
  expect(await writtenMails(admin, 'acme')).toMatchObject([
    { kind: 'email_changed', to: 'anna@acme.example' },
  ]);
});
