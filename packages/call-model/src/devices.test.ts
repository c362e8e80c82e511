import { describe, expect, it } from 'vitest';
import { BOB, CAROL, LAPTOP, START, User, connected, connection, desk, line } from './user.test-support.ts';

const parked = connection('parked', 'p', 'held', { number: '*71' });

describe('what the platform reports', () => {
  it('[CM-10] ends a call with its last connection, for the reason that the platform gives', () => {
    const user = new User().report(desk('p', 'connected'), connection('alternative', 'p', 'alerting'));
    expect(user.report(desk('p', 'connected')).going).toEqual(['seen-1']);
    expect(user.gone([], desk('p', 'connected'), 'transferred').cause('seen-1')).toBe('transferred');
  });

  it('[CM-10] leaves a call alone that has its leg, whatever is gone', () => {
    const user = new User().leg('a').report(desk('p', 'alerting'), line('p', 'alerting')).report();
    expect(user.see('a')).toMatchObject({ state: { name: 'ringing' }, rings: ['clients'] });
  });

  it('[CM-10] an empty report of a user without calls changes nothing', () => {
    expect(new User().report().changed).toEqual([]);
    expect(new User().leg('a').report().changed).toEqual([]);
  });

  it('[CM-10] the same snapshot after a broken link changes nothing; another one tells what was missed', () => {
    const first = [desk('p', 'connected'), desk('q', 'held', { remote: CAROL })];
    const user = new User().report(...first);
    const before = [user.see('seen-1'), user.see('seen-2')];
    user.report(...structuredClone(first));
    expect([user.see('seen-1'), user.see('seen-2')]).toEqual(before);
    user.report(desk('q', 'connected', { remote: CAROL }), desk('r', 'alerting'));
    expect(user.going).toEqual(['seen-2', 'seen-3']);
    expect(user.cause('seen-1')).toBe('completed');
  });

  it('[CM-11] is a call of its own where the connector has no leg of it', () => {
    const user = new User().report(desk('p', 'ringing_out', { direction: 'outgoing', remote: CAROL }));
    expect(user.see('seen-1')).toMatchObject({
      direction: 'outgoing',
      remote: CAROL,
      state: { name: 'ringing' },
      startedAt: START,
      rings: [],
      position: { at: 'desk_phone' },
      media: 'none',
    });
    expect(user.report(desk('p', 'calling', { direction: 'outgoing' })).see('seen-1').state.name).toBe(
      'calling',
    );
  });

  it('[CM-11] is one call at all devices that ring with it, in one report or in two', () => {
    const mobile = connection('alternative', 'p', 'alerting');
    expect(new User().report(desk('p', 'alerting'), mobile).see('seen-1').rings).toEqual([
      'desk_phone',
      'alternative',
    ]);
    expect(new User().report(desk('p', 'alerting')).report(mobile, desk('p', 'alerting')).going).toEqual([
      'seen-1',
    ]);
  });

  it('[CM-11] the own line alone is no call', () => {
    expect(new User().report(line('p', 'connected')).going).toEqual([]);
  });

  it('[CM-65] rings on at the own line when the desk phone was declined before the INVITE came', () => {
    const user = new User().report(desk('p', 'alerting'), line('p', 'alerting'));
    user.gone([line('p', 'alerting')], desk('p', 'alerting'), 'declined');
    expect(user.going).toEqual(['seen-1']);
    expect(user.callOf({ remote: BOB })).toBe('seen-1');
    user.leg('seen-1');
    expect(user.see('seen-1')).toMatchObject({ state: { name: 'ringing' }, rings: ['clients'] });
    user.leg('seen-1', { state: connected(user.now), owner: LAPTOP }).report(line('p', 'connected'));
    expect(user.going).toEqual(['seen-1']);
    expect(user.legEnds('seen-1', 'completed').going).toEqual([]);
  });

  it('[CM-65] ends with the own line where no INVITE comes', () => {
    const user = new User().report(desk('p', 'alerting'), line('p', 'alerting'));
    user.gone([line('p', 'alerting')], desk('p', 'alerting'), 'declined').report();
    expect(user.cause('seen-1')).toBe('declined');
    // A leg that was there and is over does not come again.
    user.report(desk('q', 'alerting')).leg('seen-2').legEnds('seen-2', 'declined');
    expect(user.report(line('q', 'alerting')).going).toEqual([]);
  });

  it('[CM-11 A9] the alternative number answers for all', () => {
    const mobile = connection('alternative', 'p', 'alerting');
    const user = new User().leg('a').report(desk('p', 'alerting'), mobile, line('p', 'alerting'));
    user.report({ ...mobile, state: 'connected' });
    expect(user.see('a')).toMatchObject({
      rings: [],
      position: { at: 'alternative' },
      state: { name: 'connected' },
    });
    expect(user.legEnds('a', 'answered_elsewhere').going).toEqual(['a']);
    expect(user.report().cause('a')).toBe('completed');
  });

  it('[CM-11 A10] only the desk phone rings where the clients are not to', () => {
    const user = new User().report(desk('p', 'alerting'), line('p', 'alerting'));
    expect(user.see('seen-1').rings).toEqual(['desk_phone']);
    expect(user.gone([], desk('p', 'alerting'), 'no_answer').cause('seen-1')).toBe('no_answer');
  });

  it('[CM-11 A11] a second call rings beside the one at the client', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP }).report(line('p', 'connected'));
    user.report(line('p', 'connected'), desk('q', 'alerting', { remote: CAROL }));
    user.leg('seen-1', { remote: CAROL });
    expect(user.see('seen-1').rings).toEqual(['clients', 'desk_phone']);
    expect(user.see('a')).toMatchObject({ position: { at: 'client' }, rings: [] });
  });

  it('[CM-19] counts the last word where one connection is reported twice', () => {
    const user = new User().report(desk('p', 'alerting'), desk('p', 'connected'));
    expect(user.going).toEqual(['seen-1']);
    expect(user.see('seen-1').state.name).toBe('connected');
  });

  it('[CM-19] takes back what a contradictory report said', () => {
    const user = new User().leg('a').report(desk('p', 'connected')).report(desk('p', 'alerting'));
    expect(user.see('a').rings).toContain('clients');
    expect(user.report().going).toEqual(['a']);
    expect(user.see('a').rings).toEqual(['clients']);
  });

  it('[CM-37] a call that rang is answered when it is seen to be, one that is found when it was there', () => {
    const rang = new User().report(desk('p', 'alerting')).report(desk('p', 'connected'));
    expect(rang.see('seen-1').state).toMatchObject({ answeredAt: rang.now });
    expect(new User().report(desk('p', 'connected')).see('seen-1').state).toMatchObject({
      answeredAt: START,
    });
    const told = new User()
      .report(desk('p', 'alerting'))
      .report(desk('p', 'connected', { answeredAt: START + 7 }));
    expect(told.see('seen-1').state).toMatchObject({ answeredAt: START + 7 });
  });

  it('[CM-35] one id of the platform for what were two calls: the first goes on, the other was joined into it', () => {
    const user = new User().report(desk('p', 'held'), desk('q', 'connected', { remote: CAROL }));
    user.report(desk('r', 'connected', { formerly: ['p', 'q'], members: [BOB, CAROL] }));
    expect(user.going).toEqual(['seen-1']);
    expect(user.see('seen-1').members).toEqual([BOB, CAROL]);
    expect(user.cause('seen-2')).toBe('joined');
    expect(user.report().cause('seen-1')).toBe('completed');
  });

  it('[CM-35] keeps a call that somebody else has transferred', () => {
    const user = new User().report(desk('p', 'connected'));
    user.report(desk('r', 'connected', { formerly: ['p'], remote: CAROL }));
    expect(user.going).toEqual(['seen-1']);
    expect(user.see('seen-1').remote).toEqual(CAROL);
  });

  it('[CM-36] a call that is put away by the platform stays that call, and rings again when it comes back', () => {
    const user = new User().report(desk('p', 'connected')).report(parked);
    expect(user.see('seen-1')).toMatchObject({
      position: { at: 'parked', number: '*71' },
      state: { name: 'held' },
    });
    user.report(desk('p', 'alerting'));
    expect(user.see('seen-1')).toMatchObject({ state: { name: 'ringing' }, rings: ['desk_phone'] });
    expect(user.gone([], desk('p', 'alerting'), 'cancelled').cause('seen-1')).toBe('completed');
  });

  it('[CM-36] two parked calls come back one by one', () => {
    const other = connection('parked', 'q', 'held', { number: '*72', remote: CAROL });
    const user = new User().report(desk('p', 'connected'), desk('q', 'held', { remote: CAROL }));
    user.report(parked, desk('q', 'held', { remote: CAROL })).report(parked, other);
    expect(user.going).toEqual(['seen-1', 'seen-2']);
    user.handOver('seen-2', 'client').leg('seen-2', { remote: CAROL, state: connected(), owner: LAPTOP });
    user.report(parked, line('q2', 'connected', { remote: CAROL }));
    expect(user.see('seen-1').position).toMatchObject({ at: 'parked', number: '*71' });
    expect(user.see('seen-2').position).toEqual({ at: 'client', clientId: LAPTOP });
  });
});
