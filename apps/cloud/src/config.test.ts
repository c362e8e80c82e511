import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = join(folder, 'key');
writeFileSync(keyFile, Buffer.alloc(32, 7).toString('base64'));
const needed = { DATABASE_URL: 'postgres://x@/y', OFFHOOK_SECRET_KEY_FILE: keyFile };

test('what is needed is enough; the rest has defaults, also when set to nothing', () => {
  expect(
    readConfig({ ...needed, OFFHOOK_PORT: '', OFFHOOK_WEB_ROOT: '', OFFHOOK_ADMIN_ROOT: '' }),
  ).toMatchObject({
    host: '127.0.0.1',
    port: 8470,
    metricsPort: 0,
    webRoot: undefined,
    adminRoot: undefined,
    publicOrigin: undefined,
    ssoPrivate: false,
    logLevel: 'info',
  });
});

const mail = (set: NodeJS.ProcessEnv) => readConfig({ ...needed, ...set }).mail;

test('mails go to a mail server where one is named, else onto a page where that is asked for, else they wait', () => {
  const smtp = {
    OFFHOOK_SMTP_URL: 'smtps://u:p@mail.example.com',
    OFFHOOK_MAIL_FROM: 'Phone <phone@example.com>',
  };
  expect(mail({})).toEqual({ kind: 'none' });
  expect(mail({ OFFHOOK_MAIL_OUTBOX: '1' })).toEqual({ kind: 'outbox' });
  expect(mail({ ...smtp, OFFHOOK_MAIL_OUTBOX: '1' })).toEqual({
    kind: 'smtp',
    url: smtp.OFFHOOK_SMTP_URL,
    from: smtp.OFFHOOK_MAIL_FROM,
  });
});

test('the public address is reduced to its origin', () => {
  const config = readConfig({ ...needed, OFFHOOK_PUBLIC_URL: 'https://phone.example.com/start/' });
  expect(config.publicOrigin).toBe('https://phone.example.com');
});

test.each([
  [{ DATABASE_URL: undefined }, /DATABASE_URL must be the address/u],
  [{ OFFHOOK_SECRET_KEY_FILE: undefined }, /OFFHOOK_SECRET_KEY_FILE must name a file/u],
  [{ OFFHOOK_SECRET_KEY_FILE: '/nowhere/key' }, /cannot be read/u],
  [{ OFFHOOK_PORT: 'http' }, /OFFHOOK_PORT must be a port number/u],
  [{ OFFHOOK_PORT: '70000' }, /OFFHOOK_PORT/u],
  [{ OFFHOOK_LOG_LEVEL: 'loud' }, /OFFHOOK_LOG_LEVEL must be/u],
  [{ OFFHOOK_PUBLIC_URL: 'phone' }, /OFFHOOK_PUBLIC_URL must be/u],
  [{ OFFHOOK_SMTP_URL: 'mail.example.com' }, /OFFHOOK_SMTP_URL must be/u],
  [{ OFFHOOK_SMTP_URL: 'smtp://mail.example.com' }, /OFFHOOK_MAIL_FROM must say/u],
  [{ OFFHOOK_MAIL_FROM: 'nobody' }, /OFFHOOK_MAIL_FROM must be/u],
  [{ OFFHOOK_MAIL_OUTBOX: 'yes' }, /OFFHOOK_MAIL_OUTBOX must be/u],
  [{ OFFHOOK_TRUST_PROXY: 'nginx' }, /OFFHOOK_TRUST_PROXY/u],
])('%o is refused in words', (wrong, message) => {
  expect(() => readConfig({ ...needed, ...wrong })).toThrow(message);
});
