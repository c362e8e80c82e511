import { describe, expect, it } from 'vitest';
import { outsideNumber } from './numbering.ts';

describe('outside numbers', () => {
  it.each([
    ['+4915550101', '+4915550101'],
    ['004915550101', '+4915550101'],
    ['0004915550101', '+4915550101'],
    ['0015550101', '+4915550101'],
    ['015550101', '+4915550101'],
    ['+49 (1555) 0101', '+4915550101'],
    ['00033140000000', '+33140000000'],
    ['101', undefined],
    ['15550101', undefined],
    ['+0123456', undefined],
    ['0'.repeat(40), undefined],
    ['anna', undefined],
  ])('[PBX-11] %s is %s', (dialled, number) => {
    expect(outsideNumber(dialled, '49')).toBe(number);
  });
});
