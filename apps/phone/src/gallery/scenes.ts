import { CorrelationId } from '@offhook/contract';
import {
  initialState,
  noActivity,
  type CallAttempt,
  type PhoneState,
  type Problem,
} from '@offhook/phone-core';
import { call, ended, NOW, online, people, states } from './builders.ts';
import { callScenes } from './call-scenes.ts';
import { qualityScenes } from './quality-scenes.ts';
import { peopleScenes } from './people-scenes.ts';
import { scene, type Scene } from './scene.ts';
import { settingsScenes } from './settings-scenes.ts';
import { soundScenes } from './sound-scenes.ts';

const signedOut = (reason: 'expired' | undefined): PhoneState => ({
  ...initialState,
  session: { name: 'signedOut', reason },
});

const expired = { session: { name: 'signedOut', reason: 'expired' }, connection: { name: 'idle' } } as const;

const attempt = (phase: CallAttempt['phase'], rest: Partial<PhoneState> = {}): PhoneState => {
  const correlationId = CorrelationId.parse('c-attempt');
  const to = { kind: 'here', to: '201', name: 'Carla Duval', consultationFor: undefined } as const;
  return online({ attempts: [{ correlationId, ...to, phase }], ...rest });
};

const failed = (problem: Problem): CallAttempt['phase'] => ({ name: 'failed', problem });

const incoming = call(states.ringing, { direction: 'incoming', remote: people.carla });
const connected = call(states.connected);

/** Every state that a person can see, by name. */
export const scenes = {
  'sign-in': scene(signedOut(undefined)),
  'sign-in-expired': scene(signedOut('expired')),
  'sign-in-talking': scene({ ...online({ calls: [connected] }), ...expired }),
  unreachable: scene({ ...initialState, session: { name: 'unreachable', retryAt: NOW + 4_000 } }),
  idle: scene(online()),
  'history-empty': scene(online(), { history: [] }),
  'history-loading': scene(online(), { history: 'loading' }),
  'history-error': scene(online(), { history: 'error' }),
  connecting: scene(online({ connection: { name: 'connecting', attempt: 0 }, connector: 'unknown' })),
  reconnecting: scene(
    online({ connection: { name: 'waiting', attempt: 3, retryAt: NOW + 7_000 }, calls: [connected] }),
  ),
  'connector-offline': scene(online({ connector: 'offline' })),
  'line-failed': scene(
    online({ line: { number: '101', state: 'failed', reason: '403 Forbidden, wrong password' } }),
  ),
  'reload-needed': scene(online({ connection: { name: 'stopped', reason: 'reload_needed' } })),
  replaced: scene(online({ connection: { name: 'stopped', reason: 'replaced' } })),
  placing: scene(attempt({ name: 'placing' })),
  'placing-unsure': scene(
    attempt(
      { name: 'unsure', problem: { kind: 'error', code: 'unavailable' } },
      { connection: { name: 'waiting', attempt: 2, retryAt: NOW + 4_000 } },
    ),
  ),
  'place-failed': scene(attempt(failed({ kind: 'error', code: 'connector_offline' }))),
  'microphone-refused': scene(attempt(failed({ kind: 'microphone', reason: 'refused' }))),
  calling: scene(online({ calls: [call(states.calling)] })),
  ringing: scene(online({ calls: [call(states.ringing)] })),
  connected: scene(online({ calls: [connected] })),
  muted: scene(online({ calls: [call(states.connected, { muted: true })] })),
  held: scene(online({ calls: [call(states.held)] })),
  'held-by-remote': scene(online({ calls: [call(states.heldByRemote, { remote: people.outside })] })),
  'long-name': scene(online({ calls: [call(states.connected, { remote: people.long })] })),
  repairing: scene(
    online({
      calls: [connected],
      voices: {
        [connected.callId]: { path: 'repairing', remoteAudio: undefined, microphoneProblem: undefined },
      },
    }),
  ),
  'listen-only': scene(
    online({
      calls: [connected],
      voices: {
        [connected.callId]: { path: 'flowing', remoteAudio: undefined, microphoneProblem: 'missing' },
      },
    }),
  ),
  'tap-to-hear': scene(online({ calls: [connected] }), { silent: true }),
  incoming: scene(online({ calls: [incoming] })),
  'incoming-unknown': scene(
    online({ calls: [call(states.ringing, { direction: 'incoming', remote: people.withheld })] }),
  ),
  'incoming-no-microphone': scene(
    online({
      calls: [incoming],
      activities: {
        [incoming.callId]: { ...noActivity, problem: { kind: 'microphone', reason: 'refused' } },
      },
    }),
  ),
  'incoming-while-talking': scene(
    online({
      calls: [connected, call(states.ringing, { id: 'call-2', direction: 'incoming', remote: people.david })],
    }),
  ),
  'two-calls': scene(
    online({
      calls: [call(states.connected, { remote: people.carla }), call(states.held, { id: 'call-2' })],
    }),
  ),
  'other-window': scene(online({ calls: [call(states.connected, { position: 'other_client' })] })),
  'other-window-take-over': scene(
    online({ calls: [call(states.connected, { position: 'other_client', permitted: ['pull', 'hangUp'] })] }),
  ),
  ended: scene(
    online({ calls: [call({ ...ended('completed'), answeredAt: NOW - 321_000 } as typeof states.held)] }),
  ),
  'ended-busy': scene(online({ calls: [call(ended('busy'), { remote: people.david })] })),
  'ended-unknown': scene(online({ calls: [call(ended('unknown_number'), { remote: people.outside })] })),
  ...callScenes,
  ...settingsScenes,
  ...peopleScenes,
  ...soundScenes,
  ...qualityScenes,
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;

export function isScene(name: string): name is SceneName {
  return Object.hasOwn(scenes, name);
}
