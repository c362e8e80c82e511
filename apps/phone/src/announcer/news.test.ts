import { expect, it } from 'vitest';
import { call, ended, full, people, settings, states, type CallOptions } from '../gallery/builders.ts';
import { newsOf } from './news.ts';

const one = (options: CallOptions = {}) => full({ calls: [call(states.connected, options)] });
const keys = (before: ReturnType<typeof full>, after: ReturnType<typeof full>) =>
  newsOf(before, after).map(({ key }) => key);

it.each([
  [{ position: 'desk_phone' }, 'announce.desk_phone'],
  [{ position: 'alternative' }, 'announce.alternative'],
  [{ position: 'other_client' }, 'announce.other_client'],
  [{ position: 'parked' }, 'announce.parked'],
  [{ position: 'parked', parkedAt: '*71' }, 'announce.parkedAt'],
] as const)('[A7] a call that went to %j is announced as %s, once', (options, key) => {
  expect(keys(one(), one(options))).toEqual([key]);
  expect(keys(one(options), one(options))).toEqual([]);
});

it('[A6] a call that was brought here is announced; one that was answered here is not', () => {
  expect(keys(one({ position: 'desk_phone' }), one())).toEqual(['announce.here']);
  const ringing = full({ calls: [call(states.ringing, { direction: 'incoming' })] });
  expect(keys(ringing, one())).toEqual([]);
});

it('[A5] a conference is announced with its members, and again when one comes; so is its end', () => {
  const two = one({ members: [people.ben, people.carla] });
  const three = one({ members: [people.ben, people.carla, people.david] });
  expect(newsOf(one(), two)).toMatchObject([
    { key: 'announce.conference', people: [{ name: 'Ben Carter' }, { name: 'Carla Duval' }] },
  ]);
  expect(keys(two, three)).toEqual(['announce.conference']);
  expect(keys(two, one())).toEqual(['announce.conferenceOver']);
});

it('[A5] a conference of two calls that are mixed here is announced once, for both', () => {
  const apart = full({ calls: [call(states.connected, { id: 'a' }), call(states.held, { id: 'b' })] });
  const mixed = full({
    calls: [
      call(states.connected, { id: 'a', mixedWith: 'b' }),
      call(states.connected, { id: 'b', mixedWith: 'a', remote: people.carla }),
    ],
  });
  expect(newsOf(apart, mixed)).toMatchObject([
    { key: 'announce.conference', people: [{ name: 'Ben Carter' }, { name: 'Carla Duval' }] },
  ]);
});

it('a call that is over says so itself', () => {
  expect(keys(one(), full({ calls: [call(ended('transferred'), { position: 'nowhere' })] }))).toEqual([]);
});

const waiting = (newMessages: number) => {
  const messageWaiting = { waiting: newMessages > 0, newMessages };
  return full({
    settings: { held: { ...settings, messageWaiting }, pending: undefined, last: undefined },
  });
};

it('[A12] new messages are announced, read ones are not', () => {
  expect(keys(waiting(0), waiting(1))).toEqual(['announce.messages']);
  expect(keys(waiting(1), waiting(3))).toEqual(['announce.messages']);
  expect(keys(waiting(3), waiting(2))).toEqual([]);
});
