import { describe, expect, it } from 'vitest';
import { MUSIC, Rig, legs, sdp } from './rig.test-support.ts';

describe('blind transfer', () => {
  it('[PBX-3] who waits hears ringing, then the target; who referred is told and leaves', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    const refer = rig.take().refer(caller, '202');
    const target = rig.legTo('202');
    expect(rig.of('invite')[0]?.from).toEqual({ number: '102', name: 'Ben' });
    rig.ringing(target);
    rig.hold(caller);
    expect(rig.heard(callee)).toEqual({ kind: 'sound', sound: 'ringback' });
    rig.give({ kind: 'accepted', leg: target, body: sdp(), obeys: false });
    expect(rig.reports(refer)).toEqual([180, 200]);
    expect(rig.ended(caller)).toBe(true);
    expect([rig.heard(callee), rig.heard(target)]).toEqual([legs(target), legs(callee)]);
    expect(rig.of('reoffer').map(({ leg, peer }) => [leg, peer.number])).toEqual([[callee, '202']]);
    expect(rig.story()).toContain('transferred');
  });

  it('[PBX-3] where the target is busy the call stands as it stood', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    const refer = rig.refer(caller, '604');
    expect(rig.reports(refer)).toEqual([486]);
    expect(rig.states()).toEqual({ 201: 'connected', 102: 'connected' });
    expect([rig.ended(caller), rig.ended(callee)]).toEqual([false, false]);
  });

  it('[PBX-3] who referred may hang up meanwhile; without an answer nobody is left', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.refer(caller, '202');
    rig.bye(caller);
    expect(rig.ended(callee)).toBe(false);
    rig.refuse(rig.legTo('202'), 486);
    expect(rig.ended(callee)).toBe(true);
    expect(rig.core.calls()).toEqual([]);
  });

  it('[PBX-3] a REFER that names nobody is refused with 400', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    const refer = 99 as Parameters<Rig['reports']>[0];
    rig.give({ kind: 'refer', leg: caller, refer, to: undefined, replaces: undefined });
    expect(rig.of('refuse_refer')).toEqual([{ kind: 'refuse_refer', refer, status: 400 }]);
  });
});

describe('attended transfer', () => {
  it('[PBX-4] the two others talk, and both calls of who transferred end', () => {
    const rig = new Rig();
    const first = rig.talk('201', '102');
    rig.hold(first.caller);
    const second = rig.talk('201', '202');
    const refer = rig.take().refer(first.caller, '202', second.caller);
    expect(rig.reports(refer)).toEqual([200]);
    expect([rig.ended(first.caller), rig.ended(second.caller)]).toEqual([true, true]);
    expect(rig.heard(first.callee)).toEqual(legs(second.callee));
    expect(rig.states()).toEqual({ 102: 'connected', 202: 'connected' });
    expect(rig.of('reoffer').map(({ leg, peer }) => [leg, peer.number])).toEqual([
      [first.callee, '202'],
      [second.callee, '102'],
    ]);
  });

  it('[PBX-4] to a target that still rings: who was held waits for it', () => {
    const rig = new Rig();
    const first = rig.talk('201', '102');
    rig.hold(first.caller);
    const asking = rig.dial('201', '202');
    const target = rig.legTo('202');
    rig.ringing(target);
    rig.refer(first.caller, '202', asking);
    expect(rig.heard(first.callee)).toEqual({ kind: 'sound', sound: 'ringback' });
    rig.give({ kind: 'accepted', leg: target, body: sdp(), obeys: false });
    expect(rig.heard(first.callee)).toEqual(legs(target));
  });

  it('[PBX-4] a dialog that is none of ours is reported with 481, and nothing changes', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    expect(rig.reports(rig.refer(caller, '202', 'unknown'))).toEqual([481]);
    expect(rig.states()).toEqual({ 201: 'connected', 102: 'connected' });
  });
});

