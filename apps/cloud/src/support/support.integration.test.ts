import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { signIn } from '../testing/peers.ts';
import { openSmtp } from '../testing/smtp.ts';

/* [D9] A log bundle reaches the company's support address as a mail with a file. */

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const smtp = await openSmtp();
  const cloud = await startCloud(url, admin.secrets, {
    mail: { kind: 'smtp', url: smtp.url, from: 'phone@provider.example' },
  });
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const setContact = () =>
    server.query(url, `UPDATE tenants SET support_contact = 'help@acme.example' WHERE tenant_id = 'acme'`);
  return { smtp, cloud, anna, setContact };
}

const bundle = JSON.stringify({ kind: 'offhook-log', events: [{ event: 'call.placed' }] });

test('[D9] without a support address nothing is sent, and it is said', async () => {
  const { anna } = await world();
  expect(await (await anna.get('/api/support')).json()).toEqual({ contact: null });
  expect((await anna.post('/api/support/bundle', { note: '', bundle })).status).toBe(404);
});

test('[D9] the bundle is attached as it is; who sends it and their words stand in the mail; the log has neither', async () => {
  const { anna, smtp, cloud, setContact } = await world();
  await setContact();
  expect(await (await anna.get('/api/support')).json()).toEqual({ contact: 'help@acme.example' });
  const sent = await anna.post('/api/support/bundle', { note: 'I hear gaps.', bundle });
  expect(sent.status).toBe(202);
  const mail = await smtp.received(1);
  expect(mail.to).toEqual(['help@acme.example']);
  expect(mail.source).toContain('filename=offhook-log.json');
  const attached =
    /filename=offhook-log\.json[\s\S]*?\r?\n\r?\n([\s\S]*?)\r?\n--/u.exec(mail.source)?.[1] ?? '';
  expect(Buffer.from(attached, 'base64').toString()).toBe(bundle);
  expect(mail.source).toContain('anna@acme.example');
  expect(mail.source).toContain('I hear gaps.');
  expect(cloud.logs.join('')).toContain('log bundle sent to support');
  expect(cloud.logs.join('')).not.toContain('I hear gaps.');
});

test('[D9] what is too large or no JSON is refused, and after five in an hour it is enough', async () => {
  const { anna, setContact } = await world();
  await setContact();
  const send = async (body: object) => (await anna.post('/api/support/bundle', body)).status;
  expect(await send({ note: '', bundle: 'no json' })).toBe(400);
  expect(await send({ note: '', bundle: JSON.stringify(['x'.repeat(41_000)]) })).toBe(400);
  const statuses: number[] = [];
  // One after the other: they are counted.
  // oxlint-disable-next-line no-await-in-loop
  for (let at = 0; at < 6; at += 1) statuses.push(await send({ note: '', bundle }));
  expect(statuses.at(-1)).toBe(429);
  expect(statuses.filter((status) => status === 202).length).toBe(5);
});
