import type { SignInResult, TenantId, TotpSetup } from '@offhook/contract';
import { expect, test } from 'vitest';
import { commandLine } from '../audit/audit.ts';
import { totpCode } from '../testing/authenticators.ts';
import { openAdmin, startCloud, tenantFile, type TestAdmin } from '../testing/cloud.ts';
import { eventually } from '../testing/eventually.ts';
import { useTestServer } from '../testing/database.ts';
import { addInvitee, tokenOf, writtenMails } from '../testing/mails.ts';
import { openClient, person, signIn } from '../testing/peers.ts';
import { createInvitations } from './invitations.ts';
import { createLink } from './links.ts';

const server = useTestServer();
const ACME = 'acme' as TenantId;
const GOOD = 'seven quiet yellow lamps';

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const anyone = person(cloud.url);
  return { url, admin, cloud, anyone, invitations: createInvitations(admin.secrets, () => cloud.url) };
}
type World = Awaited<ReturnType<typeof world>>;

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;
const accept = ({ anyone }: World, body: object) => anyone.post('/api/links/accept', body);
const inspect = ({ anyone }: World, token: string) => anyone.post('/api/links/inspect', { token });
const invite = async ({ admin, invitations }: World, userId: Awaited<ReturnType<typeof addInvitee>>) => {
  await admin.database.inTenant(ACME, (trx) => invitations.invite(trx, ACME, commandLine, userId));
  return tokenOf((await writtenMails(admin, 'acme')).at(-1));
};
const setStatus = ({ database }: TestAdmin, status: 'invited' | 'deleting') =>
  database.inTenant(ACME, (trx) => trx.updateTable('tenants').set({ status }).execute());
const carla = { email: 'carla@acme.example', name: 'Carla Conti', language: 'it' } as const;

test('whoever follows an invitation chooses a password and is in; the link works once', async () => {
  const all = await world();
  const token = await invite(all, await addInvitee(all.admin, 'acme', { ...carla, role: 'user' }));
  const info = (await (await inspect(all, token)).json()) as Record<string, unknown>;
  expect(info).toMatchObject({ kind: 'invitation', ...carla, tenantName: 'Tenant acme' });
  expect(info).not.toHaveProperty('terms');
  const [stored] = await all.admin.database.inTenant(ACME, (trx) =>
    trx.selectFrom('one_time_links').selectAll().execute(),
  );
  expect(JSON.stringify(stored)).not.toContain(token);

  expect(await codeOf(await accept(all, { token, password: 'short' }))).toBe('password_weak');
  const response = await accept(all, { token, password: GOOD });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ state: 'signed_in', me: { email: carla.email } });
  expect(response.headers.get('set-cookie')).toContain('HttpOnly');
  await signIn(all.cloud.url, carla.email, GOOD);

  for (const again of [await accept(all, { token, password: GOOD }), await inspect(all, token)]) {
    expect([again.status, await codeOf(again)]).toEqual([410, 'link_used']);
  }
});

test('of two who follow a link at the same time one comes in', async () => {
  const all = await world();
  const token = await invite(all, await addInvitee(all.admin, 'acme', { ...carla, role: 'user' }));
  const answers = await Promise.all([1, 2].map(() => accept(all, { token, password: GOOD })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 410]));
});

test('a newer invitation voids the older; a token that is none, or too old, is expired', async () => {
  const all = await world();
  const userId = await addInvitee(all.admin, 'acme', { ...carla, role: 'user' });
  const older = await invite(all, userId);
  const newer = await invite(all, userId);
  const { token: old } = await all.admin.database.inTenant(ACME, (trx) =>
    createLink(trx, ACME, { kind: 'password_reset', userId, lifetime: -1 }),
  );
  for (const token of [older, old, 'x'.repeat(43)]) {
    expect(await codeOf(await inspect(all, token))).toBe('link_expired');
    expect(await codeOf(await accept(all, { token, password: GOOD }))).toBe('link_expired');
  }
  expect((await inspect(all, newer)).status).toBe(200);
});

test('who activates a tenant accepts the terms for it: version, time and person are kept', async () => {
  const all = await world();
  await setStatus(all.admin, 'invited');
  const token = await invite(all, await addInvitee(all.admin, 'acme', { ...carla, role: 'admin' }));
  const { terms } = (await (await inspect(all, token)).json()) as {
    terms: { version: string; text: string };
  };
  expect(terms.text).toContain('chiamate di emergenza');
  for (const termsVersion of [undefined, 'another']) {
    expect(await codeOf(await accept(all, { token, password: GOOD, termsVersion }))).toBe('terms_required');
  }
  expect((await accept(all, { token, password: GOOD, termsVersion: terms.version })).status).toBe(200);
  const tenant = await all.admin.database.inTenant(ACME, (trx) =>
    trx.selectFrom('tenants').selectAll().executeTakeFirstOrThrow(),
  );
  expect(tenant).toMatchObject({
    status: 'active',
    terms_version: terms.version,
    terms_accepted_by: 'Carla Conti <carla@acme.example>',
  });
  expect(tenant.terms_accepted_at).toBeGreaterThan(Date.now() - 60_000);
  const log = await all.admin.database.inTenant(ACME, (trx) =>
    trx.selectFrom('audit_log').select('action').orderBy('audit_id').execute(),
  );
  expect(log.map(({ action }) => action).slice(-3)).toEqual([
    'user.invite',
    'invitation.accept',
    'tenant.activate',
  ]);
});

