import type { LinkInfo, PasskeyChallenge, TenantId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { commandLine } from '../audit/audit.ts';
import { createAuthenticator } from '../testing/authenticators.ts';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { eventually } from '../testing/eventually.ts';
import { addInvitee, tokenOf, writtenMails } from '../testing/mails.ts';
import { person, personOf } from '../testing/peers.ts';
import { createInvitations } from './invitations.ts';

const server = useTestServer();
const ACME = 'acme' as TenantId;
const GOOD = 'seven quiet yellow lamps';
const carla = { email: 'carla@acme.example', name: 'Carla Conti' } as const;

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

async function world(role: 'user' | 'admin' = 'user') {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const anyone = person(cloud.url);
  const device = createAuthenticator(cloud.url);
  const invitations = createInvitations(admin.secrets, () => cloud.url);
  const userId = await addInvitee(admin, 'acme', { ...carla, role });
  await admin.database.inTenant(ACME, (trx) => invitations.invite(trx, ACME, commandLine, userId));
  const token = tokenOf((await writtenMails(admin, 'acme')).at(-1));
  const offer = async (body: object = { token }) => {
    const response = await anyone.post('/api/links/passkey', body);
    if (response.status !== 200) throw new Error(await codeOf(response));
    return (await response.json()) as PasskeyChallenge;
  };
  /** What the page sends after the device has made a key. */
  const answer = async (wrong: Parameters<typeof device.create>[1] = {}, key = device) => {
    const { ticket, options } = await offer();
    return { ticket, name: 'Laptop', response: key.create(options, wrong) };
  };
  const accept = (body: object) => anyone.post('/api/links/accept', { token, ...body });
  const signInByPasskey = async (key = device) => {
    const response = await anyone.post('/api/session/passkey/options');
    const { ticket, options } = (await response.json()) as PasskeyChallenge;
    return anyone.post('/api/session/passkey', { ticket, response: key.get(options) });
  };
  const stored = () =>
    server.query(
      url,
      `SELECT (SELECT count(*)::int FROM passkeys) AS passkeys, (SELECT count(*)::int FROM one_time_links WHERE used_at IS NULL AND kind = 'invitation') AS open,
              (SELECT count(*)::int FROM users WHERE email = 'carla@acme.example' AND activated_at IS NOT NULL) AS activated`,
    );
  return {
    url,
    admin,
    cloud,
    anyone,
    device,
    invitations,
    userId,
    token,
    offer,
    answer,
    accept,
    signInByPasskey,
    stored,
  };
}

test('an invitation is accepted with a passkey: both factors at once, no password, and the link is used up', async () => {
  const { url, anyone, accept, answer, signInByPasskey, token } = await world();
  const response = await accept({ passkey: await answer() });
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { state: 'signed_in', me: { email: carla.email } },
  ]);
  const own = await personOf(anyone.url, await signInByPasskey()).get('/api/account');
  expect(await own.json()).toMatchObject({ hasPassword: false, passkeys: [{ name: 'Laptop' }] });
  expect(
    await server.query(url, `SELECT method, second_factor FROM sessions ORDER BY created_at LIMIT 1`),
  ).toEqual([{ method: 'passkey', second_factor: true }]);
  expect(await server.query(url, `SELECT after FROM audit_log WHERE action = 'invitation.accept'`)).toEqual([
    { after: { passkey: 'Laptop' } },
  ]);
  for (const password of ['', GOOD])
    expect((await anyone.post('/api/session', { email: carla.email, password })).status).not.toBe(200);
  expect(await codeOf(await anyone.post('/api/links/passkey', { token }))).toBe('link_used');
  expect(await codeOf(await accept({ password: GOOD }))).toBe('link_used');
});

test('neither or both of password and passkey is no answer', async () => {
  const { accept, answer, stored } = await world();
  for (const body of [{}, { password: GOOD, passkey: await answer() }])
    expect([(await accept(body)).status]).toEqual([400]);
  expect(await stored()).toEqual([{ passkeys: 0, open: 1, activated: 0 }]);
});

