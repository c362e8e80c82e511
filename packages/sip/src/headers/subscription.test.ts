import { describe, expect, test } from 'vitest';
import { withFields } from './fields.test-support.ts';
import {
  allowedEvents,
  eventOf,
  formatEvent,
  formatSubscriptionState,
  isSameEvent,
  parseEvent,
  parseSubscriptionState,
  SUBSCRIPTION_REASONS,
  subscriptionState,
} from './subscription.ts';

const same = (left: string, right: string) => {
  const [a, b] = [parseEvent(left), parseEvent(right)];
  return a !== undefined && b !== undefined && isSameEvent(a, b);
};

describe('Event', () => {
  test('[RFC6665-8.2.1] package, templates, id and parameters', () => {
    expect(parseEvent('message-summary')).toMatchObject({ package: 'message-summary' });
    const event = parseEvent('dialog;call-id="a@b" ; id=93809;to-tag=1');
    expect(event).toMatchObject({ package: 'dialog', id: '93809' });
    expect(event?.params.get('to-tag')).toBe('1');
    expect(event && formatEvent(event)).toBe('dialog;id=93809;call-id="a@b";to-tag=1');
    expect(formatEvent({ package: 'refer' })).toBe('refer');
    expect(['', ';id=1', 'a b', 'dialog;id', 'dialog;id="x"', 'dialog;id=1;id=2'].map(parseEvent)).toEqual(
      Array(6).fill(undefined),
    );
  });

  test('[RFC6665-8.2.1] package and id are compared octet by octet, other parameters are not', () => {
    expect(same('refer;id=1', 'refer;id=1;x=y')).toBe(true);
    expect([same('refer;id=1', 'refer'), same('refer;id=a', 'refer;id=A'), same('refer', 'Refer')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('[RFC6665-4.1.2.2] exactly one stands in a message', () => {
    expect(eventOf(withFields(['o', 'dialog']))?.package).toBe('dialog');
    expect(eventOf(withFields())).toBeUndefined();
    expect(eventOf(withFields(['Event', 'dialog'], ['Event', 'dialog']))).toBeUndefined();
  });
});

describe('Subscription-State', () => {
  test.each([
    ['active;expires=3600', { state: 'active', expires: 3_600 }],
    ['Pending', { state: 'pending' }],
    ['active;expires=soon', { state: 'active' }],
    [
      'terminated;reason=probation;retry-after=60',
      { state: 'terminated', reason: 'probation', retryAfter: 60 },
    ],
    ['terminated;reason=new;expires=5', { state: 'terminated' }],
  ])('[RFC6665-8.2.3] %j', (text, expected) => {
    const parsed = parseSubscriptionState(text);
    expect(parsed).toEqual(expected);
    expect(parsed && parseSubscriptionState(formatSubscriptionState(parsed))).toEqual(expected);
  });

  test('[RFC6665-4.1.3] every reason', () => {
    for (const reason of SUBSCRIPTION_REASONS) {
      expect(parseSubscriptionState(`terminated;reason=${reason.toUpperCase()}`)).toEqual({
        state: 'terminated',
        reason,
      });
    }
  });

  test('[RFC6665-8.2.3] other states, several and unreadable ones are none', () => {
    expect(['', 'new', 'active;;', 'active;expires=1;expires=2'].map(parseSubscriptionState)).toEqual(
      Array(4).fill(undefined),
    );
    const one = ['Subscription-State', 'active'] as const;
    expect(subscriptionState(withFields(one))).toEqual({ state: 'active' });
    expect(subscriptionState(withFields(one, one))).toBeUndefined();
    expect(subscriptionState(withFields())).toBeUndefined();
  });
});

test('[RFC6665-8.2.2] Allow-Events', () => {
  expect(allowedEvents(withFields(['u', 'dialog, message-summary, a b'], ['Allow-Events', 'refer']))).toEqual(
    ['dialog', 'message-summary', 'refer'],
  );
});
