import type { ConnectorId, UserPage, UserRow } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../testing/cloud.ts';
import { useTestServer } from '../testing/database.ts';
import { tokenOf, writtenMails } from '../testing/mails.ts';
import { person, signIn, type Person } from '../testing/peers.ts';

const server = useTestServer();
const USERS = '/api/admin/users';

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  await admin.apply(tenantFile('other'));
  const cloud = await startCloud(url, admin.secrets);
  const ada = await signIn(cloud.url, 'admin@acme.example', 'admin-password');
  const office = await admin.connectorId('acme');
  const id = (name: string) => admin.userId(`${name}@acme.example`);
  const list = async (query = ''): Promise<UserPage> =>
    (await (await ada.get(`${USERS}?${query}`)).json()) as UserPage;
  const names = async (query = '') => (await list(query)).users.map((user) => user.name);
  const mails = () => writtenMails(admin, 'acme');
  return { url, admin, cloud, ada, office, id, list, names, mails };
}

const line = (connectorId: ConnectorId, number: string, more: object = {}) => ({
  connectorId,
  number,
  password: `sip-${number}`,
  ...more,
});
const answer = async (response: Promise<Response>) => {
  const answered = await response;
  const body = (await answered.json()) as UserRow & { error?: { code: string; fields?: string[] } };
  return { status: answered.status, body };
};
const codeOf = async (response: Promise<Response>) => {
  const { status, body } = await answer(response);
  return `${status} ${body.error?.code ?? ''}`.trim();
};
const create = (ada: Person, body: object) => answer(ada.post(USERS, body));

test('the list shows people with their lines, never a password', async () => {
  const { ada, list, office } = await world();
  const { users, total } = await list();
  expect(total).toBe(3);
  expect(users.map((user) => user.name)).toEqual(['Ada Admin', 'Anna Berger', 'Ben Carter']);
  expect(users[1]).toMatchObject({
    email: 'anna@acme.example',
    role: 'user',
    status: 'active',
    seat: true,
    source: 'file',
    line: { connectorId: office, connectorName: 'Office', number: '101', authUser: '101', hasPassword: true },
  });
  expect(users[0]).toMatchObject({ role: 'admin', seat: false });
  const text = await (await ada.get(USERS)).text();
  expect(text).not.toMatch(/sip-101|"secret"|"password"/u);
});

test('search finds the start of any word of name, address and number, without accents and case', async () => {
  const { ada, office, names } = await world();
  await create(ada, {
    email: 'j.mueller@acme.example',
    name: 'Jürgen Müller-Lüdenscheidt',
    line: line(office, '+49 89 7007-555', { mainNumber: '1555', shortNumber: '55' }),
  });
  await create(ada, { email: 'lucja@acme.example', name: 'Łucja Weiß' });
  const find = (search: string) => names(`search=${encodeURIComponent(search)}`);
  expect(await find('muller')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('MÜLL jür')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('luden')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('weiss')).toEqual(['Łucja Weiß']);
  expect(await find('uller')).toEqual([]);
  expect(await find('j.mueller@acme')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('+49 (89) 7007 5')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('1555')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('55')).toEqual(['Jürgen Müller-Lüdenscheidt']);
  expect(await find('berger 101')).toEqual(['Anna Berger']);
  expect(await find('%')).toHaveLength(5);
  expect(await find('10')).toEqual(['Anna Berger', 'Ben Carter']);
});

test('the list is sorted, filtered and paged', async () => {
  const { ada, office, names, list, id } = await world();
  await create(ada, { email: 'zoe@acme.example', name: 'ähnlich', line: line(office, '99') });
  expect(await names()).toEqual(['Ada Admin', 'ähnlich', 'Anna Berger', 'Ben Carter']);
  expect(await names('descending=true')).toEqual(['Ben Carter', 'Anna Berger', 'ähnlich', 'Ada Admin']);
  expect(await names('sort=number')).toEqual(['ähnlich', 'Anna Berger', 'Ben Carter', 'Ada Admin']);
  expect(await names('sort=email')).toEqual(['Ada Admin', 'Anna Berger', 'Ben Carter', 'ähnlich']);
  expect(await names('sort=createdAt&descending=true')).toMatchObject({ 0: 'ähnlich' });
  expect(await names('sort=lastSeenAt')).toHaveLength(4);
  expect(await names('status=invited')).toEqual(['ähnlich']);
  expect(await names('role=admin')).toEqual(['Ada Admin']);
  expect(await names('line=without')).toEqual(['Ada Admin']);
  expect(await names(`line=with&connectorId=${office}`)).toHaveLength(3);
  expect(await list('page=2&pageSize=3')).toMatchObject({ total: 4, users: [{ name: 'Ben Carter' }] });
  await ada.post(`${USERS}/${await id('ben')}/disable`);
  expect(await names('status=disabled')).toEqual(['Ben Carter']);
  expect(await names('status=active')).toEqual(['Ada Admin', 'Anna Berger']);
});

