import type { Administrator, AdministratorList, TotpSetup } from '@offhook/contract';
import { expect, test } from 'vitest';
import { totpCode } from '../testing/authenticators.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { tokenOf, writtenMails } from '../testing/mails.ts';
import { person, personOf, signIn, type Person } from '../testing/peers.ts';
import { openProvider, PASSWORD } from '../testing/provider.ts';

const server = useTestServer();
const PEOPLE = '/api/provider/people';
const SETTINGS = '/api/provider/settings';
const otto = { email: 'otto@provider.example', name: 'Otto Ober', language: 'de' } as const;

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const paula = await openProvider(cloud);
  const anyone = person(cloud.url);
  const invite = async (who: object = otto) => {
    const response = await paula.post(PEOPLE, who);
    if (response.status !== 201) throw new Error(await codeOf(response));
    return (await response.json()) as Administrator;
  };
  const accept = async (password = PASSWORD) => {
    const mails = await writtenMails(admin, 'provider');
    const token = tokenOf(mails.findLast(({ kind }) => kind === 'provider_invitation'));
    return personOf(cloud.url, await anyone.post('/api/links/accept', { token, password }));
  };
  const list = async (who: Person = paula) =>
    ((await (await who.get(PEOPLE)).json()) as AdministratorList).administrators;
  const actions = () =>
    server.query<{ action: string }>(
      url,
      `SELECT action FROM audit_log WHERE tenant_id = 'provider' AND actor_role = 'provider' ORDER BY audit_id`,
    );
  return { url, admin, cloud, paula, anyone, invite, accept, list, actions };
}

test('somebody is invited in their language, comes in, and sees the console; each act is in the log', async () => {
  const { admin, invite, accept, list, paula, actions } = await world();
  expect(await invite()).toMatchObject({ email: otto.email, status: 'invited' });
  expect(await codeOf(await paula.post(PEOPLE, otto))).toBe('email_taken');
  expect(await codeOf(await paula.post(PEOPLE, { ...otto, email: 'anna@acme.example' }))).toBe('email_taken');
  expect(await writtenMails(admin, 'provider')).toMatchObject([
    { kind: 'provider_invitation', to: otto.email, language: 'de', params: { inviter: 'Paula Provider' } },
  ]);
  const his = await accept();
  expect((await his.get('/api/provider/tenants')).status).toBe(200);
  expect((await list(his)).map(({ name, status }) => [name, status])).toEqual([
    ['Otto Ober', 'active'],
    ['Paula Provider', 'active'],
  ]);
  expect((await actions()).map(({ action }) => action)).toEqual([
    'provider.create',
    'user.create',
    'user.invite',
    'invitation.accept',
  ]);
  const log = (await (await paula.get('/api/provider/audit')).json()) as { entries: { action: string }[] };
  expect(log.entries.map(({ action }) => action)).toContain('user.invite');
});

test('an invitation that was not followed is sent again and voids the one before; a password is reset by mail', async () => {
  const { admin, invite, accept, anyone, paula } = await world();
  const { userId } = await invite();
  const [first] = await writtenMails(admin, 'provider');
  expect((await paula.post(`${PEOPLE}/${userId}/invitation`)).status).toBe(200);
  expect(await codeOf(await anyone.post('/api/links/inspect', { token: tokenOf(first) }))).toBe(
    'link_expired',
  );
  await accept();
  expect(await codeOf(await paula.post(`${PEOPLE}/${userId}/invitation`))).toBe('conflict');
  expect((await paula.post(`${PEOPLE}/${userId}/password-reset`)).status).toBe(204);
  expect((await writtenMails(admin, 'provider')).at(-1)).toMatchObject({
    kind: 'password_reset',
    to: otto.email,
  });
});