test('links of somebody who is disabled, or of a tenant that goes, lead nowhere', async () => {
  const all = await world();
  const userId = await addInvitee(all.admin, 'acme', { ...carla, role: 'user' });
  const token = await invite(all, userId);
  await setStatus(all.admin, 'deleting');
  expect(await codeOf(await accept(all, { token, password: GOOD }))).toBe('link_expired');
  await all.admin.database.inTenant(ACME, async (trx) => {
    await trx.updateTable('tenants').set({ status: 'active' }).execute();
    await trx.updateTable('users').set({ disabled_at: 1 }).where('user_id', '=', userId).execute();
  });
  expect(await codeOf(await accept(all, { token, password: GOOD }))).toBe('link_expired');
});

test('a reset ends every session of the person and says so in a mail', async () => {
  const all = await world();
  const anna = await signIn(all.cloud.url, 'anna@acme.example', 'anna-password');
  const client = await openClient(all.cloud.url, anna);
  await client.snapshot();
  const asked = await all.anyone.post('/api/password-reset', { email: 'Anna@acme.example' });
  expect([asked.status, await asked.json()]).toEqual([202, {}]);
  const mail = await eventually(async () => {
    const [first] = await writtenMails(all.admin, 'acme');
    expect(first).toMatchObject({ kind: 'password_reset', to: 'anna@acme.example' });
    return first;
  });
  expect(mail?.params['url']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/account\/reset#[\w-]{43}$/u);
  expect((await accept(all, { token: tokenOf(mail), password: GOOD })).status).toBe(200);
  await client.event('session.ended');
  expect((await anna.get('/api/history')).status).toBe(401);
  expect(
    (await all.anyone.post('/api/session', { email: 'anna@acme.example', password: 'anna-password' })).status,
  ).toBe(401);
  await signIn(all.cloud.url, 'anna@acme.example', GOOD);
  const kinds = (await writtenMails(all.admin, 'acme')).map(({ kind }) => kind);
  expect(kinds).toEqual(['password_reset', 'password_changed']);
});

test('a new password alone brings nobody past a second factor', async () => {
  const all = await world();
  const anna = await signIn(all.cloud.url, 'anna@acme.example', 'anna-password');
  const setUp = (await (await anna.post('/api/account/totp')).json()) as TotpSetup;
  const code = totpCode(setUp.secret, Date.now());
  await anna.post('/api/account/totp/confirm', { ticket: setUp.ticket, code });
  const userId = await all.admin.userId('anna@acme.example');
  await all.admin.database.inTenant(ACME, (trx) => all.invitations.sendReset(trx, ACME, commandLine, userId));
  const reset = (await writtenMails(all.admin, 'acme')).find(({ kind }) => kind === 'password_reset');
  const old = { email: 'anna@acme.example', password: 'anna-password' };
  const begun = (await (await all.anyone.post('/api/session', old)).json()) as SignInResult;
  const response = await accept(all, { token: tokenOf(reset), password: GOOD });
  expect(await response.json()).toMatchObject({ state: 'second_factor', methods: ['totp', 'recovery_code'] });
  expect(response.headers.getSetCookie()).toEqual([]);
  // Whoever has come half-way with the old password comes no further.
  if (begun.state !== 'second_factor') throw new Error('no second factor was asked for');
  const answer = { ticket: begun.ticket, method: 'totp', code };
  expect(await codeOf(await all.anyone.post('/api/session/second-factor', answer))).toBe('ticket_expired');
});

test('asking for a reset tells nothing of accounts, and sends few mails to one of them', async () => {
  const all = await world();
  const ask = async (email: string) => {
    const response = await all.anyone.post('/api/password-reset', { email });
    return [response.status, await response.text()];
  };
  for (const email of ['nobody@acme.example', ...Array.from({ length: 6 }, () => 'ben@acme.example')]) {
    expect(await ask(email)).toEqual([202, '{}']);
  }
  await eventually(async () => expect(await writtenMails(all.admin, 'acme')).toHaveLength(3));
  const rest = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(`other-${at}@acme.example`)));
  expect(rest.filter(([status]) => status === 429)).toHaveLength(7);
  await all.cloud.close();
  expect(await writtenMails(all.admin, 'acme')).toHaveLength(3);
});

test('who forgot a password before the first visit gets the invitation again', async () => {
  const all = await world();
  await addInvitee(all.admin, 'acme', { ...carla, role: 'user' });
  await all.anyone.post('/api/password-reset', { email: carla.email });
  await eventually(async () => {
    expect(await writtenMails(all.admin, 'acme')).toMatchObject([{ kind: 'invitation', language: 'it' }]);
  });
});
