import { languages } from '@offhook/words';
import { describe, expect, test } from 'vitest';
import { mailKinds, type MailKind } from './outbox.ts';
import { preferredLanguage } from './outbox-words.ts';
import { readMail, renderMail } from './render.ts';
import { retryWait } from './sender.ts';

const AT = Date.UTC(2026, 10, 24, 13, 5);
const url = 'https://phone.example.com/account/invitation#a-b_c';
const everything = {
  name: 'Anna <b>Berger</b>',
  tenantName: 'Müller & Söhne',
  inviter: 'Paul "P" Provider',
  url,
  expiresAt: AT,
  at: AT,
  change: 'totp_on',
  reason: 'unpaid\nbills',
  connectorName: 'Office',
  notice: 'Version 9 is no longer supported.',
  sender: 'Anna Berger <anna@acme.example>',
  note: 'I hear gaps.',
  bundle: '{}',
};
const kinds = Object.keys(mailKinds) as MailKind[];
const mailOf = (kind: MailKind) => readMail(kind, everything);

describe.each(languages)('mails in %s', (language) => {
  test.each(kinds)('%s has a subject, both forms, and its link in each', (kind) => {
    const { subject, text, html } = renderMail(mailOf(kind), language, 'Europe/Berlin');
    expect(subject).toMatch(/^[^\n]{5,120}$/u);
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain('Anna &lt;b&gt;Berger&lt;/b&gt;');
    expect(html).not.toContain('<b>');
    expect(html).not.toMatch(/<img|<script|<link|src=/u);
    expect(text).toContain('Anna <b>Berger</b>');
    const hasLink = 'url' in mailKinds[kind].shape;
    expect(text.includes(url)).toBe(hasLink);
    expect(html.split(`href="${url}"`)).toHaveLength(hasLink ? 3 : 1);
    for (const form of [subject, text, html]) expect(form).not.toMatch(/undefined|\[object|\$\{/u);
  });

  test('no two languages say the same, but for names', () => {
    const others = languages.filter((other) => other !== language);
    for (const kind of kinds) {
      const own = renderMail(mailOf(kind), language, 'Europe/Berlin').text;
      for (const other of others) expect(renderMail(mailOf(kind), other, 'Europe/Berlin').text).not.toBe(own);
    }
  });
});

const told = (language: 'en' | 'de', zone: string) =>
  renderMail(mailOf('password_changed'), language, zone).text;

test('instants are those of the tenant’s time zone, as the language writes them', () => {
  expect(told('en', 'Europe/Berlin')).toContain('24 November 2026 at 14:05');
  expect(told('de', 'Europe/Berlin')).toContain('24. November 2026 um 14:05');
  expect(told('de', 'America/New_York')).toContain('24. November 2026 um 08:05');
});

test('a line break in a name makes no second header', () => {
  const mail = readMail('invitation', { ...everything, tenantName: 'Acme\r\nBcc: all@example.com' });
  expect(renderMail(mail, 'en', 'UTC').subject).toBe('Your phone at Acme Bcc: all@example.com');
});

test('waits grow fourfold, up to six hours, and differ', () => {
  const timings = { lookEvery: 1, firstRetry: 30_000, longestRetry: 6 * 3_600_000 };
  expect([1, 2, 3, 9].map((attempts) => retryWait(attempts, timings, 1))).toEqual([
    30_000, 120_000, 480_000, 21_600_000,
  ]);
  expect(retryWait(1, timings, 0)).toBe(15_000);
});

test('the outbox speaks what the browser asks for first of what it can', () => {
  expect(preferredLanguage('pt-BR, ca;q=0.9, en;q=0.8')).toBe('ca');
  expect(preferredLanguage(undefined)).toBe('en');
});
