import { describe, expect, it } from 'vitest';
import { deviceId } from './api.ts';
import { MUSIC, Rig, legs } from './rig.test-support.ts';

describe('parking', () => {
  it('[PBX-21] a transfer to *70 parks at the first free slot, whose number the parked phone shows', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    const refer = rig.take().refer(caller, '*70');
    expect(rig.of('report')).toContainEqual({ kind: 'report', refer, status: 200, text: 'Parked at *71' });
    expect(rig.ended(caller)).toBe(true);
    expect(rig.heard(callee)).toEqual(MUSIC);
    expect(rig.states()).toEqual({ 102: 'connected', '*71': 'queued' });
    expect(rig.of('reoffer')[0]?.peer.name).toBe('Parked at *71');
    const taker = rig.dial('202', '*71');
    expect(rig.accepted(taker)?.peer.number).toBe('102');
    expect(rig.heard(callee)).toEqual(legs(taker));
    expect(rig.states()).toEqual({ 102: 'connected', 202: 'connected' });
  });

  it('[PBX-21] dialled, *70 parks who is on hold', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.hold(caller);
    const asking = rig.dial('201', '*70');
    expect(rig.accepted(asking)?.peer.name).toBe('Parked at *71');
    expect(rig.heard(callee)).toEqual(MUSIC);
    expect(rig.refused(rig.dial('202', '*70'))).toBe(403);
  });

  it('[PBX-21] nobody fetches it: it rings where it was parked', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    rig.refer(caller, '*70');
    rig.take().wait(60_000);
    const back = rig.answer('201');
    expect(rig.heard(callee)).toEqual(legs(back));
  });

  it('[PBX-21] an empty slot is an unknown number; a parked caller who hangs up frees it', () => {
    const rig = new Rig();
    expect(rig.refused(rig.dial('202', '*71'))).toBe(404);
    const { caller, callee } = rig.talk('201', '102');
    rig.refer(caller, '*70');
    rig.bye(callee);
    expect(rig.core.calls()).toEqual([]);
  });

  it('[PBX-21] who has parked at a hidden line can bring it back there, and it comes back there by itself', () => {
    const rig = new Rig();
    rig.talk('5101', '102');
    const connection = rig.connection('5101');
    rig.execute({ kind: 'parkCall', connection, slot: 4 });
    const slot = { call: connection.call, device: deviceId('*74') };
    rig.take();
    expect(rig.execute({ kind: 'deflectCall', connection: slot, to: '5101', autoAnswer: true })).toEqual({
      ok: true,
    });
    expect(rig.of('invite').map(({ autoAnswer }) => autoAnswer)).toEqual([true]);
    rig.answer('5101');
    rig.execute({ kind: 'parkCall', connection: rig.connection('5101') });
    rig.take().wait(60_000);
    expect(rig.of('invite')).toHaveLength(1);
  });

  it('[PBX-21] by command at a slot of one’s choice, and from there to a device', () => {
    const rig = new Rig();
    const { callee } = rig.talk('201', '102');
    const connection = rig.connection('201');
    expect(rig.execute({ kind: 'parkCall', connection, slot: 4 })).toEqual({ ok: true });
    expect(rig.core.calls()[0]?.parkedAt).toBe('*74');
    expect(rig.execute({ kind: 'unparkCall', slot: 5, device: deviceId('202') })).toMatchObject({
      ok: false,
    });
    const slot = { call: connection.call, device: deviceId('*74') };
    rig.execute({ kind: 'deflectCall', connection: slot, to: '202', autoAnswer: true });
    expect(rig.of('invite').at(-1)?.autoAnswer).toBe(true);
    expect(rig.heard(callee)).toBeDefined();
  });
});

describe('pick-up', () => {
  it('[PBX-22] *8 takes what rings longest in the group', () => {
    const rig = new Rig();
    const far = rig.dial('102', '301');
    rig.ringing(rig.legTo('301')).wait(10);
    const near = rig.dial('101', '102');
    rig.ringing(rig.legTo('102')).wait(10);
    const taker = rig.dial('201', '*8');
    expect(rig.accepted(near)?.peer.number).toBe('201');
    expect(rig.accepted(far)).toBeUndefined();
    expect(rig.heard(near)).toEqual(legs(taker));
    expect(rig.ended(rig.legTo('102'))).toBe(true);
  });

  it('[PBX-22] *8102 takes what rings at 102; where nothing rings the number is unknown', () => {
    const rig = new Rig();
    expect(rig.refused(rig.dial('201', '*8102'))).toBe(404);
    const caller = rig.dial('101', '102');
    rig.ringing(rig.legTo('102'));
    const taker = rig.dial('201', '*8102');
    expect(rig.heard(taker)).toEqual(legs(caller));
    expect(rig.story()).toContain('established 201 callPickup');
  });
});

describe('call-back', () => {
  it('[PBX-23] rings who has set it when the other is free, and then the other', () => {
    const rig = new Rig();
    const { caller } = rig.talk('101', '102');
    rig.execute({ kind: 'callBack', device: deviceId('201'), to: deviceId('102') });
    rig.take().bye(caller);
    expect(rig.of('invite')[0]).toMatchObject({ from: { number: '102' }, autoAnswer: false });
    const back = rig.answer('201');
    const callee = rig.answer('102');
    expect(rig.heard(back)).toEqual(legs(callee));
    expect(rig.core.callBacks()).toEqual([]);
  });

  it('[PBX-23] after no answer it waits until the other has used the telephone', () => {
    const rig = new Rig();
    rig.execute({ kind: 'callBack', device: deviceId('201'), to: deviceId('102') });
    expect(rig.of('invite')).toEqual([]);
    rig.bye(rig.talk('102', '101').caller);
    expect(rig.of('invite').at(-1)?.place.uri).toContain('sip:201@');
  });

  it('[PBX-23] that one’s own call rang there, and was given up, is no use of the telephone', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102');
    rig.ringing(rig.legTo('102'));
    rig.execute({ kind: 'callBack', device: deviceId('201'), to: deviceId('102') });
    rig.take().give({ kind: 'ended', leg: caller, reason: undefined });
    expect(rig.of('invite')).toEqual([]);
    rig.bye(rig.talk('102', '101').caller);
    expect(rig.of('invite').at(-1)?.place.uri).toContain('sip:201@');
  });

  it('[PBX-23] can be taken back', () => {
    const rig = new Rig();
    rig.execute({ kind: 'callBack', device: deviceId('201'), to: deviceId('102') });
    expect(rig.execute({ kind: 'cancelCallBack', device: deviceId('201') })).toEqual({ ok: true });
    expect(rig.core.callBacks()).toEqual([]);
  });
});
