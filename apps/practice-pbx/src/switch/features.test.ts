import { describe, expect, it } from 'vitest';
import { deviceId } from './api.ts';
import type { SwitchCommand } from './api.ts';
import { Rig, legs } from './rig.test-support.ts';

const anna = deviceId('101');

function withFeatures(...commands: readonly SwitchCommand[]): Rig {
  const rig = new Rig();
  for (const command of commands) expect(rig.execute(command)).toEqual({ ok: true });
  return rig.take();
}

const forwardTo = (
  type: 'immediate' | 'busy' | 'noAnswer',
  number: string,
  device = anna,
): SwitchCommand => ({
  kind: 'setForwarding',
  device,
  type,
  active: true,
  target: { kind: 'number', number },
});

describe('a number group', () => {
  it('[PBX-5] the main number rings the desk and the line; who answers first has the call', () => {
    const rig = new Rig();
    rig.dial('201', '101');
    const desk = rig.legTo('101');
    rig.answer('5101');
    expect(rig.ended(desk)).toBe(true);
    expect(rig.states()).toEqual({ 201: 'connected', 5101: 'connected' });
  });

  it('[PBX-5] a call from the line shows the main number, and nobody else can dial the line', () => {
    const rig = new Rig();
    rig.dial('5101', '102');
    expect(rig.of('invite')[0]?.from).toEqual({ number: '101', name: 'Anna' });
    expect(rig.refused(rig.dial('201', '5101'))).toBe(404);
  });

  it('[PBX-5] among one’s own lines a number means the one line', () => {
    const rig = new Rig();
    rig.dial('5101', '101');
    expect(rig.of('invite').map(({ place }) => place.uri.slice(4, 7))).toEqual(['101']);
  });

  it('[PBX-5] routing, and a member that is not ready, say what rings', () => {
    const desk = withFeatures({ kind: 'setRouting', device: anna, routing: 'deskOnly' });
    desk.dial('201', '101');
    expect(desk.of('invite')).toHaveLength(1);
    const notReady = withFeatures({ kind: 'setAgentState', device: anna, state: 'notReady' });
    notReady.dial('201', '101');
    expect(notReady.of('invite').map(({ place }) => place.uri)).toEqual([
      expect.stringContaining('sip:5101@'),
    ]);
    expect(notReady.core.features(anna)?.agents).toContainEqual({ device: anna, state: 'notReady' });
  });

  it('[PBX-6] the alternative number rings, too, after its delay, and takes the call', () => {
    const rig = new Rig();
    const caller = rig.dial('201', '101');
    rig.wait(9999);
    expect(rig.of('invite')).toHaveLength(2);
    rig.wait(1);
    const mobile = rig.answer('+4915550101');
    expect(rig.heard(caller)).toEqual(legs(mobile));
    expect(rig.of('end')).toHaveLength(2);
    expect(rig.of('invite')[2]?.diverted).toEqual([
      { from: { number: '101', name: 'Anna' }, reason: 'no-answer' },
    ]);
  });

  it('[PBX-6] it rings at once where it alone shall, or where nothing else is there', () => {
    const only = withFeatures({ kind: 'setRouting', device: anna, routing: 'alternativeOnly' });
    only.dial('201', '101');
    only.wait(0);
    expect(only.of('invite').map(({ place }) => place.uri.slice(0, 16))).toEqual(['sip:+4915550101@']);
    const rig = new Rig();
    rig.unregister('101');
    rig.unregister('5101');
    rig.dial('201', '101');
    expect(rig.of('invite')).toHaveLength(1);
  });
});

