import { TenantId, UserId, type Me } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { beginning, domainOf, readCode, step, type SignInEvent, type SignInState } from './flow.ts';

const me: Me = {
  userId: UserId.parse('u1'),
  tenantId: TenantId.parse('t1'),
  tenantName: 'Demo',
  email: 'anna@demo.example',
  name: 'Anna',
  role: 'user',
};

const run = (...events: SignInEvent[]): SignInState => events.reduce<SignInState>(step, beginning);
const secondFactor: SignInEvent = {
  name: 'answered',
  result: { state: 'second_factor', ticket: 't', methods: ['totp', 'recovery_code'] },
};

describe('the first factor', () => {
  it('a right password signs in', () => {
    expect(
      run({ name: 'asked', of: 'password' }, { name: 'answered', result: { state: 'signed_in', me } }),
    ).toEqual({ name: 'done', me });
  });

  it('a wrong one is told, and the next attempt takes the words away', () => {
    const refused = run(
      { name: 'asked', of: 'password' },
      { name: 'failed', problem: 'invalid_credentials' },
    );
    expect(refused).toMatchObject({ busy: undefined, problem: 'invalid_credentials' });
    expect(step(refused, { name: 'asked', of: 'password' })).toMatchObject({
      busy: 'password',
      problem: undefined,
    });
  });

  it('the ways of the domain stay known through a refusal', () => {
    const methods = { sso: { name: 'Entra', startUrl: '/go' }, passwordAllowed: false };
    expect(
      run({ name: 'methods_known', methods }, { name: 'failed', problem: 'sso_required' }),
    ).toMatchObject({ methods, problem: 'sso_required' });
  });

  it('who goes to the company’s sign-in page goes, whatever comes afterwards', () => {
    expect(
      run({ name: 'left', to: '/go' }, { name: 'failed', problem: 'timeout' }, { name: 'back' }),
    ).toEqual({
      name: 'leaving',
      to: '/go',
    });
  });
});

describe('the second factor', () => {
  it('a passkey is asked for first, else the app; what is not offered cannot be chosen', () => {
    expect(run(secondFactor)).toMatchObject({ name: 'second', chosen: 'totp' });
    const withPasskey = run({
      name: 'answered',
      result: { state: 'second_factor', ticket: 't', methods: ['totp', 'passkey'], passkey: {} },
    });
    expect(withPasskey).toMatchObject({ chosen: 'passkey' });
    expect(step(withPasskey, { name: 'chosen', method: 'recovery_code' })).toEqual(withPasskey);
  });

  it('a wrong code stays with the code, and another way begins without reproach', () => {
    const wrong = run(
      secondFactor,
      { name: 'asked', of: 'code' },
      { name: 'failed', problem: 'code_invalid' },
    );
    expect(wrong).toMatchObject({ name: 'second', problem: 'code_invalid' });
    expect(step(wrong, { name: 'chosen', method: 'recovery_code' })).toMatchObject({
      chosen: 'recovery_code',
      problem: undefined,
    });
  });

  it('when it took too long it begins anew, with the reason; and on request without', () => {
    expect(run(secondFactor, { name: 'failed', problem: 'ticket_expired' })).toEqual({
      ...beginning,
      problem: 'ticket_expired',
    });
    expect(run(secondFactor, { name: 'back' })).toEqual(beginning);
  });
});

it.each([
  ['anna@berger.example', 'berger.example'],
  [' anna@Mail.Berger.example ', 'mail.berger.example'],
  ['anna@berger', undefined],
  ['anna', undefined],
  ['', undefined],
])('the domain of “%s” is %s', (email, domain) => {
  expect(domainOf(email)).toBe(domain);
});

it.each([
  ['123 456', 'totp', { method: 'totp', code: '123456' }],
  ['abcde-fghij', 'totp', { method: 'recovery_code', code: 'abcde-fghij' }],
  [' abcde-fghij ', 'recovery_code', { method: 'recovery_code', code: 'abcde-fghij' }],
  ['12345', 'totp', { problem: 'code_invalid' }],
  ['123456', 'recovery_code', { problem: 'code_invalid' }],
  ['  ', 'totp', { problem: 'missing_code' }],
] as const)('“%s” where %s is asked for is %j', (typed, chosen, read) => {
  expect(readCode(typed, chosen, ['totp', 'recovery_code'])).toEqual(read);
});

it('a recovery code is none where none is taken', () => {
  expect(readCode('abcde-fghij', 'totp', ['totp'])).toEqual({ problem: 'code_invalid' });
});
