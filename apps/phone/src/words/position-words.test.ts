import { Language, Position, type RingingPlace } from '@offhook/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { allWords } from '../i18n/catalogues.ts';
import { loadNumberFormat } from './number-format.ts';
import { arrivalWords, positionWords, ringsWords } from './position-words.ts';

beforeAll(loadNumberFormat);

it.each([
  ['here', 'position.here', undefined],
  ['desk_phone', 'position.desk_phone', undefined],
  ['alternative', 'position.alternative.number', '+49 170 1234567'],
] as const)('[A7] a call that is %s: %s %s', (position, key, number) => {
  expect(positionWords({ position }, '+491701234567')).toEqual({ key, number });
});

it('[A7] the alternative number is not invented, nor the one that takes a parked call back', () => {
  expect(positionWords({ position: 'alternative' }, null)?.key).toBe('position.alternative');
  expect(positionWords({ position: 'parked' }, null)?.key).toBe('position.parked');
  expect(positionWords({ position: 'parked', parkedAt: '*71' }, null)).toEqual({
    key: 'position.parked.number',
    number: '*71',
  });
});

describe.each(Language.options)('in %s', (language) => {
  it('every place and every arrival has its words', async () => {
    const words = await allWords(language);
    for (const position of Position.options) {
      if (position === 'nowhere') continue;
      const key = positionWords({ position }, null)?.key;
      expect(key && words[key]).toBeTruthy();
      expect(words[arrivalWords(position, undefined)]).toBeTruthy();
    }
  });
});

it.each<[readonly RingingPlace[], string | undefined]>([
  [['clients'], undefined],
  [[], undefined],
  [['clients', 'desk_phone'], 'call.rings.desk'],
  [['clients', 'alternative'], 'call.rings.alternative'],
  [['clients', 'desk_phone', 'alternative'], 'call.rings.both'],
  [['desk_phone'], 'call.rings.deskOnly'],
  [['alternative'], 'call.rings.alternativeOnly'],
  [['desk_phone', 'alternative'], 'call.rings.bothOnly'],
])('[A10] a call that rings at %j says %s', (rings, key) => {
  expect(ringsWords(rings)).toBe(key);
});
