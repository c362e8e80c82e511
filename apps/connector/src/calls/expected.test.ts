import { VirtualClock } from '@offhook/testkit';
import { expect, test } from 'vitest';
import { id } from '../testing/ids.ts';
import { clockOn } from '../testing/virtual-clock.ts';
import { ExpectedCalls } from './expected.ts';

const anna = id.user('anna');
const pulled = {
  userId: anna,
  clientId: id.client('anna-tab'),
  offer: 'offer',
  callId: id.call('pulled'),
  arrived: () => {},
};

test('an INVITE of a call that rings already is not the one that was asked for, which comes later', () => {
  const expected = new ExpectedCalls(clockOn(new VirtualClock()));
  expected.add(pulled, 6_000, () => {});
  expect(expected.take(anna, id.call('somebody-elses'))).toBeUndefined();
  expect(expected.take(anna, id.call('pulled'))).toBe(pulled);
  expect(expected.take(anna)).toBeUndefined();
});

test('an INVITE that nobody knows is taken for it: platforms show whom they like as the caller', () => {
  const expected = new ExpectedCalls(clockOn(new VirtualClock()));
  expected.add(pulled, 6_000, () => {});
  expect(expected.take(anna)).toBe(pulled);
});
