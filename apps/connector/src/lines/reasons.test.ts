import { describe, expect, test } from 'vitest';
import { reasonOf } from './reasons.ts';

describe('why a line is not registered, in words', () => {
  test('403 with Warning 399 carries what the PBX says [RFC3261-20.43]', () => {
    const why = {
      kind: 'response',
      status: 403,
      reason: 'Forbidden',
      warning: '399 pbx "Check provisioning"',
    } as const;
    expect(reasonOf(why)).toBe(
      'The telephone system forbids this line to register; check how it is set up there (403 Forbidden): Check provisioning',
    );
  });

  test.each([
    [401, 'user name or password'],
    [404, 'does not know this line'],
    [500, 'failed'],
    [503, 'overloaded'],
    [488, 'refused the registration'],
  ])('%i is told apart', (status, words) => {
    expect(reasonOf({ kind: 'response', status, reason: 'Said so' })).toContain(words);
    expect(reasonOf({ kind: 'response', status, reason: 'Said so' })).toContain(
      `(${String(status)} Said so)`,
    );
  });

  test('silence and an unreachable PBX say what to check', () => {
    expect(reasonOf({ kind: 'timeout' })).toContain('does not answer');
    expect(reasonOf({ kind: 'transport', text: 'connection refused' })).toContain('connection refused');
  });

  test('a Warning that is no Warning is shown as it came, within the contract’s bounds', () => {
    const why = { kind: 'response', status: 403, reason: 'No', warning: 'x'.repeat(1000) } as const;
    expect(reasonOf(why)).toHaveLength(300);
  });
});
