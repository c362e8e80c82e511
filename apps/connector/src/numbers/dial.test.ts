import { OffhookError } from '@offhook/contract';
import { describe, expect, test } from 'vitest';
import { normaliseNumber } from './dial.ts';

describe('a number as a person typed it', () => {
  test.each([
    ['600', '600'],
    [' 030 / 123-456.78 ', '03012345678'],
    ['(089) 1234', '0891234'],
    ['+49 (0) 30 1234', '+49301234'],
    ['+49 30 1234–56', '+4930123456'],
    ['*21*200#', '*21*200#'],
    ['#31#0301234', '#31#0301234'],
    ['+49\u00A030\u202F12\u201134', '+49301234'],
    ['\u202A+4930123\u202C', '+4930123'],
    ['１２３', '123'],
  ])('%j is dialled as %j', (typed, dialled) => {
    expect(normaliseNumber(typed)).toBe(dialled);
  });

  test.each(['', ' ', '+', '++49', '49+30', 'Anna', '0800-FLOWERS', 'sip:600@pbx', '12;34', '1'.repeat(41)])(
    '%j is refused as number_invalid',
    (typed) => {
      expect(() => normaliseNumber(typed)).toThrow(
        expect.objectContaining({ name: OffhookError.name, code: 'number_invalid' }),
      );
    },
  );
});
