import { call, entry, full, history, NOW, online, people, settings, states } from './builders.ts';
import { scene, type Scene } from './scene.ts';

const conference = entry('c1', { number: '700', name: 'Conference' }, 0.5, {
  direction: 'outgoing',
  cause: 'completed',
  seconds: 1_920,
  members: [people.ben, people.carla, people.outside],
  steps: [
    { kind: 'at', at: NOW - 1_794_000, where: 'desk_phone' },
    { kind: 'at', at: NOW - 1_500_000, where: 'client' },
    { kind: 'with', at: NOW - 1_400_000, party: people.ben },
  ],
  note: 'Launch moved to Thursday; Carla sends the new plan.',
});

const forwarded = entry('c2', people.outside, 1.2, {
  direction: 'incoming',
  cause: 'completed',
  seconds: 245,
  divertedBy: people.carla,
  steps: [
    { kind: 'rang', at: NOW - 4_320_000, where: 'clients' },
    { kind: 'rang', at: NOW - 4_320_000, where: 'desk_phone' },
    { kind: 'at', at: NOW - 4_314_000, where: 'client' },
  ],
});

const MANY = 10_000;
const names = [people.ben, people.carla, people.david, people.outside];
const many = Array.from({ length: MANY }, (_, index) =>
  entry(`m${String(index)}`, names[index % names.length] ?? people.ben, index / 4, {
    direction: index % 3 === 0 ? 'incoming' : 'outgoing',
    cause: index % 9 === 0 ? 'cancelled' : 'completed',
    ...(index % 9 === 0 ? {} : { seconds: 20 + (index % 600) }),
    ...(index % 50 === 1 ? { note: `Number ${String(index)} on the list` } : {}),
  }),
);

const waiting = (messageWaiting: (typeof settings)['messageWaiting']) =>
  full({ settings: { held: { ...settings, messageWaiting }, pending: undefined, last: undefined } });

export const historyScenes = {
  'history-rich': scene(online({ missedCalls: 3 }), { history: [conference, forwarded, ...history] }),
  'history-many-missed': scene(online({ missedCalls: 128 })),
  'history-long': scene(online(), { history: many }),
  'history-fails': scene(online(), { historyFails: true }),
  'history-beside-call': scene(online({ calls: [call(states.connected)], missedCalls: 1 })),
  'voicemail-none': scene(waiting({ waiting: false })),
  'voicemail-one': scene(waiting({ waiting: true, newMessages: 1 })),
  'voicemail-unknown-count': scene(waiting({ waiting: true })),
  'voicemail-many': scene(waiting({ waiting: true, newMessages: 128 })),
} satisfies Record<string, Scene>;
