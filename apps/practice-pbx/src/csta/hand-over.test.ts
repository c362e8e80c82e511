import { siemensData, toCallId, toDeviceId } from '@offhook/csta';
import type { CstaRequest } from '@offhook/csta';
import { describe, expect, it } from 'vitest';
import { ANNA, ANNA_LINE, CALL, CARLA, SLOT, call } from './fake-switch.test-support.ts';
import { CstaLab, shown, styled } from './lab.test-support.ts';
import { openScape4000 } from './personalities/openscape-4000.ts';
import { openScapeBusiness } from './personalities/openscape-business.ts';

const toLine = siemensData({ targetDevice: toDeviceId('N<5101>'), autoAnswer: true });
const pull = {
  name: 'SingleStepTransferCall',
  activeCall: { callID: toCallId(CALL), deviceID: styled('101') },
  transferredTo: styled('101'),
  privateData: toLine,
} as const satisfies CstaRequest;
const talking = call({ [ANNA]: 'connected', [CARLA]: 'connected' });
const rung = call({ [ANNA]: 'connected', [CARLA]: 'connected', [ANNA_LINE]: 'alerting' });
const command = {
  kind: 'singleStepTransferCall',
  connection: { call: CALL, device: ANNA },
  to: ANNA_LINE,
  autoAnswer: true,
} as const;

function talkingLab(options: ConstructorParameters<typeof CstaLab>[0] = {}): CstaLab {
  const lab = new CstaLab(options);
  lab.pbx.running.set(CALL, talking);
  return lab;
}

