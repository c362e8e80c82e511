import { describe, expect, it } from 'vitest';
import { deviceId } from './api.ts';
import type { ConnectionRef } from './api.ts';
import { MUSIC, Rig, legs, sdp } from './rig.test-support.ts';

const anna = deviceId('101');

/** 201 has 102 on hold (by the switch) and talks to 202. */
function consulting(): { rig: Rig; held: ConnectionRef; active: ConnectionRef } {
  const rig = new Rig();
  rig.talk('201', '102');
  const held = rig.connection('201');
  rig.execute({ kind: 'consultationCall', connection: held, to: '202' });
  rig.answer('201');
  rig.answer('202');
  const active = { ...held, call: rig.core.calls()[1]?.id ?? held.call };
  rig.take();
  return { rig, held, active };
}

describe('commands', () => {
  it('[PBX-19] makeCall rings the device with auto-answer and then dials for it', () => {
    const rig = new Rig();
    const outcome = rig.execute({ kind: 'makeCall', device: anna, to: '102' });
    expect(outcome).toEqual({ ok: true, connection: { call: 'call-1', device: '101' } });
    expect(rig.of('invite')[0]).toMatchObject({ autoAnswer: true, from: { number: '102', name: 'Ben' } });
    const own = rig.answer('101');
    const other = rig.legTo('102');
    expect(rig.of('invite')[1]).toMatchObject({ autoAnswer: false, from: { number: '101' } });
    rig.ringing(other);
    expect(rig.heard(own)).toEqual({ kind: 'sound', sound: 'ringback' });
    rig.give({ kind: 'accepted', leg: other, body: sdp(), obeys: false });
    expect(rig.heard(own)).toEqual(legs(other));
    expect(rig.story()).toEqual([
      'serviceInitiated 101 newCall',
      'originated 101 newCall',
      'delivered 102 newCall',
      'established 102 newCall',
    ]);
  });

  it('[PBX-19] a phone that obeys is told by NOTIFY to answer, hold and retrieve', () => {
    const rig = new Rig();
    const caller = rig.dial('101', '102');
    const callee = rig.legTo('102');
    rig.give({ kind: 'progress', leg: callee, status: 180, obeys: true });
    const connection = rig.connection('102');
    rig.execute({ kind: 'answerCall', connection });
    rig.give({ kind: 'accepted', leg: callee, body: sdp(), obeys: true });
    rig.execute({ kind: 'holdCall', connection });
    rig.hold(callee);
    rig.execute({ kind: 'retrieveCall', connection });
    expect(rig.of('order').map(({ order }) => order)).toEqual(['talk', 'hold', 'talk']);
    expect(rig.heard(caller)).toEqual(MUSIC);
  });

  it('[PBX-19] any other device is held by the switch itself', () => {
    const rig = new Rig();
    const { caller, callee } = rig.talk('201', '102');
    const connection = rig.connection('201');
    rig.execute({ kind: 'holdCall', connection });
    expect([rig.heard(caller), rig.heard(callee)]).toEqual([{ kind: 'nothing' }, MUSIC]);
    expect(rig.states()).toEqual({ 201: 'held', 102: 'connected' });
    rig.execute({ kind: 'retrieveCall', connection });
    expect(rig.heard(callee)).toEqual(legs(caller));
  });

  it('[PBX-19] alternate, reconnect and transfer work on the two calls of a device', () => {
    const one = consulting();
    expect(one.rig.execute({ kind: 'alternateCall', held: one.held, active: one.active })).toEqual({
      ok: true,
    });
    expect(one.rig.core.call(one.active.call)?.connections[0]?.state).toBe('held');
    const two = consulting();
    two.rig.execute({ kind: 'reconnectCall', held: two.held, active: two.active });
    expect(two.rig.core.calls().map(({ id }) => id)).toEqual([two.held.call]);
    expect(two.rig.states()).toEqual({ 201: 'connected', 102: 'connected' });
    const three = consulting();
    three.rig.execute({ kind: 'transferCall', held: three.held, active: three.active });
    expect(three.rig.states()).toEqual({ 102: 'connected', 202: 'connected' });
  });

  it('[PBX-19] push and pull between one’s own lines: the call moves without do-not-disturb in its way', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '101');
    rig.answer('5101');
    rig.execute({ kind: 'setDoNotDisturb', device: anna, on: true });
    const connection = rig.connection('5101');
    rig.take().execute({ kind: 'singleStepTransferCall', connection, to: '101', autoAnswer: true });
    expect(rig.of('invite')).toMatchObject([{ autoAnswer: true, from: { number: '201' } }]);
    const desk = rig.answer('101');
    expect(rig.heard(caller)).toEqual(legs(desk));
    expect(rig.states()).toEqual({ 201: 'connected', 101: 'connected' });
  });

  it('[PBX-19] what rings is deflected, or cleared, which is a refusal', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '102');
    rig.ringing(rig.legTo('102'));
    rig.execute({ kind: 'deflectCall', connection: rig.connection('102'), to: '202' });
    rig.ringing(rig.legTo('202'));
    expect(rig.states()).toEqual({ 201: 'connected', 202: 'alerting' });
    rig.execute({ kind: 'clearConnection', connection: rig.connection('202') });
    expect(rig.refused(caller)).toBe(480);
  });

  it('[PBX-19] digits go to the other side', () => {
    const rig = new Rig();
    const { callee } = rig.talk('201', '102');
    rig.execute({ kind: 'generateDigits', connection: rig.connection('201'), digits: '12#' });
    expect(rig.of('press')).toEqual([{ kind: 'press', leg: callee, digits: '12#' }]);
  });

  it.each([
    [
      'an unknown call',
      'invalidCall',
      (rig: Rig, ref: ConnectionRef) =>
        rig.execute({ kind: 'holdCall', connection: { ...ref, call: 'x' as ConnectionRef['call'] } }),
    ],
    [
      'somebody not in it',
      'invalidConnection',
      (rig: Rig, ref: ConnectionRef) =>
        rig.execute({ kind: 'holdCall', connection: { ...ref, device: anna } }),
    ],
    [
      'what does not ring',
      'noCallToAnswer',
      (rig: Rig, ref: ConnectionRef) => rig.execute({ kind: 'answerCall', connection: ref }),
    ],
    [
      'what is not held',
      'noHeldCall',
      (rig: Rig, ref: ConnectionRef) => rig.execute({ kind: 'retrieveCall', connection: ref }),
    ],
    [
      'an unknown number',
      'invalidDestination',
      (rig: Rig) => rig.execute({ kind: 'makeCall', device: anna, to: '999' }),
    ],
    [
      'an unknown device',
      'invalidDevice',
      (rig: Rig) => rig.execute({ kind: 'makeCall', device: deviceId('999'), to: '102' }),
    ],
    [
      'keys that are none',
      'invalidParameter',
      (rig: Rig, ref: ConnectionRef) => rig.execute({ kind: 'generateDigits', connection: ref, digits: 'x' }),
    ],
    [
      'nothing to pick up',
      'noCallToPickUp',
      (rig: Rig) => rig.execute({ kind: 'groupPickupCall', device: anna }),
    ],
  ] as const)('[PBX-19] %s is refused with %s', (_, error, run) => {
    const rig = new Rig();
    rig.talk('201', '102');
    const before = rig.states();
    expect(run(rig, rig.connection('201'))).toMatchObject({ ok: false, error });
    expect(rig.states()).toEqual(before);
  });

  it('[PBX-19] a device without a registration is out of service', () => {
    const rig = new Rig();
    rig.give({ kind: 'registrations' });
    rig.unregister('101');
    rig.take().give({ kind: 'registrations' });
    expect(rig.events).toEqual([{ kind: 'service', device: '101', inService: false }]);
    expect(rig.execute({ kind: 'makeCall', device: anna, to: '102' })).toMatchObject({
      error: 'deviceOutOfService',
    });
  });

  it('[PBX-19] servicesPermitted follows the state of the connection', () => {
    const rig = new Rig();
    const { caller } = rig.talk('201', '102');
    const services = () => rig.core.device(deviceId('201'))?.connections[0]?.servicesPermitted;
    expect(services()).toContain('holdCall');
    rig.hold(caller);
    expect(services()).toContain('retrieveCall');
    expect(services()).not.toContain('holdCall');
  });
});
