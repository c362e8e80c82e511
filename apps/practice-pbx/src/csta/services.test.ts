import type { CstaRequest } from '@offhook/csta';
import { siemensData, toCallId, toDeviceId } from '@offhook/csta';
import { describe, expect, it } from 'vitest';
import type { SwitchCommand, SwitchError } from '../switch/api.ts';
import { SWITCH_ERRORS } from '../switch/api.ts';
import { ANNA, CALL, CARLA, OTHER_CALL, call } from './fake-switch.test-support.ts';
import { CstaLab, shown, styled } from './lab.test-support.ts';
import { openScape4000 } from './personalities/openscape-4000.ts';
import { openScapeBusiness } from './personalities/openscape-business.ts';
import { openScapeVoice } from './personalities/openscape-voice.ts';
import { ERRORS } from './words.ts';

const at = { callID: toCallId(CALL), deviceID: styled('101') };
const other = { callID: toCallId(OTHER_CALL), deviceID: toDeviceId('101') };
const here = { call: CALL, device: ANNA };
const there = { call: OTHER_CALL, device: ANNA };
const two = { heldCall: at, activeCall: other };

const services: readonly (readonly [CstaRequest, SwitchCommand])[] = [
  [
    { name: 'MakeCall', callingDevice: styled('101'), calledDirectoryNumber: toDeviceId('tel:201') },
    { kind: 'makeCall', device: ANNA, to: '201', autoAnswer: true },
  ],
  [
    {
      name: 'MakeCall',
      callingDevice: styled('101'),
      calledDirectoryNumber: toDeviceId('N+4915550101'),
      autoOriginate: 'prompt',
    },
    { kind: 'makeCall', device: ANNA, to: '+4915550101', autoAnswer: false },
  ],
  [
    { name: 'AnswerCall', callToBeAnswered: at },
    { kind: 'answerCall', connection: here },
  ],
  [
    { name: 'ClearConnection', connectionToBeCleared: at },
    { kind: 'clearConnection', connection: here },
  ],
  [
    { name: 'ClearCall', callToBeCleared: at },
    { kind: 'clearCall', call: CALL },
  ],
  [
    { name: 'HoldCall', callToBeHeld: at },
    { kind: 'holdCall', connection: here },
  ],
  [
    { name: 'RetrieveCall', callToBeRetrieved: at },
    { kind: 'retrieveCall', connection: here },
  ],
  [
    { name: 'AlternateCall', ...two },
    { kind: 'alternateCall', held: here, active: there },
  ],
  [
    { name: 'ReconnectCall', ...two },
    { kind: 'reconnectCall', held: here, active: there },
  ],
  [
    { name: 'TransferCall', ...two },
    { kind: 'transferCall', held: here, active: there },
  ],
  [
    { name: 'ConferenceCall', ...two },
    { kind: 'conferenceCall', held: here, active: there },
  ],
  [
    { name: 'ConsultationCall', existingCall: at, consultedDevice: toDeviceId('202') },
    { kind: 'consultationCall', connection: here, to: '202' },
  ],
  [
    { name: 'SingleStepTransferCall', activeCall: at, transferredTo: toDeviceId('202') },
    { kind: 'singleStepTransferCall', connection: here, to: '202', autoAnswer: false },
  ],
  [
    { name: 'SingleStepConferenceCall', activeCall: at, deviceToJoin: toDeviceId('202') },
    { kind: 'singleStepConference', connection: here, to: '202' },
  ],
  [
    { name: 'DeflectCall', callToBeDiverted: at, newDestination: toDeviceId('+49301') },
    { kind: 'deflectCall', connection: here, to: '+49301', autoAnswer: false },
  ],
  [
    { name: 'DirectedPickupCall', callToBePickedUp: at, requestingDevice: toDeviceId('201') },
    { kind: 'directedPickupCall', connection: here, device: CARLA },
  ],
  [
    { name: 'GroupPickupCall', newDestination: toDeviceId('101') },
    { kind: 'groupPickupCall', device: ANNA },
  ],
  [
    { name: 'ParkCall', parking: at, parkTo: toDeviceId('*73') },
    { kind: 'parkCall', connection: here, slot: 3 },
  ],
  [
    { name: 'ParkCall', parking: at, parkTo: toDeviceId('*70') },
    { kind: 'parkCall', connection: here },
  ],
  [
    { name: 'CallBackCallRelated', callbackConnection: at },
    { kind: 'callBack', device: ANNA, to: CARLA },
  ],
  [
    { name: 'CallBackNonCallRelated', originatingDevice: styled('101'), targetDevice: styled('201') },
    { kind: 'callBack', device: ANNA, to: CARLA },
  ],
  [
    { name: 'CancelCallBack', originatingDevice: styled('101') },
    { kind: 'cancelCallBack', device: ANNA },
  ],
  [
    { name: 'GenerateDigits', connectionToSendDigits: at, charactersToSend: '42#' },
    { kind: 'generateDigits', connection: here, digits: '42#' },
  ],
  [
    {
      name: 'SetForwarding',
      device: styled('101'),
      forwardingType: 'forwardImmediate',
      activateForward: true,
      forwardDN: toDeviceId('500'),
    },
    { kind: 'setForwarding', device: ANNA, type: 'immediate', active: true, target: { kind: 'voicemail' } },
  ],
  [
    {
      name: 'SetForwarding',
      device: styled('101'),
      forwardingType: 'forwardNoAns',
      activateForward: true,
      forwardDN: toDeviceId('202'),
      ringCount: 4,
    },
    {
      kind: 'setForwarding',
      device: ANNA,
      type: 'noAnswer',
      active: true,
      target: { kind: 'number', number: '202' },
      ringSeconds: 20,
    },
  ],
  [
    { name: 'SetForwarding', device: styled('101'), activateForward: false },
    { kind: 'setForwarding', device: ANNA, type: 'immediate', active: false },
  ],
  [
    {
      name: 'SetForwarding',
      device: styled('101'),
      activateForward: true,
      privateData: siemensData({ staticOndDN: toDeviceId('+4915550101') }),
    },
    { kind: 'setAlternative', device: ANNA, number: '+4915550101' },
  ],
  [
    {
      name: 'SetForwarding',
      device: styled('101'),
      activateForward: false,
      privateData: siemensData({ staticOndDN: toDeviceId('+4915550101') }),
    },
    { kind: 'setAlternative', device: ANNA, number: undefined },
  ],
  [
    { name: 'SetDoNotDisturb', device: styled('101'), doNotDisturbOn: true },
    { kind: 'setDoNotDisturb', device: ANNA, on: true },
  ],
  [
    { name: 'SetMessageWaitingIndicator', device: styled('101'), messageWaitingOn: false },
    { kind: 'setMessageWaiting', device: ANNA, messages: { fresh: 0, old: 1 } },
  ],
];

