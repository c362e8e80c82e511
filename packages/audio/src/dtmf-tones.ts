import { toneSamples } from './tone.ts';

/** The keys of ITU-T Q.23. */
export const DTMF_DIGITS = '0123456789*#ABCD';

export const DTMF_LOW_GROUP = [697, 770, 852, 941] as const;
export const DTMF_HIGH_GROUP = [1209, 1336, 1477, 1633] as const;

const KEYPAD = ['123A', '456B', '789C', '*0#D'] as const;

/** Low and high frequency in Hz; undefined for what is no key. */
export function dtmfFrequencies(digit: string): readonly [low: number, high: number] | undefined {
  for (const [row, keys] of KEYPAD.entries()) {
    const column = digit.length === 1 ? keys.indexOf(digit.toUpperCase()) : -1;
    const low = DTMF_LOW_GROUP[row];
    const high = DTMF_HIGH_GROUP[column];
    if (low !== undefined && high !== undefined) return [low, high];
  }
  return undefined;
}

/** The key in a row and column of the keypad. */
export function dtmfKey(row: number, column: number): string | undefined {
  return KEYPAD[row]?.[column];
}

/** The dual tone of one key; empty for what is no key. */
export function dtmfSamples(sampleRate: number, digit: string, seconds: number, levelDbfs = -12): Int16Array {
  const frequencies = dtmfFrequencies(digit);
  return frequencies === undefined
    ? new Int16Array(0)
    : toneSamples(sampleRate, frequencies, seconds, levelDbfs);
}