describe('forwarding', () => {
  it('[PBX-7] immediate: only the target rings, and the INVITE says from where and why', () => {
    const rig = withFeatures(forwardTo('immediate', '102'));
    rig.dial('201', '101');
    const [invite, ...more] = rig.of('invite');
    expect(more).toEqual([]);
    expect(invite?.place.uri).toContain('sip:102@');
    expect(invite?.diverted).toEqual([{ from: { number: '101', name: 'Anna' }, reason: 'unconditional' }]);
    expect(rig.story()).toContain('diverted 101 callForwardImmediate');
    expect(rig.core.calls()[0]?.lastRedirection).toBe('101');
  });

  it('[PBX-7] no answer: after its time the devices stop and the target rings', () => {
    const rig = withFeatures(forwardTo('noAnswer', '201', deviceId('102')));
    rig.dial('202', '102');
    const desk = rig.legTo('102');
    rig.ringing(desk).wait(14_999);
    expect(rig.of('invite')).toHaveLength(1);
    rig.wait(1);
    expect(rig.ended(desk)).toBe(true);
    expect(rig.of('invite')[1]?.diverted[0]?.reason).toBe('no-answer');
  });

  it('[PBX-7] busy: a second call goes on, and so does one that the device refuses with 486', () => {
    const rig = withFeatures(forwardTo('busy', '201', deviceId('102')));
    rig.talk('101', '102');
    rig.take().dial('202', '102');
    expect(rig.of('invite').map(({ place }) => place.uri.slice(4, 7))).toEqual(['201']);
    const other = withFeatures(forwardTo('busy', '201', deviceId('102')));
    other.dial('202', '102');
    other.refuse(other.legTo('102'), 486);
    expect(other.of('invite')[1]?.diverted[0]?.reason).toBe('user-busy');
  });

  it('[PBX-7] to the voicemail a message is left for who forwarded', () => {
    const device = deviceId('102');
    const rig = withFeatures({
      kind: 'setForwarding',
      device,
      type: 'immediate',
      active: true,
      target: { kind: 'voicemail' },
    });
    const caller = rig.dial('201', '102');
    rig.give({ kind: 'confirmed', leg: caller, body: undefined });
    expect(rig.heard(caller)).toMatchObject({ kind: 'voicemail', box: '102', purpose: 'leave' });
  });

  it('[PBX-7] in a circle ends, and the caller is told', () => {
    const rig = withFeatures(forwardTo('immediate', '102'), forwardTo('immediate', '101', deviceId('102')));
    expect(rig.refused(rig.dial('201', '101'))).toBe(480);
    expect(rig.core.calls()).toEqual([]);
  });

  it('[PBX-7] switched off it keeps its target, and on again needs none', () => {
    const rig = withFeatures(forwardTo('busy', '102'), {
      kind: 'setForwarding',
      device: anna,
      type: 'busy',
      active: false,
    });
    const [, busy] = rig.core.features(anna)?.forwarding ?? [];
    expect(busy).toMatchObject({ active: false, target: { kind: 'number', number: '102' } });
    const again = { kind: 'setForwarding', device: anna, type: 'busy', active: true } as const;
    expect(rig.execute(again)).toEqual({ ok: true });
    expect(rig.execute({ ...again, type: 'immediate' })).toMatchObject({
      ok: false,
      error: 'invalidParameter',
    });
    expect(rig.execute(forwardTo('busy', '999'))).toMatchObject({ ok: false, error: 'invalidDestination' });
  });

  it('[PBX-8] a device that answers 302 sends the call on', () => {
    const rig = new Rig();
    rig.dial('201', '102');
    rig.refuse(rig.legTo('102'), 302, '202');
    expect(rig.of('invite')[1]?.place.uri).toContain('sip:202@');
    expect(rig.of('invite')[1]?.diverted[0]?.reason).toBe('deflection');
  });
});

