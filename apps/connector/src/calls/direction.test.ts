import { describe, expect, test } from 'vitest';
import { sdp } from '../testing/scene.ts';
import { answerDirection, holds } from './direction.ts';

describe('hold, seen in a description [RFC3264-8.4]', () => {
  test.each([
    ['sendrecv', false],
    ['recvonly', false],
    ['sendonly', true],
    ['inactive', true],
  ] as const)('%s holds us: %s', (direction, held) => {
    expect(holds(sdp(direction))).toBe(held);
  });
  test('the old way, address 0.0.0.0, holds us', () => {
    expect(holds(sdp().replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0'))).toBe(true);
  });
  test('nonsense holds nobody', () => {
    expect(holds('nonsense')).toBe(false);
  });
});

describe('our direction in an answer [RFC3264-6.1]', () => {
  test.each([
    ['sendrecv', 'sendrecv', 'sendonly'],
    ['sendonly', 'recvonly', 'inactive'],
    ['recvonly', 'sendonly', 'sendonly'],
    ['inactive', 'inactive', 'inactive'],
  ] as const)('to %s it is %s, and %s while we hold', (offered, open, holding) => {
    expect(answerDirection(sdp(offered), false)).toBe(open);
    expect(answerDirection(sdp(offered), true)).toBe(holding);
  });
});
