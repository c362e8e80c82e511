import type { OwnPresence, Presence, UserId } from '@offhook/contract';
import { expect, test } from 'vitest';
import { createInterest, type Listener } from './interest.ts';

const [anna, ben, carla] = ['anna' as UserId, 'ben' as UserId, 'carla' as UserId];
const own = (over: Partial<OwnPresence> = {}): OwnPresence => ({
  state: 'available',
  line: 'idle',
  choice: 'automatic',
  ...over,
});

function listener(userId: UserId) {
  const heard: [UserId, Presence][] = [];
  const ofSelf: OwnPresence[] = [];
  const self: Listener = {
    userId,
    onOwn: (presence) => ofSelf.push(presence),
    onPresence: (of, presence) => heard.push([of, presence]),
  };
  return { self, heard, ofSelf };
}

test('[PR-21] a change is one message to each who watches, and what is no change is none', () => {
  const interest = createInterest();
  const [one, two] = [listener(ben), listener(carla)];
  for (const { self } of [one, two]) {
    interest.add(self);
    interest.watch(self, [anna, anna]);
    interest.remember(anna, own());
  }
  expect(interest.tell(anna, own())).toBeUndefined();
  expect(interest.tell(anna, own({ state: 'busy', line: 'talking' }))).toBe(2);
  for (const { heard } of [one, two]) expect(heard).toEqual([[anna, { state: 'busy', line: 'talking' }]]);
  expect(interest.tell(anna, own({ state: 'busy', line: 'talking' }))).toBeUndefined();
});

test('[PR-21] what only the user sees is told to the user alone', () => {
  const interest = createInterest();
  const [herself, watcher] = [listener(anna), listener(ben)];
  interest.add(herself.self);
  interest.add(watcher.self);
  interest.watch(watcher.self, [anna]);
  interest.remember(anna, own());
  // By hand what it was by itself.
  expect(interest.tell(anna, own({ choice: 'available' }))).toBe(1);
  expect(herself.ofSelf).toEqual([own({ choice: 'available' })]);
  expect(watcher.heard).toEqual([]);
  // The line of who appears offline.
  interest.tell(anna, own({ choice: 'appear_offline', state: 'offline' }));
  interest.tell(anna, own({ choice: 'appear_offline', state: 'offline', line: 'talking' }));
  expect(watcher.heard).toEqual([[anna, { state: 'offline', line: 'idle' }]]);
});

test('[PR-22] who comes later is given what the others were told, and every change after it', () => {
  const interest = createInterest();
  const [early, late] = [listener(ben), listener(carla)];
  interest.watch(early.self, [anna]);
  interest.remember(anna, own());
  interest.watch(late.self, [anna]);
  // Something changed that nobody has been told of yet.
  expect(interest.remember(anna, own({ state: 'away' }))).toEqual(own());
  interest.tell(anna, own({ state: 'away' }));
  expect([early.heard.length, late.heard.length]).toEqual([1, 1]);
});

test('[PR-22] a new list takes the place of the old; who is watched by nobody is forgotten', () => {
  const interest = createInterest();
  const one = listener(ben);
  interest.watch(one.self, [anna, carla]);
  interest.remember(anna, own());
  expect(interest.watching()).toBe(1);
  interest.watch(one.self, [carla]);
  expect(interest.users()).toEqual([carla]);
  expect(interest.wants(anna)).toBe(false);
  // Forgotten: what holds now is what is told first to the next.
  interest.watch(one.self, [anna]);
  expect(interest.remember(anna, own({ state: 'away' }))).toEqual(own({ state: 'away' }));
  interest.remove(one.self);
  expect(interest.users()).toEqual([]);
  expect(interest.watching()).toBe(0);
  expect(one.heard).toEqual([]);
});