describe('INVITE with Replaces', () => {
  it('[RFC3891-3] takes the place of an own call at another device', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.register('102', 7000);
    const taker = rig.take().dial('102', '102', { replaces: callee });
    expect(rig.accepted(taker)).toBeDefined();
    expect(rig.ended(callee)).toBe(true);
    expect(rig.heard(caller)).toEqual(legs(taker));
    expect(rig.core.calls()).toHaveLength(1);
  });

  it('[RFC3891-3] picks up what rings at a colleague, and not in another group', () => {
    const rig = new Rig();
    const caller = rig.dial('101', '102');
    const rung = rig.legTo('102');
    rig.ringing(rung);
    expect(rig.refused(rig.dial('301', '102', { replaces: rung }))).toBe(403);
    const taker = rig.dial('201', '102', { replaces: rung });
    expect(rig.ended(rung)).toBe(true);
    expect(rig.accepted(caller)?.peer.number).toBe('201');
    rig.give({ kind: 'confirmed', leg: taker, body: undefined });
    expect(rig.heard(taker)).toEqual(legs(caller));
  });
});

describe('conferences', () => {
  it('[PBX-14] a room is made by 700, tells its number, and everybody hears all others', () => {
    const rig = new Rig();
    const first = rig.dial('201', '700');
    expect(rig.accepted(first)).toMatchObject({ focus: '70042', peer: { number: '70042' } });
    expect(rig.heard(first)).toEqual(MUSIC);
    const second = rig.dial('102', '70042');
    const third = rig.dial('202', '70042');
    expect(rig.heard(first)).toEqual(legs(second, third));
    expect(rig.heard(second)).toEqual(legs(first, third));
    expect(rig.core.calls()).toMatchObject([{ conference: true }]);
    rig.take().bye(first).bye(second);
    expect(rig.heard(third)).toEqual(MUSIC);
    rig.bye(third);
    expect(rig.core.calls()).toEqual([]);
  });

  it('[PBX-14] both calls of a phone are referred into its room, and it stays', () => {
    const rig = new Rig();
    const a = rig.talk('201', '102');
    const b = rig.talk('201', '202');
    const own = rig.dial('201', '700');
    rig.refer(a.caller, '70042');
    rig.refer(b.caller, '70042');
    expect([rig.ended(a.caller), rig.ended(b.caller)]).toEqual([true, true]);
    expect(rig.heard(own)).toEqual(legs(a.callee, b.callee));
    expect(rig.core.calls()).toHaveLength(1);
  });

  it('[PBX-15] the switch joins two calls of a device, which stays with its active leg', () => {
    const rig = new Rig();
    const first = rig.talk('201', '102');
    const held = rig.connection('201');
    rig.hold(first.caller);
    const second = rig.talk('201', '202');
    const active = { ...held, call: rig.core.calls()[1]?.id ?? held.call };
    expect(rig.take().execute({ kind: 'conferenceCall', held, active })).toEqual({ ok: true });
    expect(rig.ended(first.caller)).toBe(true);
    expect(rig.heard(second.caller)).toEqual(legs(first.callee, second.callee));
    expect(rig.story()).toContain('conferenced');
    expect(rig.of('reoffer').map(({ peer }) => peer.name)).toContain('Conference');
  });

  it('[PBX-15] a third is called into a running call, and two talk on when one leaves', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    const connection = rig.connection('201');
    rig.execute({ kind: 'singleStepConference', connection, to: '202' });
    const third = rig.answer('202');
    expect(rig.heard(caller)).toEqual(legs(callee, third));
    rig.bye(caller);
    expect(rig.heard(callee)).toEqual(legs(third));
  });

  it('[PBX-15] eight and more are mixed', () => {
    const rig = new Rig();
    const members = ['101', '102', '201', '202', '301', '5101', '101', '102', '201'].map((number) =>
      rig.dial(number, '7001'),
    );
    const last = members.at(-1);
    if (last === undefined) throw new Error('nobody');
    expect(rig.heard(last)).toEqual(legs(...members.slice(0, -1)));
  });
});
