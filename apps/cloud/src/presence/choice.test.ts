import type { PresenceChoice } from '@offhook/contract';
import { expect, test } from 'vitest';
import { followPlatform, noChoice, wantsDnd } from './choice.ts';

const others: PresenceChoice[] = ['automatic', 'available', 'busy', 'away', 'appear_offline'];

test('[PR-9] do-not-disturb that goes on at the platform is chosen, whatever was', () => {
  for (const choice of [...others, 'do_not_disturb'] as const) {
    expect(followPlatform({ choice, platformDnd: false }, true)).toEqual({
      choice: 'do_not_disturb',
      platformDnd: true,
    });
  }
});

test('[PR-10] that goes off there takes back a choice of do-not-disturb, and no other', () => {
  expect(followPlatform({ choice: 'do_not_disturb', platformDnd: true }, false)).toEqual(noChoice);
  for (const choice of others) {
    expect(followPlatform({ choice, platformDnd: true }, false)).toEqual({ choice, platformDnd: false });
  }
});

test('[PR-11] the same again changes nothing: a choice that the platform has not heard of stays', () => {
  for (const platformDnd of [false, true]) {
    for (const choice of [...others, 'do_not_disturb'] as const) {
      const before = { choice, platformDnd };
      expect(followPlatform(before, platformDnd)).toBe(before);
    }
  }
});

test('[PR-12] the platform’s do-not-disturb is wanted for that choice alone', () => {
  expect(wantsDnd('do_not_disturb')).toBe(true);
  for (const choice of others) expect(wantsDnd(choice)).toBe(false);
});
