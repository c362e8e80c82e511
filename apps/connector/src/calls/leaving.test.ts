import { VirtualClock } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { clockOn } from '../testing/virtual-clock.ts';
import { LeavingLegs } from './leaving.ts';

test('what leaves by a transfer of SIP has left for what it was asked for; what is refused or fails otherwise, for that', async () => {
  const leaving = new LeavingLegs<object>(clockOn(new VirtualClock()));
  const [parked, busy] = [{}, {}];
  await leaving.during([parked, busy], 'parked', () => Promise.resolve());
  expect(leaving.causeOf(parked, 'transferred')).toBe('parked');
  expect(leaving.causeOf(busy, 'failed')).toBe('failed');
});
