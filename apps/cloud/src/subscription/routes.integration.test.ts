import { UsageReport } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { signIn } from '../testing/peers.ts';
import { createUsageStore } from './usage-store.ts';

const server = useTestServer();

async function served() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme', { tenant: { id: 'acme', name: '=Acme, "AG"' } }));
  await admin.apply(tenantFile('other'));
  await admin.apply({
    tenant: { id: 'provider', name: 'Offhook' },
    users: [{ email: 'pia@offhook.example', name: 'Pia', role: 'admin', password: 'pia-password' }],
  });
  await server.query(
    url,
    `UPDATE users SET role = 'provider' WHERE email = 'pia@offhook.example';
     UPDATE tenants SET created_at = ${Date.parse('2025-05-20T00:00:00Z')};
     INSERT INTO subscriptions VALUES
       ('acme', 'openscape-4000', 10, 990, 'EUR', '2025-06-01'), ('other', 'generic-sip', 5, 500, 'CHF', '2025-06-16');
     UPDATE seat_spans SET taken_at = ${Date.parse('2025-05-25T00:00:00Z')};`,
  );
  const usage = createUsageStore(admin.database);
  for (const tenantId of await usage.customers()) await usage.record(tenantId, Date.now());
  const cloud = await startCloud(url, admin.secrets);
  const ask = async (email: string, password: string) => {
    const person = await signIn(cloud.url, email, password);
    return async (path: string, accept = '') => {
      const response = await fetch(cloud.url + path, { headers: { cookie: person.cookie, accept } });
      return {
        status: response.status,
        headers: response.headers,
        text: Buffer.from(await response.arrayBuffer()).toString(),
      };
    };
  };
  return {
    admin: await ask('admin@acme.example', 'admin-password'),
    provider: await ask('pia@offhook.example', 'pia-password'),
  };
}
const linesOf = ({ text }: { text: string }) => UsageReport.parse(JSON.parse(text)).lines;

test('administrators see what is billed to them, the provider what is billed to everybody', async () => {
  const { admin, provider } = await served();
  const own = linesOf(await admin('/api/admin/usage'));
  expect(own.at(-1)).toMatchObject({
    month: '2025-06',
    userDays: 60,
    userMonths: 2,
    amount: 1980,
    closed: true,
  });
  expect(own[0]).toMatchObject({ closed: false });
  expect(new Set(own.map(({ tenantId }) => tenantId))).toEqual(new Set(['acme']));
  expect(linesOf(await admin('/api/admin/usage?month=2025-07')).map(({ month }) => month)).toEqual([
    '2025-07',
  ]);

  const june = linesOf(await provider('/api/provider/usage?month=2025-06'));
  expect(june).toMatchObject([
    { tenantId: 'acme', userMonths: 2, amount: 1980, price: { amount: 990, currency: 'EUR' } },
    { tenantId: 'other', userDays: 30, userMonths: 1, amount: 500, price: { amount: 500, currency: 'CHF' } },
  ]);
  expect(linesOf(await provider('/api/provider/usage')).map(({ closed }) => closed)).toEqual([false, false]);
  expect(linesOf(await provider('/api/provider/usage?month=2024-01'))).toEqual([]);
  expect((await provider('/api/provider/usage?month=2025-13')).status).toBe(400);
});

test('as CSV, by the address or by what the client takes; a name that looks like a formula is text', async () => {
  const { admin, provider } = await served();
  const file = await provider('/api/provider/usage?month=2025-06&format=csv');
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="usage-2025-06.csv"');
  expect(file.text.split('\r\n')).toEqual([
    '\ufeffTenant ID,Tenant,Month,Platform,Time zone,Seats,User days,Days in month,User months,' +
      'Price (smallest unit),Amount (smallest unit),Currency,Closed',
    `acme,"'=Acme, ""AG""",2025-06,openscape-4000,Europe/Berlin,10,60,30,2.0000,990,1980,EUR,true`,
    'other,Tenant other,2025-06,generic-sip,Europe/Berlin,5,30,30,1.0000,500,500,CHF,true',
    '',
  ]);
  expect((await admin('/api/admin/usage', 'text/csv')).text.split('\r\n').at(-2)).toContain(',2025-06,');
  expect(linesOf(await admin('/api/admin/usage', 'text/html, */*'))).not.toEqual([]);
});