describe('requests', () => {
  it.each(services)('[ECMA-269] $name goes to the switch and is answered', (request, command) => {
    const lab = new CstaLab();
    lab.pbx.running.set(CALL, call({ [ANNA]: 'connected', [CARLA]: 'connected' }));
    lab.pbx.outcome = { ok: true, connection: there };
    expect(lab.answer(request)).toMatchObject({ name: `${request.name}Response` });
    expect(lab.pbx.commands).toEqual([command]);
  });

  it('every service that OpenScape Voice offers is asked for in these tests', () => {
    const told = new Set(services.map(([{ name }]) => name));
    const silent = openScapeVoice.services.filter(
      (name) => !told.has(name) && !/^(?:System|Request|Get|Monitor|Snapshot)/.test(name),
    );
    expect(silent).toEqual([]);
  });

  it('what makes a call is answered with its connection', () => {
    const lab = new CstaLab();
    lab.pbx.outcome = { ok: true, connection: here };
    expect(
      lab.answer({
        name: 'MakeCall',
        callingDevice: styled('101'),
        calledDirectoryNumber: toDeviceId('201'),
      }),
    ).toMatchObject({ callingDevice: { callID: CALL, deviceID: 'N<101>' } });
    expect(
      lab.answer({ name: 'ConsultationCall', existingCall: at, consultedDevice: toDeviceId('201') }),
    ).toMatchObject({ initiatedCall: { callID: CALL, deviceID: 'N<101>' } });
    expect(lab.answer({ name: 'GroupPickupCall', newDestination: toDeviceId('101') })).toMatchObject({
      pickedCall: { callID: CALL },
    });
  });

  it('events that a request causes come after its answer, also where the switch tells them before', () => {
    const lab = new CstaLab();
    lab.watch('101');
    lab.heard.length = 0;
    const { pbx } = lab;
    pbx.meanwhile = () =>
      pbx.connection('held', ANNA, 'held', call({ [ANNA]: 'held', [CARLA]: 'connected' }));
    lab.ask({ name: 'HoldCall', callToBeHeld: at });
    expect(lab.heard).toEqual(['HoldCallResponse', 'HeldEvent']);
  });

  it.each(SWITCH_ERRORS)('[ECMA-269-12.2.14] the error %s has its category', (error: SwitchError) => {
    const lab = new CstaLab();
    lab.pbx.outcome = { ok: false, error, message: 'No.' };
    expect(lab.answer({ name: 'HoldCall', callToBeHeld: at })).toBe(ERRORS[error]);
  });

  it('what cannot be meant is refused before the switch is asked', () => {
    const lab = new CstaLab();
    const callID = toCallId(CALL);
    expect(lab.answer({ name: 'AnswerCall', callToBeAnswered: { callID } })).toBe(
      'operation.invalidConnectionID',
    );
    expect(lab.answer({ name: 'TransferCall', heldCall: { callID }, activeCall: other })).toBe(
      'operation.invalidHeldConnectionID',
    );
    expect(lab.answer({ name: 'TransferCall', heldCall: at, activeCall: { callID } })).toBe(
      'operation.invalidActiveConnectionID',
    );
    expect(
      lab.answer({
        name: 'GenerateDigits',
        connectionToSendDigits: at,
        charactersToSend: '1',
        digitMode: 'rotaryPulse',
      }),
    ).toBe('operation.digitModeNotSupported');
    expect(
      lab.answer({
        name: 'SingleStepConferenceCall',
        activeCall: at,
        deviceToJoin: toDeviceId('201'),
        participationType: 'silent',
      }),
    ).toBe('operation.invalidParticipationType');
    expect(
      lab.answer({
        name: 'SetForwarding',
        device: styled('101'),
        activateForward: true,
        forwardingType: 'forwardBusyInt',
      }),
    ).toBe('operation.invalidForwardingType');
    expect(lab.answer({ name: 'CallBackCallRelated', callbackConnection: other })).toBe(
      'operation.invalidCallID',
    );
    expect(lab.answer({ name: 'GetDoNotDisturb', device: styled('999') })).toBe('operation.invalidDeviceID');
    expect(lab.pbx.commands).toEqual([]);
  });

  it.each([openScapeVoice, openScape4000, openScapeBusiness])(
    '$platform refuses what it does not offer',
    (personality) => {
      const lab = new CstaLab({ personality });
      lab.pbx.outcome = { ok: true, connection: there };
      lab.pbx.running.set(CALL, call({ [ANNA]: 'connected', [CARLA]: 'connected' }));
      const refused = services
        .filter(([request]) => shown(lab.ask(request)) === 'operation.serviceNotSupported')
        .map(([request]) => request.name);
      const missing = services
        .map(([request]) => request.name)
        .filter((name) => !personality.services.includes(name));
      expect(refused).toEqual(missing);
      expect(lab.pbx.commands.length).toBeGreaterThan(0);
    },
  );
});
