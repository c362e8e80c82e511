import type { TenantId } from '@offhook/contract';
import { guessMapping, undefuse } from '@offhook/subscribers';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { signIn } from '../testing/peers.ts';
import { allUsers } from './export.ts';

const server = useTestServer();
const line = (number: string) => ({ connector: 'Office', number, password: `sip-${number}` });

test('all people as CSV that the import reads again and no spreadsheet runs; who takes it is in the log', async () => {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  const file = tenantFile('acme');
  await admin.apply({
    ...file,
    users: [
      ...file.users,
      {
        email: 'eve@acme.example',
        name: '=cmd|"/c calc"!A1',
        password: 'eve-password',
        line: line('+4989701'),
      },
    ],
  });
  const cloud = await startCloud(url, admin.secrets);
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const response = await ada.get('/api/admin/users/export');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="users.csv"');
  const text = Buffer.from(await response.arrayBuffer()).toString();
  const [names = '', ...lines] = text.slice(1).trimEnd().split('\r\n');
  expect(text[0]).toBe('\ufeff');
  expect(lines.map((one) => one.split(',')[0])).toEqual([
    'admin@acme.example',
    'anna@acme.example',
    'ben@acme.example',
    'eve@acme.example',
  ]);
  expect(lines[3]).toContain(`"'=cmd|""/c calc""!A1"`);
  expect(lines[3]).toContain(`,Office,'+4989701,`);
  expect(undefuse(`'+4989701`)).toBe('+4989701');
  expect(text).not.toMatch(/sip-|password/u);
  expect(guessMapping(names.split(','), []).columns.filter((field) => field !== null)).toEqual([
    'email',
    'name',
    'role',
    'language',
    'number',
    'mainNumber',
    'shortNumber',
    'callerId',
    'authUser',
    'deskPhone',
    'alternativeNumber',
    'voicemailNumber',
  ]);
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  expect((await anna.get('/api/admin/users/export')).status).toBe(403);
  expect(await server.query(url, `SELECT actor_role FROM audit_log WHERE action = 'user.export'`)).toEqual([
    { actor_role: 'admin' },
  ]);
  // In pages of whatever size nobody is left out or twice.
  for (const atOnce of [1, 2, 4]) {
    const people = await Array.fromAsync(allUsers(admin.database, 'acme' as TenantId, atOnce));
    expect(people.map(({ email }) => email.split('@')[0])).toEqual(
      ['eve', 'admin', 'anna', 'ben'].toSorted(),
    );
  }
});