test('a new person is invited, comes in by the link, and the invitation can be sent again until then', async () => {
  const { ada, office, id, mails, cloud } = await world();
  const { status, body } = await create(ada, {
    email: 'Eve@Acme.example',
    name: 'Eve Engel',
    language: 'de',
    line: line(office, '201', { callerId: '+49897007201' }),
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    email: 'eve@acme.example',
    status: 'invited',
    seat: true,
    language: 'de',
    source: 'portal',
    line: { number: '201', callerId: '+49897007201', hasPassword: true },
  });
  expect(body.invitationExpiresAt).toBeGreaterThan(Date.now());
  expect(await mails()).toMatchObject([
    { kind: 'invitation', to: 'eve@acme.example', language: 'de', params: { inviter: 'Ada Admin' } },
  ]);
  const eve = await id('eve');
  expect(await codeOf(ada.post(`${USERS}/${eve}/invitation`))).toBe('200');
  const [first, second] = await mails();
  const follow = async (token: string) =>
    (await person(cloud.url).post('/api/links/inspect', { token })).status;
  expect([await follow(tokenOf(first)), await follow(tokenOf(second))]).toEqual([410, 200]);
  // Written to another mailbox than she has now: of no use any more.
  expect(await codeOf(ada.patch(`${USERS}/${eve}`, { email: 'eve.engel@acme.example' }))).toBe('200');
  expect(await follow(tokenOf(second))).toBe(410);
  expect(await codeOf(ada.post(`${USERS}/${await id('anna')}/invitation`))).toBe('409 conflict');
  expect(await codeOf(ada.post(`${USERS}/${await id('anna')}/password-reset`))).toBe('200');
  expect((await mails()).at(-1)).toMatchObject({ kind: 'password_reset', to: 'anna@acme.example' });
});

test('what cannot be is said with its code and the field', async () => {
  const { ada, office, id } = await world();
  const eve = { email: 'eve@acme.example', name: 'Eve' };
  expect(await create(ada, { ...eve, email: 'anna@other.example' })).toMatchObject({
    status: 409,
    body: { error: { code: 'email_taken', fields: ['email'] } },
  });
  expect(await create(ada, { ...eve, line: line(office, '101') })).toMatchObject({
    status: 409,
    body: { error: { code: 'number_taken', fields: ['line.number'] } },
  });
  expect(await create(ada, { ...eve, line: { connectorId: office, number: '201' } })).toMatchObject({
    status: 400,
    body: { error: { code: 'bad_request', fields: ['line.password'] } },
  });
  expect(await codeOf(ada.post(USERS, { ...eve, email: 'not an address' }))).toBe('400 bad_request');
  expect(await codeOf(ada.patch(`${USERS}/usr_nobody`, { name: 'x' }))).toBe('404 not_found');
  expect(await codeOf(ada.patch(`${USERS}/${await id('anna')}`, { line: line(office, '102') }))).toBe(
    '409 number_taken',
  );
});

test('a change is partial; a line is taken away by null', async () => {
  const { ada, office, id } = await world();
  const anna = await id('anna');
  const change = (body: object) => answer(ada.patch(`${USERS}/${anna}`, body));
  expect(await change({ name: 'Anna Neumann', role: 'admin' })).toMatchObject({
    body: { name: 'Anna Neumann', role: 'admin', line: { number: '101' } },
  });
  const { body } = await change({
    line: { connectorId: office, number: '105', alternativeNumber: '+49 171 5', voicemailNumber: '599' },
  });
  expect(body.line).toMatchObject({
    number: '105',
    authUser: '105',
    alternativeNumber: '+49 171 5',
    voicemailNumber: '599',
    hasPassword: true,
  });
  const without = await change({ line: null });
  expect(without.body).toMatchObject({ seat: false });
  expect(without.body.line).toBeUndefined();
});

test('deleted, a person is out at once, is listed apart, and comes back whole', async () => {
  const { cloud, ada, id, names } = await world();
  const anna = await id('anna');
  const session = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const { body } = await answer(ada.delete(`${USERS}/${anna}`));
  expect(body).toMatchObject({ status: 'deleted', seat: false });
  expect(body.goneAt).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  expect((await session.get('/api/history')).status).toBe(401);
  const again = person(cloud.url).post('/api/session', {
    email: 'anna@acme.example',
    password: 'anna-password',
  });
  expect((await again).status).toBe(401);
  expect(await names()).toEqual(['Ada Admin', 'Ben Carter']);
  expect(await names('status=deleted')).toEqual(['Anna Berger']);
  expect((await answer(ada.post(`${USERS}/${anna}/restore`))).body).toMatchObject({
    status: 'active',
    seat: true,
    line: { number: '101' },
  });
  await signIn(cloud.url, 'anna@acme.example', 'anna-password');
});

