import { randomBytes } from 'node:crypto';
import { SESSION_COOKIE, type RecoveryCodes, type SignInResult, type TotpSetup } from '@offhook/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { totpCode } from '../../testing/authenticators.ts';
import { openAdmin, startCloud, tenantFile } from '../../testing/cloud.ts';
import { useTestServer } from '../../testing/database.ts';
import { openClient, person, signIn, type Person } from '../../testing/peers.ts';

const server = useTestServer();
const MINUTE = 60_000;
/** The clock of codes, tickets and proofs; nothing else stands still. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

async function world() {
  const url = await server.createDatabase();
  const admin = await openAdmin(url);
  await admin.apply(tenantFile('acme'));
  const cloud = await startCloud(url, admin.secrets);
  const begin = async (name = 'anna') => {
    const body = { email: `${name}@acme.example`, password: `${name}-password` };
    return (await (await person(cloud.url).post('/api/session', body)).json()) as SignInResult;
  };
  const ticketOf = async (name?: string) => {
    const begun = await begin(name);
    if (begun.state !== 'second_factor') throw new Error('no second factor was asked for');
    return begun.ticket;
  };
  const answer = (body: object) => person(cloud.url).post('/api/session/second-factor', body);
  return { url, admin, cloud, begin, ticketOf, answer };
}
const bodyOf = async <Body>(response: Response): Promise<Body> => {
  if (response.status >= 300) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
};
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code;

/** An authenticator app at the account of whoever is signed in. */
async function setUp(who: Person) {
  const { ticket, secret, uri } = await bodyOf<TotpSetup>(await who.post('/api/account/totp'));
  const confirm = { ticket, code: totpCode(secret, Date.now()) };
  const { codes } = await bodyOf<RecoveryCodes>(await who.post('/api/account/totp/confirm', confirm));
  return { secret, uri, codes, codeNow: () => totpCode(secret, Date.now()) };
}

test('with an authenticator app the password alone opens nothing; a code opens a session, once', async () => {
  const { cloud, begin, ticketOf, answer, url } = await world();
  const { codeNow, codes } = await setUp(await signIn(cloud.url, 'anna@acme.example', 'anna-password'));
  expect(codes).toHaveLength(10);
  expect(await begin()).toEqual({
    state: 'second_factor',
    ticket: expect.any(String) as string,
    methods: ['totp', 'recovery_code'],
  });
  const first = await ticketOf();
  // The code that has set it up is used.
  expect(await codeOf(await answer({ ticket: first, method: 'totp', code: codeNow() }))).toBe('code_invalid');
  pass(30_000);
  const code = codeNow();
  const opened = await answer({ ticket: first, method: 'totp', code });
  expect(await bodyOf(opened)).toMatchObject({ state: 'signed_in', me: { email: 'anna@acme.example' } });
  const [cookie = ''] = opened.headers.getSetCookie();
  expect(cookie).toContain(`${SESSION_COOKIE}=`);
  expect((await person(cloud.url, cookie.split(';')[0]).get('/api/history')).status).toBe(200);
  expect(await codeOf(await answer({ ticket: await ticketOf(), method: 'totp', code }))).toBe('code_invalid');
  expect(await codeOf(await answer({ ticket: first, method: 'totp', code }))).toBe('ticket_expired');
  expect(
    await server.query(url, `SELECT method, second_factor FROM sessions ORDER BY created_at DESC LIMIT 1`),
  ).toEqual([{ method: 'password', second_factor: true }]);
  const metrics = await (await fetch(cloud.metricsUrl)).text();
  for (const outcome of ['second_factor', 'code_invalid', 'ticket_expired', 'ok'])
    expect(metrics).toContain(`offhook_sign_ins_total{outcome="${outcome}"}`);
});

test('a ticket lasts five minutes and five tries', async () => {
  const { cloud, ticketOf, answer } = await world();
  const { codeNow } = await setUp(await signIn(cloud.url, 'anna@acme.example', 'anna-password'));
  const late = await ticketOf();
  pass(5 * MINUTE);
  expect(await codeOf(await answer({ ticket: late, method: 'totp', code: codeNow() }))).toBe(
    'ticket_expired',
  );
  const tried = await ticketOf();
  const guess = { ticket: tried, method: 'totp', code: '000000' };
  const guesses = await Promise.all(Array.from({ length: 8 }, () => answer(guess)));
  const outcomes = await Promise.all(guesses.map(codeOf));
  expect(outcomes.filter((code) => code === 'code_invalid')).toHaveLength(5);
  expect(outcomes.filter((code) => code === 'ticket_expired')).toHaveLength(3);
  expect(await codeOf(await answer({ ...guess, code: codeNow() }))).toBe('ticket_expired');
});

