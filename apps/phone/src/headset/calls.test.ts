import { expect, it } from 'vitest';
import { initialState, noActivity, type PhoneState } from '@offhook/phone-core';
import { call, ended, states } from '../gallery/builders.ts';
import { headsetCalls } from './calls.ts';

const seen = (part: Partial<PhoneState>) =>
  headsetCalls({ ...initialState, ...part }).map(({ id, state, muted, busy }) => [id, state, muted, busy]);

const ringing = call(states.ringing, { id: 'call-2', direction: 'incoming' });
const talking = call(states.connected);

it('[D6] a headset sees what rings here and what is here', () => {
  expect(seen({ calls: [talking, ringing] })).toEqual([
    ['call-1', 'talking', false, false],
    ['call-2', 'ringing', false, false],
  ]);
  expect(seen({ calls: [call(states.calling)] })).toEqual([['call-1', 'talking', false, false]]);
  expect(seen({ calls: [call(states.held)] })).toEqual([['call-1', 'held', false, false]]);
  expect(seen({ calls: [{ ...talking, waits: true }] })).toEqual([['call-1', 'held', false, false]]);
});

it('[D6] and nothing of what is elsewhere, rings at the desk phone alone, or is over', () => {
  expect(
    seen({
      calls: [
        call(states.connected, { position: 'other_client' }),
        call(states.connected, { position: 'desk_phone' }),
        { ...ringing, rings: ['desk_phone'] },
        call(ended('completed')),
      ],
    }),
  ).toEqual([]);
});

it('[D6] the person’s own mute comes first, and its confirmation holds up nothing', () => {
  const activity = { ...noActivity, muteWanted: true, pending: 'mute' } as const;
  expect(seen({ calls: [talking], activities: { [talking.callId]: activity } })).toEqual([
    ['call-1', 'talking', true, false],
  ]);
  const asked = { ...noActivity, pending: 'answer' } as const;
  expect(seen({ calls: [ringing], activities: { [ringing.callId]: asked } })).toEqual([
    ['call-2', 'ringing', false, true],
  ]);
});
