import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { TenantId } from '@offhook/contract';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile, type TestAdmin } from '../testing/cloud.ts';
import { eventually } from '../testing/eventually.ts';
import { useTestServer } from '../testing/database.ts';
import { openSmtp, type TestSmtp } from '../testing/smtp.ts';
import { enqueueMail } from './outbox.ts';

const server = useTestServer();
const ACME = 'acme' as TenantId;
const FROM = 'Offhook <phone@provider.example>';

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  return { url, admin };
}

const smtpCloud = (url: string, { secrets }: TestAdmin, smtp: TestSmtp, timings = {}) =>
  startCloud(url, secrets, { mail: { kind: 'smtp', url: smtp.url, from: FROM }, timings: { mail: timings } });

const write = ({ database, secrets }: TestAdmin, to = 'anna@acme.example', expiresAt = Date.now() + 60_000) =>
  database.inTenant(ACME, (trx) =>
    enqueueMail(trx, secrets, ACME, {
      kind: 'password_reset',
      to,
      language: 'de',
      params: { name: 'Anna Müller', url: 'https://phone.example.com/account/reset#secret-token', expiresAt },
    }),
  );

const stored = ({ database }: TestAdmin) =>
  database.inTenant(ACME, (trx) => trx.selectFrom('mail_outbox').selectAll().orderBy('created_at').execute());

test('a mail that is written is sent at once, as text and HTML in its language', async () => {
  const { url, admin } = await world();
  const smtp = await openSmtp();
  const cloud = await smtpCloud(url, admin, smtp);
  await write(admin);
  const mail = await smtp.received(1);
  expect(mail).toMatchObject({ from: 'phone@provider.example', to: ['anna@acme.example'] });
  expect(mail.source).toContain('From: Offhook <phone@provider.example>');
  expect(mail.source).toMatch(/^Subject: .*w=C3=A4hlen/mu);
  expect(mail.source).toContain('Auto-Submitted: auto-generated');
  expect(mail.source).toMatch(/Content-Type: multipart\/alternative/u);
  expect(mail.source).toMatch(/Content-Type: text\/plain; charset=utf-8/u);
  expect(mail.source).toMatch(/Content-Type: text\/html; charset=utf-8/u);
  await eventually(async () => expect((await stored(admin))[0]?.sent_at).toBeGreaterThan(0));
  expect(await (await fetch(cloud.metricsUrl)).text()).toContain('offhook_mails_total{outcome="sent"} 1');
  // What lets people in stands in no log.
  expect(cloud.logs.join('')).not.toContain('secret-token');
});

test('several nodes at once send each mail once', async () => {
  const { url, admin } = await world();
  const smtp = await openSmtp();
  for (let at = 0; at < 30; at += 1) await write(admin, `user-${at}@acme.example`);
  await Promise.all([1, 2, 3].map(() => smtpCloud(url, admin, smtp)));
  await eventually(async () =>
    expect((await stored(admin)).every((mail) => mail.sent_at !== null)).toBe(true),
  );
  expect(new Set(smtp.mails.flatMap(({ to }) => to)).size).toBe(30);
  expect(smtp.mails).toHaveLength(30);
});

test('a failure that may pass is tried again with the same Message-ID; the mail is kept meanwhile', async () => {
  const { url, admin } = await world();
  const smtp = await openSmtp();
  smtp.refuse({ at: 'content', responseCode: 451 });
  await smtpCloud(url, admin, smtp, { lookEvery: 20, firstRetry: 1, longestRetry: 40 });
  await write(admin);
  await eventually(async () => {
    const [mail] = await stored(admin);
    expect(mail?.attempts).toBeGreaterThanOrEqual(2);
    expect(mail?.failure).toContain('451');
  });
  smtp.refuse(undefined);
  const mail = await smtp.received(1);
  const [row] = await stored(admin);
  expect(mail.source).toContain(`Message-ID: <${row?.mail_id}@provider.example>`);
  await eventually(async () =>
    expect((await stored(admin))[0]).toMatchObject({ failure: null, sent_at: expect.any(Number) as number }),
  );
});