test('the same code at the same time with several tickets opens one session', async () => {
  const { cloud, ticketOf, answer } = await world();
  const { codes, codeNow } = await setUp(await signIn(cloud.url, 'anna@acme.example', 'anna-password'));
  pass(30_000);
  for (const proof of [
    { method: 'totp', code: codeNow() },
    { method: 'recovery_code', code: codes[0] },
  ]) {
    const tickets = [await ticketOf(), await ticketOf(), await ticketOf()];
    const answers = await Promise.all(tickets.map((ticket) => answer({ ticket, ...proof })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
  }
});

test('new tickets are no way around the limit of guesses', async () => {
  const { cloud, ticketOf, answer } = await world();
  await setUp(await signIn(cloud.url, 'anna@acme.example', 'anna-password'));
  const codes: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const ticket = await ticketOf();
    for (let tries = 0; tries < 4; tries += 1)
      codes.push(await codeOf(await answer({ ticket, method: 'totp', code: '000000' })));
  }
  expect(codes).toEqual([
    ...Array.from({ length: 10 }, () => 'code_invalid'),
    'rate_limited',
    'rate_limited',
  ]);
});

test('a recovery code is good once, is told by mail and in the log; new ones replace the old', async () => {
  const { cloud, ticketOf, answer, url } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const { codes } = await setUp(anna);
  const [first = '', second = ''] = codes;
  const use = async (code: string) => answer({ ticket: await ticketOf(), method: 'recovery_code', code });
  expect((await use(first.toUpperCase())).status).toBe(200);
  expect(await codeOf(await use(first))).toBe('code_invalid');
  expect(await bodyOf(await anna.get('/api/account'))).toMatchObject({ totp: true, recoveryCodesLeft: 9 });
  await bodyOf(await anna.post('/api/account/recovery-codes'));
  expect(await codeOf(await use(second))).toBe('code_invalid');
  const audit = await server.query<{ action: string }>(
    url,
    `SELECT action FROM audit_log WHERE action LIKE 'account.%' ORDER BY audit_id`,
  );
  expect(audit.map(({ action }) => action)).toEqual([
    'account.totp_on',
    'account.recovery_used',
    'account.recovery_codes',
  ]);
  const mails = await server.query<{ kind: string }>(url, 'SELECT kind FROM mail_outbox');
  expect(mails.map(({ kind }) => kind)).toEqual(['second_factor_changed', 'second_factor_changed']);
  // Neither codes nor secrets are in the database as they are.
  const kept = JSON.stringify(await server.query(url, 'SELECT code_hash::text FROM recovery_codes'));
  for (const code of codes) expect(kept).not.toContain(code.replaceAll('-', ''));
});

test('who takes the app away needs a fresh proof, and signs in with the password alone again', async () => {
  const { cloud, begin } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  await setUp(anna);
  pass(10 * MINUTE);
  for (const act of [
    () => anna.delete('/api/account/totp'),
    () => anna.post('/api/account/totp'),
    () => anna.post('/api/account/recovery-codes'),
    () => anna.post('/api/account/passkeys/options'),
    () => anna.delete('/api/account/passkeys/pky_1'),
    () => anna.post('/api/account/password', { next: 'zebra kiosk volcano plinth' }),
  ])
    expect(await codeOf(await act())).toBe('reauthentication_required');
  const wrong = await anna.post('/api/account/reauthenticate', { password: 'wrong' });
  expect(await codeOf(wrong)).toBe('invalid_credentials');
  expect((await anna.post('/api/account/reauthenticate', { password: 'anna-password' })).status).toBe(204);
  expect((await anna.delete('/api/account/totp')).status).toBe(204);
  expect(await begin()).toMatchObject({ state: 'signed_in' });
  expect(await bodyOf(await anna.get('/api/account'))).toMatchObject({ totp: false, recoveryCodesLeft: 0 });
});

test('a wrong code sets up nothing, and a ticket of another user or kind is none', async () => {
  const { cloud, answer, ticketOf } = await world();
  const anna = await signIn(cloud.url, 'anna@acme.example', 'anna-password');
  const ben = await signIn(cloud.url, 'ben@acme.example', 'ben-password');
  const { ticket, secret } = await bodyOf<TotpSetup>(await anna.post('/api/account/totp'));
  const code = totpCode(secret, Date.now());
  const wrong = await anna.post('/api/account/totp/confirm', { ticket, code: '000000' });
  expect(await codeOf(wrong)).toBe('code_invalid');
  expect(await codeOf(await ben.post('/api/account/totp/confirm', { ticket, code }))).toBe('ticket_expired');
  expect(await codeOf(await answer({ ticket, method: 'totp', code }))).toBe('ticket_expired');
  const unknown = randomBytes(32).toString('base64url');
  expect(await codeOf(await answer({ ticket: unknown, method: 'totp', code }))).toBe('ticket_expired');
  expect((await anna.post('/api/account/totp/confirm', { ticket, code })).status).toBe(200);
  const signingIn = await ticketOf();
  const twisted = await anna.post('/api/account/totp/confirm', { ticket: signingIn, code });
  expect(await codeOf(twisted)).toBe('ticket_expired');
});

test.each([
  ['administrators', ['admin']],
  ['everybody', ['admin', 'anna']],
  ['nobody', []],
])(
  'where the tenant demands a second factor of %s, only the own account is open until there is one',
  async (demand, of) => {
    const { cloud, url } = await world();
    await server.query(url, `UPDATE tenants SET second_factor_for = $1 WHERE tenant_id = 'acme'`, [demand]);
    for (const name of ['admin', 'anna']) {
      const isDemanded = of.includes(name);
      const who = await signIn(cloud.url, `${name}@acme.example`, `${name}-password`);
      const history = await who.get('/api/history');
      expect(history.status).toBe(isDemanded ? 403 : 200);
      if (!isDemanded) continue;
      expect(await codeOf(history)).toBe('second_factor_required');
      expect(await bodyOf(await who.get('/api/session'))).toMatchObject({ secondFactorMissing: true });
      expect(await bodyOf(await who.get('/api/account'))).toMatchObject({ secondFactorMissing: true });
      const shut = await openClient(cloud.url, who, { hello: false });
      expect(await shut.frame('refused')).toMatchObject({ error: { code: 'second_factor_required' } });
      await setUp(who);
      expect((await who.get('/api/history')).status).toBe(200);
      expect(await bodyOf(await who.get('/api/session'))).not.toHaveProperty('secondFactorMissing');
      // Taking it away again shuts the doors at once.
      await who.delete('/api/account/totp');
      expect((await who.get('/api/history')).status).toBe(403);
    }
  },
);