describe('who does not want to be called', () => {
  it('[PBX-9] do-not-disturb: nothing rings and the caller is told busy; one’s own devices still reach', () => {
    const rig = withFeatures({ kind: 'setDoNotDisturb', device: anna, on: true });
    expect(rig.refused(rig.dial('201', '101'))).toBe(486);
    expect(rig.story()).toContain('failed 101 doNotDisturb');
    rig.take().dial('5101', '101');
    expect(rig.of('invite')).toHaveLength(1);
  });

  it.each([
    ['secondCall', { rings: 1, refused: undefined, answeredBy: undefined }],
    ['busy', { rings: 0, refused: 486, answeredBy: undefined }],
    ['voicemail', { rings: 0, refused: undefined, answeredBy: 'Voicemail of Ben' }],
  ] as const)('[PBX-10] busy behaviour %s', (behaviour, expected) => {
    const device = deviceId('102');
    const rig = withFeatures({ kind: 'setBusyBehaviour', device, behaviour });
    rig.talk('101', '102');
    const caller = rig.take().dial('201', '102');
    expect({
      rings: rig.of('invite').length,
      refused: rig.refused(caller),
      answeredBy: rig.accepted(caller)?.peer.name,
    }).toEqual(expected);
  });

  it('[PBX-10] busy behaviour alternative', () => {
    const rig = withFeatures({ kind: 'setBusyBehaviour', device: anna, behaviour: 'alternative' });
    rig.talk('5101', '102');
    rig.take().dial('201', '101');
    expect(rig.of('invite')[0]?.place.uri).toContain('sip:+4915550101@');
  });
});

describe('numbers', () => {
  it('[PBX-11] outside is refused to who is barred, an emergency is not', () => {
    const rig = new Rig();
    expect(rig.refused(rig.dial('202', '0030123456'))).toBe(403);
    expect(rig.accepted(rig.dial('202', '112'))).toBeDefined();
    rig.take().dial('201', '0030123456');
    expect(rig.of('invite')[0]?.place.uri).toContain('sip:+4930123456@');
  });

  it('[PBX-12] a call-through from the alternative number goes on under the office number', () => {
    const rig = new Rig();
    rig.dial('+4915550101', '*99201');
    expect(rig.of('invite')[0]?.from).toEqual({ number: '101', name: 'Anna' });
    expect(rig.refused(rig.dial('+4930123456', '*99201'))).toBe(403);
  });

  it.each([
    ['*21*102', (rig: Rig) => rig.core.features(deviceId('201'))?.forwarding[0]?.active],
    [
      '*61*500',
      (rig: Rig) => rig.core.features(deviceId('201'))?.forwarding[2]?.target?.kind === 'voicemail',
    ],
    ['*25', (rig: Rig) => rig.core.features(deviceId('201'))?.doNotDisturb],
    ['*37*102', (rig: Rig) => rig.core.callBacks().length === 1],
  ])('[PBX-16] the code %s is carried out, answered with a tone and hung up', (code, isDone) => {
    const rig = new Rig();
    const caller = rig.dial('201', code);
    rig.give({ kind: 'confirmed', leg: caller, body: undefined });
    expect(rig.heard(caller)).toEqual({ kind: 'sound', sound: 'confirm' });
    expect(isDone(rig)).toBe(true);
    rig.give({ kind: 'played', leg: caller });
    expect(rig.ended(caller)).toBe(true);
  });

  it('[PBX-16] a code that may not be is refused with 403', () => {
    const rig = new Rig();
    expect(rig.refused(rig.dial('202', '*21*0030123456'))).toBe(403);
    expect(rig.refused(rig.dial('201', '*21*999'))).toBe(403);
    expect(rig.refused(rig.dial('+4930123456', '*25'))).toBe(403);
  });

  it('[PBX-18] each change of a setting is told once, and no change is not', () => {
    const rig = withFeatures();
    const on = { kind: 'setDoNotDisturb', device: anna, on: true } as const;
    rig.execute(on);
    rig.execute(on);
    rig.execute({ kind: 'setMessageWaiting', device: anna, messages: { fresh: 2, old: 0 } });
    expect(rig.events.flatMap((event) => (event.kind === 'features' ? event.changed : []))).toEqual([
      'doNotDisturb',
      'messageWaiting',
    ]);
  });
});