test('what will never go is given up with its reason: a recipient that is none, a link that has expired, ten failures', async () => {
  const { url, admin } = await world();
  const smtp = await openSmtp();
  smtp.refuse({ at: 'recipient', responseCode: 550 });
  await write(admin, 'gone@acme.example');
  await write(admin, 'late@acme.example', 1);
  const cloud = await smtpCloud(url, admin, smtp, { lookEvery: 10, firstRetry: 1, longestRetry: 1 });
  await eventually(async () => {
    const [gone, late] = await stored(admin);
    expect(gone).toMatchObject({ attempts: 1, failure: expect.stringContaining('550') as string });
    expect(late).toMatchObject({ attempts: 1, failure: 'Its link has expired.' });
  });
  smtp.refuse({ at: 'content', responseCode: 451 });
  await write(admin, 'ten@acme.example');
  await eventually(async () => {
    const ten = (await stored(admin)).at(-1);
    expect(ten).toMatchObject({ attempts: 10, sent_at: null });
    expect(ten?.next_attempt_at).toBeGreaterThan(Date.now() + 1e12);
  });
  expect(await (await fetch(cloud.metricsUrl)).text()).toContain('offhook_mails_total{outcome="given_up"} 3');
});

test('mails that were written while there was no mail server are sent when there is one', async () => {
  const { url, admin } = await world();
  const without = await startCloud(url, admin.secrets);
  await write(admin);
  await without.close();
  const smtp = await openSmtp();
  await smtpCloud(url, admin, smtp);
  expect(await smtp.received(1)).toMatchObject({ to: ['anna@acme.example'] });
});

test('thirty days after a mail was sent its contents are gone', async () => {
  const { url, admin } = await world();
  for (const to of ['old@acme.example', 'new@acme.example', 'waits@acme.example']) await write(admin, to);
  const day = 24 * 3_600_000;
  const at = (address: string, change: { sent_at: number } | { created_at: number }) =>
    admin.database.inTenant(ACME, (trx) =>
      trx.updateTable('mail_outbox').set(change).where('to_address', '=', address).execute(),
    );
  await at('old@acme.example', { sent_at: Date.now() - 31 * day });
  await at('new@acme.example', { sent_at: Date.now() - 29 * day });
  await at('waits@acme.example', { created_at: Date.now() - 31 * day });
  const erased = await admin.database.beforeTenant((trx) =>
    sql`SELECT erase_mails(${Date.now() - 30 * day}) AS n`.execute(trx),
  );
  expect(erased.rows).toEqual([{ n: 1 }]);
  const emptied = (await stored(admin)).filter((mail) => mail.sealed_params.length === 0);
  expect(emptied.map((mail) => mail.to_address)).toEqual(['old@acme.example']);
  expect(url).toBeDefined();
});

test('where it is asked for, mails are read on a page of this machine, as people see them', async () => {
  const { url, admin } = await world();
  const cloud = await startCloud(url, admin.secrets, { mail: { kind: 'outbox' } });
  const get = (path: string, headers: Record<string, string> = {}) => fetch(cloud.url + path, { headers });
  expect(await (await get('/outbox', { 'accept-language': 'nl' })).text()).toContain('nog geen e-mail');
  await write(admin);
  const { mails } = (await (await get('/api/outbox')).json()) as { mails: Record<string, string>[] };
  expect(mails).toMatchObject([{ to: 'anna@acme.example', subject: 'Neues Passwort wählen' }]);
  const list = await get('/outbox', { 'accept-language': 'de-DE,de' });
  expect(list.headers.get('content-security-policy')).toContain("script-src 'self';");
  const path = /href="(\/outbox\/[^"]+)"/u.exec(await list.text())?.[1] ?? '';
  const shown = await (await get(path)).text();
  expect(shown).toContain('Guten Tag Anna Müller');
  expect(shown).toContain('href="https://phone.example.com/account/reset#secret-token"');
  expect((await get('/outbox/acme/nothing')).status).toBe(404);
  for (const there of ['/outbox', '/api/outbox', path]) {
    expect((await get(there, { 'x-forwarded-for': '192.0.2.7' })).status).toBe(404);
  }
});

test('a page of somebody else’s whose name points at this machine reads no mail (DNS rebinding)', async () => {
  const { url, admin } = await world();
  const cloud = await startCloud(url, admin.secrets, { mail: { kind: 'outbox' } });
  const { port } = new URL(cloud.url);
  const status = async (path: string, headers: Record<string, string>) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  for (const path of ['/outbox', '/api/outbox', '/outbox/acme/nothing']) {
    const own = path.endsWith('nothing') ? 404 : 200;
    expect(await status(path, { host: `localhost:${port}` })).toBe(own);
    expect(await status(path, { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` })).toBe(own);
    for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, `localhost.evil.example`]) {
      expect([host, await status(path, { host })]).toEqual([host, 404]);
    }
    expect(await status(path, { host: `localhost:${port}`, origin: 'http://evil.example' })).toBe(404);
  }
});

test('without being asked for there is no such page', async () => {
  const { url, admin } = await world();
  const cloud = await startCloud(url, admin.secrets);
  for (const path of ['/outbox', '/api/outbox']) expect((await fetch(cloud.url + path)).status).toBe(404);
});
