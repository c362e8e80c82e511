import { describe, expect, it } from 'vitest';
import { BOB, CAROL, LAPTOP, User, connected, desk, held, line } from './user.test-support.ts';

describe('a call that the connector has a leg of', () => {
  it('[CM-1] is a call of the user from its first fact to the end of the leg', () => {
    const user = new User().leg('a');
    expect(user.see('a')).toMatchObject({ state: { name: 'ringing' }, direction: 'incoming', remote: BOB });
    user.leg('a', { state: connected(), owner: LAPTOP, media: 'flowing', muted: true });
    expect(user.see('a')).toMatchObject({ state: connected(), media: 'flowing', muted: true });
    user.legEnds('a', 'completed');
    expect(user.see('a').state).toMatchObject({ name: 'ended', cause: 'completed', endedAt: user.now });
  });

  it('[CM-2] does not end before it was answered or had begun, though the clock is set back', () => {
    const answered = new User().leg('a', {
      state: connected(9_000_000),
      owner: LAPTOP,
      startedAt: 8_999_000,
    });
    answered.legEnds('a', 'completed');
    expect(answered.see('a').state).toMatchObject({ answeredAt: 9_000_000, endedAt: 9_000_000 });
    const missed = new User().leg('b', { startedAt: 8_999_000 }).legEnds('b', 'cancelled');
    expect(missed.see('b').state).toMatchObject({ endedAt: 8_999_000 });
    // The desk phone's clock is behind ours.
    const early = new User().leg('c').report(desk('p', 'connected', { answeredAt: 5 }));
    expect(early.report(desk('p', 'connected')).going).toHaveLength(2);
    const behind = new User().leg('d').report(desk('p', 'alerting'));
    behind.report(desk('p', 'connected', { answeredAt: 5 }));
    expect(behind.see('d').state).toMatchObject({
      name: 'connected',
      answeredAt: behind.call('d').startedAt,
    });
  });

  it('[CM-4] stays ended, whatever is still said of its leg', () => {
    const user = new User().leg('a').legEnds('a', 'cancelled');
    const before = user.state;
    expect(user.leg('a', { state: connected(), owner: LAPTOP }).changed).toEqual([]);
    expect(user.legEnds('a', 'completed').changed).toEqual([]);
    expect(user.handOver('a', 'desk_phone').changed).toEqual([]);
    expect(user.state).toBe(before);
    expect(user.legEnds('never heard of', 'completed').changed).toEqual([]);
  });

  it('[CM-5] goes on at the desk phone that rings on, and ends when that stops', () => {
    const user = new User().leg('a').report(desk('p', 'alerting')).legEnds('a', 'media_failed');
    expect(user.see('a')).toMatchObject({ state: { name: 'ringing' }, rings: ['desk_phone'] });
    user.report();
    expect(user.cause('a')).toBe('media_failed');
  });

  it('[CM-5] goes on at the desk phone that has it', () => {
    const user = new User().leg('a').report(desk('p', 'alerting')).report(desk('p', 'connected'));
    user.legEnds('a', 'answered_elsewhere');
    expect(user.see('a')).toMatchObject({ state: { name: 'connected' }, position: { at: 'desk_phone' } });
  });

  it('[CM-9] is with whom the desk phone has it, where it was transferred while it rang', () => {
    const user = new User().leg('a').report(desk('p', 'alerting'));
    user.report(desk('p', 'alerting', { remote: CAROL })).report(desk('p', 'connected', { remote: CAROL }));
    user.legEnds('a', 'answered_elsewhere');
    expect(user.see('a')).toMatchObject({ position: { at: 'desk_phone' }, remote: CAROL });
  });

  it('[CM-38] is the call at the desk phone that was answered before its INVITE came', () => {
    const user = new User().report(desk('p', 'alerting')).report(desk('p', 'connected'));
    user.leg('late').legEnds('late', 'answered_elsewhere');
    expect(user.call('late').end).toMatchObject({ sameAs: 'seen-1' });
    expect(user.see('seen-1')).toMatchObject({
      state: { name: 'connected' },
      position: { at: 'desk_phone' },
    });
    // A second caller whom a colleague has picked up is another call.
    user.leg('other', { remote: CAROL }).legEnds('other', 'answered_elsewhere');
    expect(user.cause('other')).toBe('answered_elsewhere');
    expect(user.call('other').end?.sameAs).toBeUndefined();
  });

  it('[CM-38] is the call at the desk phone that was answered and is over before its INVITE came', () => {
    const user = new User().report(desk('p', 'alerting')).report(desk('p', 'connected')).report();
    expect(user.cause('seen-1')).toBe('completed');
    user.leg('late', { startedAt: user.now }).legEnds('late', 'answered_elsewhere');
    expect(user.call('late').end).toMatchObject({ sameAs: 'seen-1' });
  });

  it('[CM-38] is that call as well when it was told to be over, and not for long', () => {
    const user = new User().report(desk('p', 'alerting')).report(desk('p', 'connected')).report();
    user.forget('seen-1');
    user.leg('late', { startedAt: user.now }).legEnds('late', 'answered_elsewhere');
    expect(user.call('late').end).toMatchObject({ sameAs: 'seen-1' });
    // One leg for one call: the next from that number is a call of its own, which a colleague has answered.
    user.leg('next', { startedAt: user.now }).legEnds('next', 'answered_elsewhere');
    expect(user.call('next').end?.sameAs).toBeUndefined();
    user.report(desk('q', 'alerting')).report(desk('q', 'connected')).report();
    user.forget('seen-2').timePasses(20);
    user.leg('later', { startedAt: user.now }).legEnds('later', 'answered_elsewhere');
    expect(user.call('later').end?.sameAs).toBeUndefined();
  });

  it('[CM-6] is not declined for the desk phone that rings on when a client declines it', () => {
    const user = new User().leg('a').report(desk('p', 'alerting')).legEnds('a', 'declined');
    expect(user.see('a').rings).toEqual(['desk_phone']);
    user.report(desk('p', 'connected'));
    expect(user.see('a')).toMatchObject({ state: { name: 'connected' }, position: { at: 'desk_phone' } });
    expect(user.report().cause('a')).toBe('completed');
  });

  it('[CM-6] was declined when the platform stops ringing the desk phone as well', () => {
    const user = new User().leg('a').report(desk('p', 'alerting')).legEnds('a', 'declined');
    expect(user.gone([], desk('p', 'alerting'), 'cancelled').cause('a')).toBe('declined');
  });

  it('[CM-7] began and was answered when it was at the desk phone, not when it came here', () => {
    const user = new User().report(desk('p', 'connected', { answeredAt: START_AT_DESK }));
    user.handOver('seen-1', 'client').leg('seen-1', { state: connected(user.now), owner: LAPTOP });
    expect(user.see('seen-1').state).toMatchObject({ name: 'connected', answeredAt: START_AT_DESK });
    user.leg('seen-1', { state: held(user.now), owner: LAPTOP });
    expect(user.see('seen-1').state).toMatchObject({ name: 'held', answeredAt: START_AT_DESK });
  });

  it('[CM-8] is the call that rings at the desk phone already, when it is asked first', () => {
    const user = new User().report(desk('p', 'alerting'));
    const id = user.callOf({ remote: BOB });
    expect(id).toBe('seen-1');
    user.leg('seen-1');
    expect(user.going).toEqual(['seen-1']);
    expect(user.see('seen-1').rings).toEqual(['clients', 'desk_phone']);
  });

  it('[CM-8] is that call by the Call-ID of the line, though the numbers differ', () => {
    const user = new User().report(desk('p', 'alerting'), line('p', 'alerting', { sipCallId: 'x@pbx' }));
    expect(user.callOf({ remote: CAROL, sipCallId: 'x@pbx' })).toBe('seen-1');
    expect(user.callOf({ remote: CAROL, sipCallId: 'y@pbx' })).toBeUndefined();
  });

  it('[CM-8] is the call that is being brought here', () => {
    const user = new User().report(desk('p', 'connected'));
    expect(user.callOf({ remote: BOB })).toBeUndefined();
    user.handOver('seen-1', 'client');
    expect(user.callOf({ remote: BOB })).toBe('seen-1');
    // A stranger who calls at that moment is not answered by mistake.
    expect(user.callOf({ remote: CAROL })).toBeUndefined();
    expect(user.callOf({ direction: 'outgoing', remote: BOB })).toBeUndefined();
    user.timePasses(6);
    expect(user.callOf({ remote: BOB })).toBeUndefined();
  });

  it('[CM-9] shows who is at the other end after somebody has transferred it', () => {
    const user = new User().leg('a', { state: connected(), owner: LAPTOP });
    expect(user.leg('a', { state: connected(), owner: LAPTOP, remote: CAROL }).see('a').remote).toEqual(
      CAROL,
    );
    const atDesk = new User()
      .report(desk('p', 'connected'))
      .report(desk('p', 'connected', { remote: CAROL }));
    expect(atDesk.see('seen-1').remote).toEqual(CAROL);
    // Another spelling by the platform does not take the name from a call that a leg has named.
    const spelt = new User().leg('b').report(desk('p', 'alerting', { remote: { number: '3401' } }));
    expect(spelt.report(desk('p', 'alerting', { remote: { number: '401' } })).see('b').remote).toEqual(BOB);
  });
});

const START_AT_DESK = 1_003_000;