describe('a call moves between the devices of one person', () => {
  it('[A6] OpenScape Voice answers, and then calls the target', () => {
    const lab = talkingLab();
    expect(lab.answer(pull)).toEqual({ name: 'SingleStepTransferCallResponse' });
    expect(lab.pbx.commands).toEqual([]);
    lab.advance(10);
    expect(lab.pbx.commands).toEqual([command]);
  });

  it('[A6] OpenScape 4000 calls the target, and answers when it rings', () => {
    const lab = talkingLab({ personality: openScape4000 });
    expect(lab.answer(pull)).toBe('no answer');
    expect(lab.pbx.commands).toEqual([command]);
    lab.pbx.connection('delivered', CARLA, 'alerting', rung);
    expect(shown(lab.lastOutcome)).toBe('no answer');
    lab.pbx.connection('delivered', ANNA_LINE, 'alerting', rung);
    expect(shown(lab.lastOutcome)).toEqual({ name: 'SingleStepTransferCallResponse' });
    lab.advance(10_000);
    expect(lab.notes).toEqual([]);
  });

  it('[A6] OpenScape 4000 says so when the target refuses, or is silent for 4 s', () => {
    const refusing = talkingLab({ personality: openScape4000 });
    refusing.ask(pull);
    refusing.pbx.connection('failed', ANNA_LINE, 'failed', rung, { cause: 'busy' });
    expect(shown(refusing.lastOutcome)).toBe('stateIncompatibility.invalidDestinationDeviceState');
    const silent = talkingLab({ personality: openScape4000 });
    silent.ask(pull);
    silent.advance(3999);
    expect(silent.lastOutcome).toBeUndefined();
    silent.advance(1);
    expect(shown(silent.lastOutcome)).toBe('systemResourceAvailability.destinationDeviceOutOfService');
  });

  it('[A6] the switch’s own refusal is answered at once on OpenScape 4000', () => {
    const lab = talkingLab({ personality: openScape4000 });
    lab.pbx.outcome = { ok: false, error: 'invalidDestination', message: 'No.' };
    expect(lab.answer(pull)).toBe('operation.invalidDestination');
    expect(lab.desk.deadline()).toBeUndefined();
  });

  it('[A7] push and OpenScape Business: the target device is understood everywhere', () => {
    const lab = talkingLab({ personality: openScapeBusiness });
    lab.pbx.running.set(CALL, call({ [ANNA_LINE]: 'connected', [CARLA]: 'connected' }));
    const push: CstaRequest = {
      ...pull,
      activeCall: { callID: toCallId(CALL), deviceID: toDeviceId('5101') },
      privateData: siemensData({ targetDevice: toDeviceId('101'), autoAnswer: true }),
    };
    expect(lab.answer(push)).toMatchObject({ name: 'SingleStepTransferCallResponse' });
    lab.advance(10);
    expect(lab.pbx.commands).toMatchObject([
      { connection: { device: ANNA_LINE }, to: ANNA, autoAnswer: true },
    ]);
  });

  it('[A6] a ringing call: it is diverted from all devices first, and that is no failure', () => {
    const lab = new CstaLab({ personality: openScape4000 });
    const ringing = call({ [CARLA]: 'connected', [ANNA]: 'alerting', [ANNA_LINE]: 'alerting' });
    lab.pbx.running.set(CALL, ringing);
    const deflect: CstaRequest = {
      name: 'DeflectCall',
      callToBeDiverted: { callID: toCallId(CALL), deviceID: toDeviceId('101') },
      newDestination: toDeviceId('101'),
      privateData: toLine,
    };
    lab.ask(deflect);
    expect(lab.pbx.commands).toMatchObject([{ kind: 'deflectCall', to: ANNA_LINE, autoAnswer: true }]);
    lab.pbx.connection('diverted', ANNA_LINE, 'null', call({ [CARLA]: 'connected' }), {
      cause: 'redirected',
    });
    expect(lab.lastOutcome).toBeUndefined();
    lab.pbx.connection(
      'established',
      ANNA_LINE,
      'connected',
      call({ [CARLA]: 'connected', [ANNA_LINE]: 'connected' }),
    );
    expect(shown(lab.lastOutcome)).toEqual({ name: 'DeflectCallResponse' });
  });

  it('a parked call comes by DeflectCall from its slot', () => {
    const lab = new CstaLab();
    lab.pbx.running.set(CALL, call({ [CARLA]: 'connected', [SLOT]: 'queued' }));
    lab.ask({
      name: 'DeflectCall',
      callToBeDiverted: { callID: toCallId(CALL), deviceID: toDeviceId('*71') },
      newDestination: styled('101'),
      privateData: toLine,
    });
    lab.advance(10);
    expect(lab.pbx.commands).toMatchObject([
      { kind: 'deflectCall', connection: { device: SLOT }, to: ANNA_LINE },
    ]);
  });

  it('what cannot come to anything is refused before it is answered', () => {
    const lab = talkingLab();
    const at = pull.activeCall;
    const asked = (parts: Partial<typeof pull>): unknown => lab.answer({ ...pull, ...parts });
    expect(asked({ activeCall: { ...at, callID: toCallId('0') } })).toBe('operation.invalidCallID');
    expect(asked({ activeCall: { ...at, deviceID: toDeviceId('5101') } })).toBe(
      'operation.invalidConnectionID',
    );
    expect(asked({ transferredTo: toDeviceId('201') })).toBe('operation.invalidDestinationDeviceID');
    expect(asked({ privateData: siemensData({ targetDevice: toDeviceId('101') }) })).toBe(
      'operation.notDifferentDevices',
    );
    lab.pbx.outOfService.add(ANNA_LINE);
    expect(asked({})).toBe('systemResourceAvailability.destinationDeviceOutOfService');
    lab.pbx.outOfService.clear();
    lab.pbx.running.set(CALL, call({ [ANNA]: 'initiated' }));
    expect(asked({})).toBe('stateIncompatibility.invalidConnectionState');
    lab.advance(1000);
    expect(lab.pbx.commands).toEqual([]);
  });

  it('who asked and is gone is not answered, and nothing waits for it', () => {
    const lab = talkingLab({ personality: openScape4000 });
    lab.ask(pull);
    lab.cut();
    expect(lab.desk.deadline()).toBeUndefined();
  });
});
