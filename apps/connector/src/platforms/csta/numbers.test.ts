import { describe, expect, it } from 'vitest';
import { deviceKey, isSlotNumber, shownNumber } from './numbers.ts';

describe('device numbers', () => {
  it.each([
    ['N<101>Anna;displayNumber=101;noa=nk;uid=ab', '101'],
    ['N+101', '101'],
    ['tel:101', '101'],
    ['sip:101@pbx', '101'],
    ['+4989700800', '4989700800'],
    ['004989700800', '4989700800'],
    ['N+4989700800', '4989700800'],
    // No country code: a prefix for the line outside.
    ['0012', '0012'],
    ['*71', '*71'],
  ])('%s is the device %s', (id, key) => {
    expect(deviceKey(id)).toBe(key);
  });

  it.each([
    ['N+101', '101'],
    ['N+4989700800', '+4989700800'],
    ['N<5101>Anna;displayNumber=101', '101'],
    ['N<101>Anna', '101'],
  ])('%s is shown as %s', (id, shown) => {
    expect(shownNumber(id)).toBe(shown);
  });

  it.each([
    ['*71', '*7{number}', true],
    ['*7', '*7{number}', false],
    ['871', '*7{number}', false],
    ['*71', '*7', false],
    ['*71', undefined, false],
  ])('%s with the code %s: a slot? %s', (number, code, isSlot) => {
    expect(isSlotNumber(deviceKey(number), code)).toBe(isSlot);
  });
});
