import { CallService } from '@offhook/contract';
import { describe, expect, it } from 'vitest';
import { forget } from './index.ts';
import {
  CAROL,
  LAPTOP,
  TABLET,
  User,
  callId,
  connected,
  desk,
  held,
  type LegOptions,
} from './user.test-support.ts';

const here: LegOptions = { state: connected(), owner: LAPTOP };

describe('the gate', () => {
  it('[CM-70] knows no call that is not there, and of one that is over only what can follow', () => {
    const user = new User().leg('a', { direction: 'outgoing', owner: LAPTOP }).legEnds('a', 'busy');
    expect(user.asks(LAPTOP, 'hangUp', 'x')).toBe('call_not_found');
    expect(user.asks(LAPTOP, 'hangUp', 'a')).toBe('call_not_found');
    expect(user.asks(LAPTOP, 'callBack', 'a')).toBe('yes');
    user.state = forget(user.state, callId('a'));
    expect(user.asks(LAPTOP, 'callBack', 'a')).toBe('call_not_found');
    const going = new User().leg('b').state;
    expect(forget(going, callId('b'))).toBe(going);
  });

  it('[CM-71] joins only calls that can be joined, and in either order', () => {
    const user = new User().leg('a', { state: held(), owner: LAPTOP }).leg('b', { ...here, remote: CAROL });
    user.leg('c', { ...here, owner: TABLET });
    expect(user.asks(LAPTOP, 'completeTransfer', 'a', 'b')).toBe('yes');
    expect(user.asks(LAPTOP, 'conference', 'b', 'a')).toBe('yes');
    for (const other of ['a', 'c', 'x', undefined]) {
      expect(user.asks(LAPTOP, 'completeTransfer', 'a', other)).toBe('call_not_permitted');
    }
  });

  it('[CM-72] says in the closest words why not', () => {
    const user = new User().leg('a', here).leg('b');
    expect(user.asks(TABLET, 'answer', 'a')).toBe('call_already_answered');
    expect(user.asks(TABLET, 'reject', 'a')).toBe('call_already_answered');
    expect(user.asks(TABLET, 'hold', 'a')).toBe('call_not_permitted');
    expect(user.asks(TABLET, 'hold', 'b')).toBe('call_not_permitted');
    const elsewhere = new User().leg('a').report(desk('p', 'connected'));
    expect(elsewhere.asks(LAPTOP, 'answer', 'seen-1')).toBe('call_already_answered');
    const taken = new User().leg('a').report(desk('p', 'alerting')).legEnds('a', 'answered_elsewhere');
    expect(taken.asks(LAPTOP, 'answer', 'a')).toBe('call_already_answered');
    const outgoing = new User().leg('a', { ...here, direction: 'outgoing' });
    expect(outgoing.asks(TABLET, 'answer', 'a')).toBe('call_not_permitted');
  });

  it('[CM-73] lets through to each client what it is shown, and nothing else', () => {
    const user = new User().leg('a', here).handOver('a', 'desk_phone').report(desk('p', 'connected'));
    const { permitted } = user.see('a');
    for (const service of CallService.options) {
      const expected = permitted.others.includes(service) && service !== 'completeTransfer';
      expect([service, user.asks(LAPTOP, service, 'a') === 'yes']).toEqual([service, expected]);
    }
  });
});