test('who is removed is out at once; neither oneself nor the last one can be, and the name confirms it', async () => {
  const { invite, accept, list, paula, anyone } = await world();
  const [me] = await list();
  const remove = (who: Person, userId: string | undefined, name: string) =>
    who.post(`${PEOPLE}/${userId}/remove`, { name });
  const code = async (...args: Parameters<typeof remove>) => codeOf(await remove(...args));
  expect(await code(paula, me?.userId, 'Paula Provider')).toBe('last_administrator');
  const { userId } = await invite();
  // Who never came does not count beside one who did.
  expect(await code(paula, me?.userId, 'Paula Provider')).toBe('last_administrator');
  const his = await accept();
  expect(await code(paula, me?.userId, 'Paula Provider')).toBe('forbidden');
  expect(await code(paula, userId, 'Paula Provider')).toBe('name_mismatch');
  expect((await his.get('/api/session')).status).toBe(200);
  expect((await remove(paula, userId, otto.name)).status).toBe(204);
  expect((await his.get(PEOPLE)).status).toBe(401);
  expect((await anyone.post('/api/session', { email: otto.email, password: PASSWORD })).status).toBe(401);
  expect((await list()).map(({ name }) => name)).toEqual(['Paula Provider']);
  expect(await code(paula, userId, otto.name)).toBe('not_found');
});

test('who was removed and is invited again is somebody new: neither password nor passkey of before is good', async () => {
  const { url, invite, accept, list, paula, anyone } = await world();
  const { userId } = await invite();
  const his = await accept();
  const setUp = (await (await his.post('/api/account/totp')).json()) as TotpSetup;
  const code = totpCode(setUp.secret, Date.now());
  await his.post('/api/account/totp/confirm', { ticket: setUp.ticket, code });
  await paula.post(`${PEOPLE}/${userId}/remove`, { name: otto.name });
  expect(await invite({ ...otto, name: 'Otto Unter' })).toMatchObject({
    userId,
    status: 'invited',
    name: 'Otto Unter',
  });
  expect((await anyone.post('/api/session', { email: otto.email, password: PASSWORD })).status).toBe(401);
  expect(
    await server.query(url, 'SELECT 1 FROM totp_secrets UNION ALL SELECT 1 FROM recovery_codes'),
  ).toEqual([]);
  await accept('zebra kiosk volcano plinth');
  expect((await list()).map(({ status }) => status)).toEqual(['active', 'active']);
});

test('a demanded second factor holds for all of the provider: at the next sign-in it is set up before anything else', async () => {
  const { url, invite, accept, cloud, paula } = await world();
  await invite();
  await accept();
  expect(await (await paula.get(SETTINGS)).json()).toEqual({ secondFactorRequired: false });
  const demanded = await paula.patch(SETTINGS, { secondFactorRequired: true });
  expect(await demanded.json()).toEqual({ secondFactorRequired: true });
  const his = await signIn(cloud.url, otto.email, PASSWORD);
  for (const who of [his, paula]) {
    const refused = await who.get('/api/provider/tenants');
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'second_factor_required']);
  }
  expect(await (await his.get('/api/account')).json()).toMatchObject({ secondFactorMissing: true });
  const setUp = (await (await his.post('/api/account/totp')).json()) as TotpSetup;
  const code = totpCode(setUp.secret, Date.now());
  expect((await his.post('/api/account/totp/confirm', { ticket: setUp.ticket, code })).status).toBe(200);
  expect((await his.get('/api/provider/tenants')).status).toBe(200);
  expect((await his.patch(SETTINGS, { secondFactorRequired: true })).status).toBe(200);
  expect((await his.patch(SETTINGS, { secondFactorRequired: false })).status).toBe(200);
  expect((await paula.get('/api/provider/tenants')).status).toBe(200);
  expect(
    await server.query(
      url,
      `SELECT before, after FROM audit_log WHERE action = 'provider.change' ORDER BY audit_id`,
    ),
  ).toEqual([
    { before: { secondFactorRequired: false }, after: { secondFactorRequired: true } },
    { before: { secondFactorRequired: true }, after: { secondFactorRequired: false } },
  ]);
  // Of customers it says nothing.
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  expect((await ada.get('/api/admin/tenant')).status).toBe(200);
});
