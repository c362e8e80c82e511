import { CallId, CorrelationId, type CallService } from '@offhook/contract';
import { noActivity, type CallAttempt, type PhoneState } from '@offhook/phone-core';
import { call, ended, everything, full, paired, people, states } from './builders.ts';
import { scene, type Scene } from './scene.ts';

/* Calls at a telephone system that offers everything. */

const ringing: CallService[] = [
  'answer',
  'answerAtDesk',
  'reject',
  'toVoicemail',
  'deflect',
  'pushToAlternative',
];
const atDesk: CallService[] = ['pull', 'dtmf', 'hold', 'transfer', 'consult', 'hangUp'];

const talking = call(states.connected, { permitted: everything });
const waiting = call(states.held, { id: 'call-2', permitted: paired });
const incoming = call(states.ringing, {
  direction: 'incoming',
  remote: people.david,
  rings: ['clients', 'desk_phone'],
  permitted: ringing,
});
const mixed = (id: string, other: string, remote: typeof people.ben | typeof people.carla) =>
  call(states.connected, {
    id,
    remote,
    mixedWith: other,
    permitted: ['mute', 'hold', 'hangUp', 'attach'],
  });

function attempt(part: Partial<CallAttempt>, rest: Partial<PhoneState> = {}): PhoneState {
  const correlationId = CorrelationId.parse('c-attempt');
  const fresh = {
    correlationId,
    kind: 'here',
    to: '201',
    name: 'Carla Duval',
    consultationFor: undefined,
    phase: { name: 'placing' },
  } as const;
  return full({ attempts: [{ ...fresh, ...part }], ...rest });
}

export const callScenes = {
  'idle-full': scene(full()),
  'connected-full': scene(full({ calls: [talking] })),
  'incoming-full': scene(full({ calls: [incoming] })),
  'incoming-diverted': scene(
    full({
      calls: [
        call(states.ringing, {
          direction: 'incoming',
          remote: people.outside,
          divertedBy: people.carla,
          permitted: ringing,
        }),
      ],
    }),
  ),
  'incoming-second-full': scene(full({ calls: [talking, { ...incoming, callId: waiting.callId }] })),
  'incoming-desk-only': scene(
    full({
      calls: [
        call(states.ringing, {
          direction: 'incoming',
          remote: people.david,
          rings: ['desk_phone'],
          permitted: ['pull', 'answerAtDesk', 'reject'],
        }),
      ],
    }),
  ),
  consulting: scene(
    full({
      calls: [
        waiting,
        call(states.connected, {
          id: 'call-3',
          remote: people.carla,
          consultationFor: 'call-2',
          permitted: [...everything, 'completeTransfer', 'conference'],
        }),
      ],
    }),
  ),
  'consultation-begins': scene(
    attempt({ consultationFor: waiting.callId }, { calls: [call(states.held, { id: 'call-2' })] }),
  ),
  'two-waiting': scene(
    full({
      calls: [
        talking,
        call(states.held, { id: 'call-2', remote: people.david, permitted: paired }),
        call(states.held, { id: 'call-3', remote: people.outside, permitted: ['alternate', 'hangUp'] }),
      ],
    }),
  ),
  'answered-waits': scene(
    full({
      calls: [
        talking,
        call(states.held, { id: 'call-2', remote: people.carla, waits: true, permitted: paired }),
      ],
    }),
  ),
  'transfer-beside': scene(full({ calls: [{ ...talking, permitted: everything }, waiting] })),
  swapping: scene(
    full({
      calls: [talking, { ...waiting, remote: people.david }],
      activities: { [waiting.callId]: { ...noActivity, pending: 'alternate' } },
    }),
  ),
  'transfer-failed': scene(
    full({
      calls: [talking],
      activities: {
        [talking.callId]: { ...noActivity, problem: { kind: 'error', code: 'transfer_failed' } },
      },
    }),
  ),
  'transfer-busy': scene(
    full({
      calls: [talking],
      activities: {
        [talking.callId]: {
          ...noActivity,
          problem: { kind: 'error', code: 'transfer_failed', hindrance: 'busy' },
        },
      },
    }),
  ),
  conference: scene(
    full({
      calls: [
        call(states.connected, {
          permitted: everything,
          members: [people.ben, people.carla, people.outside],
        }),
      ],
    }),
  ),
  'conference-mixed': scene(
    full({
      calls: [mixed('call-1', 'call-2', people.ben), mixed('call-2', 'call-1', people.carla)],
    }),
  ),
  'desk-phone': scene(
    full({ calls: [call(states.connected, { position: 'desk_phone', permitted: atDesk })] }),
  ),
  'desk-phone-beside': scene(
    full({
      calls: [
        talking,
        call(states.held, {
          id: 'call-2',
          remote: people.carla,
          position: 'desk_phone',
          permitted: ['pull', 'retrieve', 'hangUp'],
        }),
      ],
    }),
  ),
  'at-alternative': scene(
    full({
      calls: [call(states.connected, { position: 'alternative', permitted: ['pull', 'hangUp'] })],
    }),
  ),
  parked: scene(
    full({
      calls: [call(states.held, { position: 'parked', parkedAt: '*71', permitted: ['pull'] })],
    }),
  ),
  'placing-at-desk': scene(attempt({ kind: 'at_desk', phase: { name: 'atDesk' } })),
  'picking-up': scene(attempt({ kind: 'pick_up', to: '', name: undefined })),
  'called-back': scene(
    full({
      calls: [call(ended('busy'), { remote: people.carla })],
      activities: { [CallId.parse('call-1')]: { ...noActivity, calledBack: true } },
    }),
  ),
  'busy-call-back': scene(
    full({ calls: [call(ended('busy'), { remote: people.carla, permitted: ['callBack'] })] }),
  ),
} satisfies Record<string, Scene>;
