import { expect, test } from 'vitest';
import { checkCompanyAccount, identityOf } from './identity.ts';

const domains = ['acme.example', 'waiting.example'];

test.each([
  ['Anna@Acme.example', 'Anna', { email: 'anna@acme.example', name: 'Anna' }],
  [' anna@acme.example ', undefined, { email: 'anna@acme.example', name: 'anna@acme.example' }],
  ['anna@acme.example', ' An\u202ena\n ', { email: 'anna@acme.example', name: 'An na' }],
])('%j named %j is somebody', (email, name, identity) => {
  expect(identityOf({ email, name }, { domains, proved: ['acme.example'] })).toEqual(identity);
});

test.each([
  [undefined, 'email_missing'],
  ['', 'email_missing'],
  ['anna', 'email_missing'],
  ['anna@acme.example@evil.example', 'email_missing'],
  ['anna@acme.example\u0000.evil.example', 'email_missing'],
  ['anna@evil.example', 'domain_not_allowed'],
  ['anna@waiting.example', 'domain_unproved'],
  ['anna@sub.acme.example', 'domain_not_allowed'],
  ['anna@acme.example.evil.example', 'domain_not_allowed'],
])('%j is nobody', (email, fault) => {
  expect(() => identityOf({ email }, { domains, proved: ['acme.example'] })).toThrow(fault);
});

test('at Google an account with a company’s address has to be the company’s', () => {
  const google = 'https://accounts.google.com';
  expect(() => checkCompanyAccount(google, undefined, domains)).toThrow('domain_not_allowed');
  expect(() => checkCompanyAccount(google, 'evil.example', domains)).toThrow('domain_not_allowed');
  expect(() => checkCompanyAccount(google, 'Acme.example', domains)).not.toThrow();
  expect(() => checkCompanyAccount('https://login.acme.example', undefined, domains)).not.toThrow();
});
