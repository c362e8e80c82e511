import type { Account, PasskeyChallenge, TenantId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { createAuthenticator } from '../../testing/authenticators.ts';
import { openAdmin, startCloud, tenantFile } from '../../testing/cloud.ts';
import { useTestServer } from '../../testing/database.ts';
import { signIn, type Person } from '../../testing/peers.ts';
import { PROOF_LIFETIME } from './self.ts';

const server = useTestServer();
const ACME = 'acme' as TenantId;
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

async function world(email = 'anna@acme.example', password = 'anna-password') {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const who = await signIn(cloud.url, email, password);
  const add = async (key = createAuthenticator(cloud.url)) => {
    const { ticket, options } = await offered(who, 'passkeys/options');
    const body = { ticket, name: 'Laptop', response: key.create(options) };
    expect((await who.post('/api/account/passkeys', body)).status).toBe(204);
    return key;
  };
  /** As if the last proof of every session were old. */
  const age = () => server.query(url, `UPDATE sessions SET proved_at = $1`, [Date.now() - PROOF_LIFETIME]);
  const removeAll = async () => {
    const { passkeys } = (await (await who.get('/api/account')).json()) as Account;
    const codes = [];
    for (const { passkeyId } of passkeys) {
      const response = await who.delete(`/api/account/passkeys/${passkeyId}`);
      codes.push(response.status === 204 ? 'removed' : await codeOf(response));
    }
    return codes;
  };
  const withoutPassword = () =>
    server.query(url, `UPDATE users SET password_hash = NULL WHERE email = $1`, [email]);
  /** A company's own sign-in for its addresses, as the table has it. */
  const sso = (row: { enabled: boolean; only_sso: boolean; tested: Buffer | null }) =>
    admin.database.inTenant(ACME, async (trx) => {
      await trx
        .insertInto('sso_connections')
        .values({
          tenant_id: ACME,
          sso_id: 'sso_acme',
          kind: 'oidc',
          name: 'Acme',
          just_in_time: false,
          settings: JSON.stringify({}),
          client_secret: null,
          created_at: 1,
          updated_at: 1,
          ...row,
        })
        .execute();
      await trx
        .insertInto('sso_domains')
        .values({ tenant_id: ACME, domain: 'acme.example', proved_at: 1, proved_by: 'provider' })
        .execute();
    });
  return { url, cloud, who, add, age, removeAll, withoutPassword, sso };
}
const offered = async (who: Person, path: string) => {
  const response = await who.post(`/api/account/${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as PasskeyChallenge;
};

test('a proof that is old is renewed by a passkey in place of the password', async () => {
  const { who, add, age } = await world();
  const key = await add();
  await age();
  expect(await codeOf(await who.post('/api/account/passkeys/options'))).toBe('reauthentication_required');
  const { ticket, options } = await offered(who, 'reauthenticate/options');
  expect(options).toMatchObject({
    userVerification: 'required',
    allowCredentials: [{ id: key.credentialId }],
  });
  const response = key.get(options);
  expect((await who.post('/api/account/reauthenticate', { ticket, response })).status).toBe(204);
  await offered(who, 'passkeys/options');
  await age();
  // A challenge is answered once.
  const again = await who.post('/api/account/reauthenticate', { ticket, response });
  expect([again.status, await codeOf(again)]).toEqual([401, 'ticket_expired']);
});

test('a passkey proves nothing without verification, of somebody else, or to another challenge; wrong ones are counted', async () => {
  const { who, add, age, cloud } = await world();
  const key = await add();
  await age();
  const prove = async (answer: (options: unknown) => object) => {
    const { ticket, options } = await offered(who, 'reauthenticate/options');
    return codeOf(await who.post('/api/account/reauthenticate', { ticket, response: answer(options) }));
  };
  expect(await prove((options) => key.get(options, { userVerified: false }))).toBe('invalid_credentials');
  expect(await prove((options) => key.get(options, { challenge: 'AAAA' }))).toBe('invalid_credentials');
  expect(await prove((options) => createAuthenticator(cloud.url).get(options))).toBe('invalid_credentials');
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  expect(await codeOf(await ben.post('/api/account/reauthenticate/options'))).toBe('not_found');
  const { ticket, options } = await offered(who, 'reauthenticate/options');
  expect(
    await codeOf(await ben.post('/api/account/reauthenticate', { ticket, response: key.get(options) })),
  ).toBe('ticket_expired');
  for (let round = 3; round < 10; round += 1) await prove(() => ({}));
  expect(await prove((asked) => key.get(asked))).toBe('rate_limited');
  expect(await codeOf(await who.post('/api/account/passkeys/options'))).toBe('reauthentication_required');
});

test('the last passkey of somebody without a password stays; once a password is set it can go', async () => {
  const { who, add, removeAll, withoutPassword } = await world();
  await add();
  await add();
  await withoutPassword();
  expect(await (await who.get('/api/account')).json()).toMatchObject({ hasPassword: false });
  expect(await removeAll()).toEqual(['removed', 'only_way_in']);
  const next = 'zebra kiosk volcano plinth';
  expect((await who.post('/api/account/password', { next })).status).toBe(204);
  expect(await removeAll()).toEqual(['removed']);
});

test('of two last passkeys that are removed at the same time one stays', async () => {
  const { who, add, withoutPassword } = await world();
  await add();
  await add();
  await withoutPassword();
  const { passkeys } = (await (await who.get('/api/account')).json()) as Account;
  const answers = await Promise.all(
    passkeys.map(({ passkeyId }) => who.delete(`/api/account/passkeys/${passkeyId}`)),
  );
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 409]);
});

test('where the company has a sign-in of its own, the last passkey can go', async () => {
  const { add, removeAll, withoutPassword, sso } = await world();
  await add();
  await withoutPassword();
  await sso({ enabled: true, only_sso: false, tested: null });
  expect(await removeAll()).toEqual(['removed']);
});

test('where single sign-on is the only way, an administrator keeps the last second factor, unless it has been tested', async () => {
  const { url, add, removeAll, sso } = await world('admin@acme.example', 'admin-password');
  await add();
  await sso({ enabled: true, only_sso: true, tested: null });
  // The password is no way in alone.
  expect(await removeAll()).toEqual(['only_way_in']);
  await server.query(url, `UPDATE sso_connections SET tested = '\\x00'`);
  expect(await removeAll()).toEqual(['removed']);
});
