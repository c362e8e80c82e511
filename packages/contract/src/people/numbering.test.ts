import { expect, test } from 'vitest';
import { internationalDigits, type Numbering } from './numbering.ts';

const germany: Numbering = { callingCode: '49', international: '00', national: '0' };
const italy: Numbering = { callingCode: '39', international: '00', national: '' };
const america: Numbering = { callingCode: '1', international: '011', national: '1' };

test('[C4] a public number is one, however it is written', () => {
  const ways = ['+49 (0)89 7007-21', '+49 89 700721', '004989700721', '089/7007-21', '(089) 700721'];
  expect(ways.map((way) => internationalDigits(way, germany))).toEqual(ways.map(() => '4989700721'));
  expect(internationalDigits('0043 1 58858', germany)).toBe('43158858');
});

test('[C4] what means something inside alone is not public', () => {
  for (const text of ['101', '*71', 'anna', '', '112', '70072112', '+49']) {
    expect(internationalDigits(text, germany)).toBeUndefined();
  }
});

test('[C4] countries without a trunk prefix, and North America', () => {
  expect(internationalDigits('06 698 12345', italy)).toBe('390669812345');
  expect(internationalDigits('(650) 253-0000', america)).toBe('16502530000');
  expect(internationalDigits('1 650 253 0000', america)).toBe('16502530000');
  expect(internationalDigits('011 49 89 700721', america)).toBe('4989700721');
  expect(internationalDigits('253-0000', america)).toBeUndefined();
});