test('signed out everywhere: all sessions of the person end', async () => {
  const { cloud, ada, id, url } = await world();
  const sessions = await Promise.all(
    [1, 2].map(() => signIn(cloud.url, 'anna@acme.example', 'anna-password')),
  );
  await ada.post(`${USERS}/${await id('anna')}/sign-out`);
  for (const session of sessions) expect((await session.get('/api/history')).status).toBe(401);
  const acts = await server.query(
    url,
    `SELECT actor_name, address FROM audit_log WHERE action = 'user.sign_out'`,
  );
  expect(acts).toEqual([{ actor_name: 'Ada Admin <admin@acme.example>', address: '127.0.0.1' }]);
});

test('administrators cannot lock themselves out, alone or among others', async () => {
  const { ada, id } = await world();
  const [own, anna] = [await id('admin'), await id('anna')];
  expect(await codeOf(ada.post(`${USERS}/${own}/disable`))).toBe('409 last_administrator');
  await ada.patch(`${USERS}/${anna}`, { role: 'admin' });
  expect(await codeOf(ada.post(`${USERS}/${own}/disable`))).toBe('403 forbidden');
  expect(await codeOf(ada.delete(`${USERS}/${own}`))).toBe('403 forbidden');
  expect(await codeOf(ada.patch(`${USERS}/${own}`, { role: 'user' }))).toBe('403 forbidden');
  expect(await codeOf(ada.patch(`${USERS}/${own}`, { name: 'Ada Adams' }))).toBe('200');
});

test('one act on many: each is done or refused for itself', async () => {
  const { ada, id, names } = await world();
  const [own, anna, ben] = [await id('admin'), await id('anna'), await id('ben')];
  const bulk = async (act: string, userIds: string[]): Promise<unknown> =>
    (await ada.post(`${USERS}/acts`, { act, userIds })).json();
  expect(await bulk('disable', [own, anna, ben, 'usr_nobody', anna])).toMatchObject({
    done: 2,
    refused: [
      { userId: own, code: 'forbidden' },
      { userId: 'usr_nobody', code: 'not_found' },
    ],
  });
  expect(await names('status=disabled')).toEqual(['Anna Berger', 'Ben Carter']);
  expect(await bulk('enable', [anna, ben])).toEqual({ done: 2, refused: [] });
  expect(await bulk('delete', [anna, ben])).toEqual({ done: 2, refused: [] });
  expect(await bulk('invite', [anna])).toMatchObject({ done: 0, refused: [{ code: 'conflict' }] });
  expect(await bulk('restore', [anna, ben])).toEqual({ done: 2, refused: [] });
  expect(await names()).toEqual(['Ada Admin', 'Anna Berger', 'Ben Carter']);
});

test('all of it is for administrators', async () => {
  const { cloud, id } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  for (const response of [
    anna.get(USERS),
    anna.post(USERS, { email: 'eve@acme.example', name: 'Eve' }),
    anna.patch(`${USERS}/${await id('anna')}`, { role: 'admin' }),
    anna.post(`${USERS}/acts`, { userIds: [await id('ben')], act: 'disable' }),
  ]) {
    expect((await response).status).toBe(403);
  }
  expect((await person(cloud.url).get(USERS)).status).toBe(401);
});

test('[H4] who has lost app and passkeys is let in again: they go, sessions end, the person is told, and who has no password gets a link', async () => {
  const { ada, id, mails, cloud, url } = await world();
  const [anna, self] = [await id('anna'), await id('admin')];
  const person = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const left = async () =>
    (
      await server.query(
        url,
        `SELECT user_id FROM passkeys UNION ALL SELECT user_id FROM recovery_codes UNION ALL SELECT user_id FROM totp_secrets`,
      )
    ).length;
  const lose = () =>
    server.query(
      url,
      `INSERT INTO passkeys (tenant_id, user_id, passkey_id, credential_id, public_key, sign_count, name, created_at)
       VALUES ('acme', $1, 'pk', 'key', '', 0, 'Key', 1)`,
      [anna],
    );
  await lose();
  expect(await left()).toBe(1);
  const reset = (userId: string) => ada.post(`${USERS}/${userId}/second-factor-reset`);
  expect((await reset(anna)).status).toBe(200);
  expect(await left()).toBe(0);
  expect((await person.get('/api/history')).status).toBe(401);
  expect((await mails()).map(({ kind }) => kind)).toEqual(['second_factor_changed']);

  await lose();
  await server.query(url, 'UPDATE users SET password_hash = NULL WHERE user_id = $1', [anna]);
  expect((await reset(anna)).status).toBe(200);
  expect((await mails()).map(({ kind }) => kind)).toEqual([
    'second_factor_changed',
    'second_factor_changed',
    'password_reset',
  ]);
  // Of their own, people use their account's page, which asks for a proof.
  expect((await reset(self)).status).toBe(403);
});
