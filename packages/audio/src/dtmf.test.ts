import { describe, expect, it } from 'vitest';
import { DtmfDetector } from './dtmf-detector.ts';
import { DTMF_DIGITS, dtmfFrequencies, dtmfSamples } from './dtmf-tones.ts';
import { decodeALaw, encodeALaw } from './g711.ts';
import { toneSamples } from './tone.ts';

function joined(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

describe('[Q.23] keys', () => {
  it('each has its pair of frequencies', () => {
    expect(dtmfFrequencies('1')).toEqual([697, 1209]);
    expect(dtmfFrequencies('#')).toEqual([941, 1477]);
    expect(dtmfFrequencies('d')).toEqual([941, 1633]);
    expect(dtmfFrequencies('12')).toBeUndefined();
    expect(dtmfSamples(8000, 'x', 1)).toHaveLength(0);
  });
});

describe.each([8000, 16_000])('[Q.24] the detector at %i Hz', (rate) => {
  const gap = new Int16Array(rate * 0.06);
  it('finds every key once, through A-law, whatever the packets’ size', () => {
    const sound = joined(...DTMF_DIGITS.split('').flatMap((digit) => [dtmfSamples(rate, digit, 0.1), gap]));
    const heard = decodeALaw(encodeALaw(sound));
    const detector = new DtmfDetector(rate);
    let digits = '';
    for (let start = 0; start < heard.length; start += 160)
      digits += detector.push(heard.subarray(start, start + 160));
    expect(digits).toBe(DTMF_DIGITS);
  });
  it('reports a key held for long once, and again after a gap', () => {
    const detector = new DtmfDetector(rate);
    expect(detector.push(joined(dtmfSamples(rate, '7', 1), gap, dtmfSamples(rate, '7', 0.2)))).toBe('77');
  });
  it('hears no key in a single tone, in noise, in a quiet pair or in silence', () => {
    let state = 1;
    const hiss = Int16Array.from({ length: rate }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 18) - 8192;
    });
    const sounds = [toneSamples(rate, [697], 0.5), toneSamples(rate, [1000], 0.5), hiss, gap];
    for (const sound of [...sounds, dtmfSamples(rate, '5', 0.5, -55)]) {
      expect(new DtmfDetector(rate).push(sound)).toBe('');
    }
  });
});