test.each([
  ['from another origin', { origin: 'https://evil.example' }],
  ['for another site', { rpId: 'evil.example' }],
  ['to another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['without verification of the user', { userVerified: false }],
])('a key %s is refused, and the link stays open', async (_what, wrong) => {
  const { accept, answer, stored } = await world();
  const refused = await accept({ passkey: await answer(wrong) });
  expect([refused.status, await codeOf(refused)]).toEqual([400, 'bad_request']);
  expect(await stored()).toEqual([{ passkeys: 0, open: 1, activated: 0 }]);
  expect((await accept({ passkey: await answer() })).status).toBe(200);
});

test('a challenge is good for its own link alone, and for no other use', async () => {
  const { admin, invitations, anyone, accept, answer, device, cloud, stored } = await world();
  const otherId = await addInvitee(admin, 'acme', { email: 'dora@acme.example', name: 'Dora', role: 'user' });
  await admin.database.inTenant(ACME, (trx) => invitations.invite(trx, ACME, commandLine, otherId));
  const mail = (await writtenMails(admin, 'acme')).find(({ to }) => to === 'dora@acme.example');
  const theirs = (await (
    await anyone.post('/api/links/passkey', { token: tokenOf(mail) })
  ).json()) as PasskeyChallenge;
  const ofSignIn = (await (await anyone.post('/api/session/passkey/options')).json()) as PasskeyChallenge;
  for (const { ticket, options } of [theirs, ofSignIn, { ticket: 'none', options: theirs.options }]) {
    const response = createAuthenticator(cloud.url).create(options);
    expect(await codeOf(await accept({ passkey: { ticket, name: 'Laptop', response } }))).toBe(
      'ticket_expired',
    );
  }
  expect(await stored()).toMatchObject([{ passkeys: 0, open: 2 }]);
  // A key that somebody has already is not taken over.
  expect((await accept({ passkey: await answer() })).status).toBe(200);
  const again = await anyone.post('/api/links/accept', {
    token: tokenOf(mail),
    passkey: { ticket: theirs.ticket, name: 'Laptop', response: device.create(theirs.options) },
  });
  expect([again.status, await codeOf(again)]).toEqual([409, 'conflict']);
  expect(await stored()).toMatchObject([{ passkeys: 1, open: 1 }]);
});

test('who has been in before adds no passkey by a mailbox alone: not by an old invitation, not by a reset', async () => {
  const { url, admin, invitations, userId, accept, answer, anyone, stored } = await world();
  const passkey = await answer();
  await server.query(url, `UPDATE users SET activated_at = 1 WHERE user_id = $1`, [userId]);
  expect(await codeOf(await accept({ passkey }))).toBe('conflict');
  await admin.database.inTenant(ACME, (trx) => invitations.sendReset(trx, ACME, commandLine, userId));
  const reset = (await writtenMails(admin, 'acme')).find(({ kind }) => kind === 'password_reset');
  const asked = await anyone.post('/api/links/passkey', { token: tokenOf(reset) });
  expect([asked.status, await codeOf(asked)]).toEqual([409, 'conflict']);
  expect(await stored()).toMatchObject([{ passkeys: 0 }]);
});

test('whoever activates a tenant with a passkey accepts the terms; without, nothing has happened', async () => {
  const { admin, accept, answer, anyone, token, stored } = await world('admin');
  await admin.database.inTenant(ACME, (trx) =>
    trx.updateTable('tenants').set({ status: 'invited' }).execute(),
  );
  const { terms } = (await (await anyone.post('/api/links/inspect', { token })).json()) as LinkInfo;
  expect(await codeOf(await accept({ passkey: await answer() }))).toBe('terms_required');
  expect(await stored()).toEqual([{ passkeys: 0, open: 1, activated: 0 }]);
  expect((await accept({ passkey: await answer(), termsVersion: terms?.version })).status).toBe(200);
  expect(await stored()).toEqual([{ passkeys: 1, open: 0, activated: 1 }]);
});

test('a service that dies between key and link leaves neither; the same answer is good afterwards', async () => {
  const { admin, accept, answer, anyone, token, stored } = await world('admin');
  await admin.database.inTenant(ACME, (trx) =>
    trx.updateTable('tenants').set({ status: 'invited' }).execute(),
  );
  const { terms } = (await (await anyone.post('/api/links/inspect', { token })).json()) as LinkInfo;
  const body = { passkey: await answer(), termsVersion: terms?.version };
  // The tenant's row is wanted after the key is kept and the link used: whoever holds it stops the work in the middle.
  await admin.database.inTenant(ACME, async (trx) => {
    await trx.selectFrom('tenants').select('tenant_id').forUpdate().execute();
    const pending = accept(body);
    await eventually(async () => {
      const { rows } = await admin.database.pool.query<{ killed: boolean }>(
        `SELECT pg_terminate_backend(pid) AS killed FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows).toEqual([{ killed: true }]);
    });
    expect((await pending).status).toBeGreaterThanOrEqual(500);
  });
  expect(await stored()).toEqual([{ passkeys: 0, open: 1, activated: 0 }]);
  expect((await accept(body)).status).toBe(200);
  expect(await stored()).toEqual([{ passkeys: 1, open: 0, activated: 1 }]);
});

test('of two answers to one link at the same time one is kept', async () => {
  const { accept, answer, cloud, stored } = await world();
  const bodies = [await answer(), await answer({}, createAuthenticator(cloud.url))];
  const answers = await Promise.all(bodies.map((passkey) => accept({ passkey })));
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 410]);
  expect(await stored()).toMatchObject([{ passkeys: 1, open: 0 }]);
});

test('the first provider comes in with a passkey: the key is theirs before the account is made', async () => {
  const { cloud, anyone, device, signInByPasskey } = await world();
  const token = cloud.firstProviderUrl?.split('#')[1] ?? '';
  const who = { name: 'Paula Provider', email: 'paula@provider.example' };
  expect(await codeOf(await anyone.post('/api/links/passkey', { token }))).toBe('bad_request');
  const asked = await anyone.post('/api/links/passkey', { token, ...who });
  const { ticket, options } = (await asked.json()) as PasskeyChallenge;
  const passkey = { ticket, name: 'Laptop', response: device.create(options) };
  const taken = await anyone.post('/api/links/accept', {
    token,
    passkey,
    ...who,
    email: 'anna@acme.example',
  });
  expect(await codeOf(taken)).toBe('email_taken');
  const response = await anyone.post('/api/links/accept', { token, passkey, ...who });
  expect(await response.json()).toMatchObject({ me: { email: who.email, role: 'provider' } });
  expect(await (await signInByPasskey()).json()).toMatchObject({ me: { email: who.email } });
});

test('who has no password is sent a way to set one, beside which the passkey is asked for', async () => {
  const { admin, accept, answer, anyone, device, signInByPasskey } = await world();
  await accept({ passkey: await answer() });
  await anyone.post('/api/password-reset', { email: carla.email });
  const reset = await eventually(async () => {
    const mail = (await writtenMails(admin, 'acme')).find(({ kind }) => kind === 'password_reset');
    expect(mail).toBeDefined();
    return mail;
  });
  const set = await anyone.post('/api/links/accept', { token: tokenOf(reset), password: GOOD });
  const begun = (await set.json()) as { state: string; ticket: string; passkey: unknown };
  expect(begun).toMatchObject({ state: 'second_factor', methods: ['passkey'] });
  const done = await anyone.post('/api/session/second-factor', {
    ticket: begun.ticket,
    method: 'passkey',
    response: device.get(begun.passkey),
  });
  expect(done.status).toBe(200);
  expect((await signInByPasskey()).status).toBe(200);
});
