import { createPhoneStore } from '@offhook/phone-core';
import { expect, it } from 'vitest';
import { call, online, people, states } from '../gallery/builders.ts';
import { answerWhenKnown } from './errands.ts';

function window(answered: string[] = []) {
  const store = createPhoneStore(online());
  const due: (() => void)[] = [];
  const calls = { answer: async (callId: string) => void answered.push(callId) };
  answerWhenKnown({ store, calls }, 'in', (_ms, run) => due.push(run));
  const rings = () =>
    store.setState({
      calls: [call(states.ringing, { id: 'in', direction: 'incoming', remote: people.carla })],
    });
  return { answered, rings, timeOut: () => due.forEach((run) => run()) };
}

it('[D2] a window that was opened to answer does so once, when the call is known', () => {
  const { answered, rings } = window();
  expect(answered).toEqual([]);
  rings();
  rings();
  expect(answered).toEqual(['in']);
});

it('[D2] what was pressed long ago answers nothing', () => {
  const { answered, rings, timeOut } = window();
  timeOut();
  rings();
  expect(answered).toEqual([]);
});
