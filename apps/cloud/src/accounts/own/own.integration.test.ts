import type { SessionList } from '@offhook/contract';
import { expect, test } from 'vitest';
import { openAdmin, startCloud, tenantFile } from '../../testing/cloud.ts';
import { useTestServer } from '../../testing/database.ts';
import { openClient, signIn } from '../../testing/peers.ts';

const server = useTestServer();

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  return { url, cloud, anna: () => signIn(cloud.url, 'anna@acme.example', 'anna-password') };
}
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;
const NEXT = 'zebra kiosk volcano plinth';

test('the own account is shown, and its language changed', async () => {
  const { anna } = await world();
  const who = await anna();
  expect(await (await who.get('/api/account')).json()).toEqual({
    email: 'anna@acme.example',
    name: 'Anna Berger',
    language: 'en',
    hasPassword: true,
    totp: false,
    recoveryCodesLeft: 0,
    passkeys: [],
    secondFactorMissing: false,
  });
  const changed = await who.patch('/api/account', { language: 'ca' });
  expect(await changed.json()).toMatchObject({ language: 'ca' });
  expect((await who.patch('/api/account', { language: 'xx' })).status).toBe(400);
});

test('a new password ends the other sessions and their sockets; the own goes on, and the owner is told', async () => {
  const { url, cloud, anna } = await world();
  const [mine, other] = [await anna(), await anna()];
  const [socket, otherSocket] = [await openClient(cloud.url, mine), await openClient(cloud.url, other)];
  await Promise.all([socket.snapshot(), otherSocket.snapshot()]);
  const change = (body: object) => mine.post('/api/account/password', body);
  expect(await codeOf(await change({ current: 'wrong', next: NEXT }))).toBe('invalid_credentials');
  for (const weak of ['short', 'anna-berger-acme', 'passwordpassword'])
    expect(await codeOf(await change({ current: 'anna-password', next: weak }))).toBe('password_weak');
  expect((await change({ current: 'anna-password', next: NEXT })).status).toBe(204);
  expect(await otherSocket.event('session.ended')).toEqual({ reason: 'revoked' });
  expect((await other.get('/api/history')).status).toBe(401);
  await socket.call('ping', {});
  await expect(anna()).rejects.toThrow('401');
  await signIn(cloud.url, 'anna@acme.example', NEXT);
  const told = await server.query(url, 'SELECT kind, to_address FROM mail_outbox');
  expect(told).toEqual([{ kind: 'password_changed', to_address: 'anna@acme.example' }]);
  const audit = await server.query(
    url,
    `SELECT action, actor_name, address, after FROM audit_log WHERE action LIKE 'account.%'`,
  );
  expect(audit).toEqual([
    {
      action: 'account.password_changed',
      actor_name: 'Anna Berger <anna@acme.example>',
      address: '127.0.0.1',
      after: null,
    },
  ]);
});

test('an open window is no way to try passwords, and does not hold up its owner elsewhere', async () => {
  const { anna } = await world();
  const [left, mine] = [await anna(), await anna()];
  const codes: string[] = [];
  for (let round = 0; round < 11; round += 1)
    codes.push(await codeOf(await left.post('/api/account/reauthenticate', { password: `guess ${round}` })));
  expect(codes.slice(0, 10).every((code) => code === 'invalid_credentials')).toBe(true);
  expect(codes[10]).toBe('rate_limited');
  expect((await mine.post('/api/account/reauthenticate', { password: 'anna-password' })).status).toBe(204);
});

test('sessions are listed with what they came from, and ended one by one or all others at once', async () => {
  const { cloud, anna } = await world();
  const [mine, second, third] = [await anna(), await anna(), await anna()];
  const list = async () => ((await (await mine.get('/api/account/sessions')).json()) as SessionList).sessions;
  const sessions = await list();
  expect(sessions).toHaveLength(3);
  expect(sessions.filter((one) => one.current)).toHaveLength(1);
  for (const one of sessions) {
    expect(one).toMatchObject({ method: 'password', address: '127.0.0.1', agent: 'node' });
  }
  const socket = await openClient(cloud.url, second);
  await socket.snapshot();
  const { sessions: seen } = (await (await second.get('/api/account/sessions')).json()) as SessionList;
  const ofSecond = seen.find((one) => one.current)?.sessionId ?? '';
  expect((await mine.delete(`/api/account/sessions/${ofSecond}`)).status).toBe(204);
  expect(await socket.event('session.ended')).toEqual({ reason: 'revoked' });
  expect((await mine.delete(`/api/account/sessions/${ofSecond}`)).status).toBe(404);
  expect((await third.get('/api/history')).status).toBe(200);
  expect((await mine.delete('/api/account/sessions')).status).toBe(204);
  expect((await third.get('/api/history')).status).toBe(401);
  expect(await list()).toMatchObject([{ current: true }]);
});

test('somebody else’s session is nothing that there is', async () => {
  const { cloud, anna } = await world();
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  const { sessions } = (await (await ben.get('/api/account/sessions')).json()) as SessionList;
  const who = await anna();
  expect((await who.delete(`/api/account/sessions/${sessions[0]?.sessionId ?? ''}`)).status).toBe(404);
  expect((await ben.get('/api/history')).status).toBe(200);
});
