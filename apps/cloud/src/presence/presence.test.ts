import type { LineActivity, PresenceChoice, PresenceState } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { ownPresence, shownPresence, stateOf, type ClientsState, type PresenceInputs } from './presence.ts';

const usual: PresenceInputs = {
  choice: 'automatic',
  doNotDisturb: false,
  activity: 'idle',
  clients: 'active',
};
const state = (inputs: Partial<PresenceInputs>) => stateOf({ ...usual, ...inputs });

const choices: PresenceChoice[] = [
  'automatic',
  'available',
  'busy',
  'do_not_disturb',
  'away',
  'appear_offline',
];
const activities: LineActivity[] = ['unknown', 'idle', 'ringing', 'talking'];
const clientStates: ClientsState[] = ['none', 'idle', 'active'];

/** Every combination there is. */
const all = choices.flatMap((choice) =>
  [false, true].flatMap((doNotDisturb) =>
    activities.flatMap((activity) =>
      clientStates.map((clients) => ({ choice, doNotDisturb, activity, clients })),
    ),
  ),
);

describe('the state that colleagues see', () => {
  test('[PR-1] what was chosen by hand holds, whatever else is so', () => {
    const chosen = all.filter(({ choice }) => choice !== 'automatic');
    expect(chosen).toHaveLength(120);
    for (const inputs of chosen) {
      const shown: PresenceState =
        inputs.choice === 'appear_offline' ? 'offline' : (inputs.choice as PresenceState);
      expect(stateOf(inputs)).toBe(shown);
    }
  });

  test('[PR-2] do-not-disturb at the platform goes before line and clients', () => {
    for (const activity of activities) {
      for (const clients of clientStates) {
        expect(state({ doNotDisturb: true, activity, clients })).toBe('do_not_disturb');
      }
    }
  });

  test('[PR-3] who talks is busy, also without a client; a line that rings is not', () => {
    for (const clients of clientStates) expect(state({ activity: 'talking', clients })).toBe('busy');
    expect(state({ activity: 'ringing' })).toBe('available');
  });

  test('[PR-4] a client in use is available', () => {
    for (const activity of ['unknown', 'idle', 'ringing'] as const) {
      expect(state({ activity, clients: 'active' })).toBe('available');
    }
  });

  test('[PR-5] clients of which none is in use are away', () => {
    expect(state({ clients: 'idle' })).toBe('away');
  });

  test('[PR-6] without a client a user is offline, whatever is known of the line', () => {
    for (const activity of ['unknown', 'idle', 'ringing'] as const) {
      expect(state({ activity, clients: 'none' })).toBe('offline');
    }
  });
});

describe('the line beside it', () => {
  test('[PR-7] oneself sees one’s choice and line as they are', () => {
    for (const inputs of all) {
      expect(ownPresence(inputs)).toEqual({
        state: stateOf(inputs),
        line: inputs.activity,
        choice: inputs.choice,
      });
    }
  });

  test('[PR-8] colleagues see the line, but no call of who appears offline, and never the choice', () => {
    for (const inputs of all) {
      const hidden = inputs.choice === 'appear_offline' && inputs.activity !== 'unknown';
      expect(shownPresence(ownPresence(inputs))).toEqual({
        state: stateOf(inputs),
        line: hidden ? 'idle' : inputs.activity,
      });
    }
  });
});
