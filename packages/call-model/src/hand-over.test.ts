import { describe, expect, it } from 'vitest';
import { handOverDeadline } from './index.ts';
import { BOB, CAROL, LAPTOP, START, User, callId, connected, desk, line } from './user.test-support.ts';

/** A call with Bob at the laptop that is on its way to the desk phone. */
const pushed = (): User => talking().handOver('a', 'desk_phone');
const talking = (): User => new User().leg('a', { state: connected(), owner: LAPTOP });
/** A call at the desk phone that is on its way to the laptop. */
const pulled = (): User => new User().report(desk('p', 'connected')).handOver('seen-1', 'client');

describe('a call on its way', () => {
  it('[CM-13] to the desk phone does not end with the leg', () => {
    const user = pushed().legEnds('a', 'completed').report();
    expect(user.see('a')).toMatchObject({
      state: { name: 'connected' },
      position: { at: 'nowhere' },
      rings: [],
    });
  });

  it('[CM-13] to a client does not end with the desk phone', () => {
    const user = pulled().report();
    expect(user.see('seen-1')).toMatchObject({ state: { name: 'connected' }, position: { at: 'nowhere' } });
    user.leg('seen-1', { state: connected(user.now), owner: LAPTOP });
    expect(user.see('seen-1').position).toEqual({ at: 'client', clientId: LAPTOP });
  });

  it.each([
    ['before', true],
    ['after', false],
  ])('[CM-14 A7] arrives at the desk phone whose report comes %s the end of the leg', (_, isFirst) => {
    const user = pushed();
    if (isFirst) user.report(desk('q', 'connected')).legEnds('a', 'completed');
    else user.legEnds('a', 'completed').report(desk('q', 'connected'));
    expect(user.going).toEqual(['a']);
    expect(user.see('a')).toMatchObject({ state: connected(), position: { at: 'desk_phone' } });
    // The report comes twice.
    expect(user.report(desk('q', 'connected')).going).toEqual(['a']);
    expect(user.call('a').handOver).toBeUndefined();
    expect(user.report().cause('a')).toBe('completed');
  });

  it('[CM-14] is at the desk phone from its report on, though the leg is still there', () => {
    const user = pushed().report(desk('q', 'connected'));
    expect(user.see('a').position).toEqual({ at: 'desk_phone' });
    expect(user.legEnds('a', 'completed').see('a').position).toEqual({ at: 'desk_phone' });
  });

  it('[CM-14 A7] a desk phone that does not answer by itself rings first', () => {
    const user = pushed().report(desk('q', 'alerting')).legEnds('a', 'completed');
    expect(user.see('a')).toMatchObject({ rings: ['desk_phone'], state: { name: 'connected' } });
    user.timePasses(6);
    expect(user.see('a')).toMatchObject({ rings: ['desk_phone'], state: { name: 'ringing' } });
    expect(user.report(desk('q', 'connected')).see('a').state).toEqual(connected());
  });

  it.each([
    ['before', true],
    ['after', false],
  ])('[CM-14 A6] is brought here with the line reported %s the leg is answered', (_, isFirst) => {
    const user = pulled();
    const answered = { state: connected(user.now), owner: LAPTOP };
    const both = [line('q', 'connected'), desk('p', 'connected')];
    if (isFirst) user.report(...both).leg('seen-1', answered);
    else user.leg('seen-1', answered).report(...both);
    expect(user.going).toEqual(['seen-1']);
    // The desk phone is still said to have it.
    expect(user.see('seen-1').position).toEqual({ at: 'client', clientId: LAPTOP });
    user.gone([line('q', 'connected')], desk('p', 'connected'), 'transferred');
    expect(user.see('seen-1')).toMatchObject({ position: { at: 'client' }, state: { answeredAt: START } });
    expect(user.legEnds('seen-1', 'completed').cause('seen-1')).toBe('completed');
  });

  it('[CM-14 A6] a ringing call that is brought here arrives when it is answered here', () => {
    const user = new User().report(desk('p', 'alerting')).handOver('seen-1', 'client').report();
    user.leg('seen-1');
    expect(user.see('seen-1')).toMatchObject({ state: { name: 'ringing' }, rings: [] });
    user.leg('seen-1', { state: connected(user.now), owner: LAPTOP });
    expect(user.see('seen-1')).toMatchObject({
      state: connected(user.now - 1_000),
      position: { at: 'client' },
    });
  });

  it('[CM-14] goes back and forth, and is each time where it was sent last', () => {
    const user = pushed().report(desk('p', 'connected')).legEnds('a', 'completed');
    user.handOver('a', 'client').leg('a', { state: connected(user.now), owner: LAPTOP });
    expect(user.see('a').position).toEqual({ at: 'client', clientId: LAPTOP });
    user.report(line('p', 'connected')).handOver('a', 'alternative');
    user.report({ ...desk('r', 'connected'), place: 'alternative' }).legEnds('a', 'completed');
    expect(user.see('a').position).toEqual({ at: 'alternative' });
  });

  it('[CM-15 A7] has left for good when its report never comes', () => {
    const user = pushed().legEnds('a', 'completed').timePasses(3);
    expect(user.going).toEqual(['a']);
    expect(user.timePasses(3).cause('a')).toBe('transferred');
    // Late is too late: it is shown as what it is, a call at the desk phone.
    expect(user.report(desk('q', 'connected')).going).toEqual(['seen-1']);
  });

  it('[CM-15] is where it was when it did not leave', () => {
    const user = pushed().timePasses(6);
    expect(user.see('a')).toMatchObject({ state: connected(), position: { at: 'client' } });
    expect(user.call('a').handOver).toBeUndefined();
    expect(user.asks(LAPTOP, 'hold', 'a')).toBe('yes');
  });

  it('[CM-15] says when time is up, the first first', () => {
    const user = talking();
    expect(handOverDeadline(user.state)).toBeUndefined();
    user.handOver('a', 'desk_phone', 9);
    const late = user.at + 9_000;
    expect(handOverDeadline(user.state)).toBe(late);
    user.leg('b', { state: connected(), owner: LAPTOP }).handOver('b', 'parked', 2);
    expect(handOverDeadline(user.state)).toBe(user.at + 2_000);
    expect(handOverDeadline(user.timePasses(2).state)).toBe(late);
  });

  it('[CM-15] whose time is up changes nothing else', () => {
    expect(talking().timePasses(100).changed).toEqual([]);
    expect(pushed().timePasses(6).changed).toEqual([callId('a')]);
  });

  it('[CM-18] to a client, and hung up on the way, was completed', () => {
    expect(pulled().report().handOverFails('seen-1').cause('seen-1')).toBe('completed');
    expect(pulled().report().timePasses(6).cause('seen-1')).toBe('completed');
    const said = pulled().gone([], desk('p', 'connected'), 'failed');
    expect(said.handOverFails('seen-1').cause('seen-1')).toBe('failed');
  });

  it('[CM-18] to a client before anybody answered, and hung up on the way, was missed', () => {
    const user = new User().report(desk('p', 'alerting')).handOver('seen-1', 'client').report();
    expect(user.handOverFails('seen-1').cause('seen-1')).toBe('cancelled');
  });

  it('[CM-18] elsewhere, and refused: it goes on where it is, or was hung up', () => {
    expect(pushed().handOverFails('a').see('a')).toMatchObject({
      state: connected(),
      position: { at: 'client' },
    });
    expect(pushed().legEnds('a', 'completed').handOverFails('a').cause('a')).toBe('completed');
    expect(pulled().handOverFails('seen-1').see('seen-1').position).toEqual({ at: 'desk_phone' });
    expect(talking().handOverFails('a').changed).toEqual([]);
  });

  it('[CM-18] into the park is parked, and seen there where the platform shows it', () => {
    const user = talking().handOver('a', 'parked').legEnds('a', 'completed');
    expect(user.timePasses(6).cause('a')).toBe('parked');
    const shown = talking().handOver('a', 'parked').legEnds('a', 'completed');
    shown.report({ ...desk('q', 'held', { number: '*71' }), place: 'parked' });
    expect(shown.see('a')).toMatchObject({
      position: { at: 'parked', number: '*71' },
      state: { name: 'held' },
    });
  });

  it.each([-3_600, 3_600])(
    '[CM-15] waits neither longer nor shorter when the clock is set by %s s',
    (seconds) => {
      const user = pushed().legEnds('a', 'completed').clockIsSet(seconds);
      expect(user.timePasses(1).going).toEqual(['a']);
      expect(user.report(desk('q', 'connected')).see('a').position).toEqual({ at: 'desk_phone' });
      const lost = pushed().legEnds('a', 'completed').clockIsSet(seconds).timePasses(6);
      expect(lost.cause('a')).toBe('transferred');
    },
  );

  it('[CM-22] is not what the desk phone begins to call meanwhile', () => {
    const user = pushed().legEnds('a', 'completed');
    const placed = desk('q', 'ringing_out', { direction: 'outgoing', remote: CAROL });
    user.report(placed).report(placed, desk('r', 'connected'));
    expect(user.see('a')).toMatchObject({ remote: BOB, position: { at: 'desk_phone' } });
    expect(user.see('seen-1')).toMatchObject({ remote: CAROL, state: { name: 'ringing' } });
  });

  it('[CM-22] other calls come and go meanwhile', () => {
    const user = pushed().leg('b', { remote: CAROL }).legEnds('b', 'cancelled').legEnds('a', 'completed');
    expect(user.going).toEqual(['a']);
    expect(user.report(desk('q', 'connected', { remote: BOB })).going).toEqual(['a']);
  });

  it('[CM-43] that turns out to be with somebody else leaves what was meant at the desk phone', () => {
    const user = new User().report(desk('p', 'alerting')).handOver('seen-1', 'client');
    user.leg('seen-1', { direction: 'outgoing', state: { name: 'calling' }, owner: LAPTOP });
    user.leg('seen-1', { direction: 'outgoing', state: { name: 'calling' }, owner: LAPTOP, remote: CAROL });
    const answered = connected(user.now + 1_000);
    user.leg('seen-1', { direction: 'outgoing', state: answered, owner: LAPTOP, remote: CAROL });
    user.report(desk('p', 'connected'), line('q', 'connected', { remote: CAROL, direction: 'outgoing' }));
    expect(user.going).toEqual(['seen-1', 'seen-2']);
    expect(user.see('seen-1')).toMatchObject({ remote: CAROL, state: answered, position: { at: 'client' } });
    expect(user.see('seen-2')).toMatchObject({ remote: BOB, position: { at: 'desk_phone' } });
  });
});
