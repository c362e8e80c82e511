import { expect, it } from 'vitest';
import { firstPreferences, parsePreferences } from './preferences.ts';

it('[D5] what was kept is read, and what makes no sense is as it is at first', () => {
  expect(parsePreferences(undefined)).toEqual(firstPreferences);
  expect(parsePreferences('{')).toEqual(firstPreferences);
  expect(parsePreferences('{"ringVolume":400,"ringTone":"polka","noiseSuppression":0}')).toEqual(
    firstPreferences,
  );
  expect(parsePreferences('{"ringVolume":0,"ringTone":"soft","echoCancellation":false}')).toEqual({
    ...firstPreferences,
    ringVolume: 0,
    ringTone: 'soft',
    echoCancellation: false,
  });
});
