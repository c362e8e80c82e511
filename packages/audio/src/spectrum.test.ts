import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';
import { SILENCE_DBFS, dominantFrequency, isSilent, levelDbfs, toneLevelDbfs } from './spectrum.ts';
import { ToneGenerator, toneSamples } from './tone.ts';

describe('levelDbfs', () => {
  it('a full-scale sine has −3 dBFS, half of it 6 dB less', () => {
    expect(levelDbfs(toneSamples(8000, [1000], 1, -3.01))).toBeCloseTo(-3.01, 1);
    expect(levelDbfs(toneSamples(8000, [1000], 1, -9.03))).toBeCloseTo(-9.03, 1);
  });
  it('silence has a number', () => {
    expect(levelDbfs(new Int16Array(100))).toBe(SILENCE_DBFS);
    expect(levelDbfs(new Int16Array(0))).toBe(SILENCE_DBFS);
    expect(isSilent(new Int16Array(100).fill(8))).toBe(true);
    expect(isSilent(toneSamples(8000, [1000], 0.1, -50))).toBe(false);
  });
});

describe('dominantFrequency', () => {
  it.each([
    [8000, 440],
    [8000, 1000],
    [16_000, 1001.7],
    [48_000, 550.3],
  ])('at %i Hz finds %d Hz to half a hertz in a second', (rate, frequency) => {
    const found = dominantFrequency(toneSamples(rate, [frequency], 1), rate);
    expect(Math.abs((found ?? 0) - frequency)).toBeLessThan(0.5);
  });
  it('finds the stronger of two, in noise and beside a steady offset', () => {
    const weak = toneSamples(8000, [700], 1, -30);
    const strong = toneSamples(8000, [1200], 1, -20);
    let state = 3;
    const mixed = strong.map((sample, index) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return sample + (weak[index] ?? 0) + (state >>> 23) - 256 + 2000;
    });
    expect(dominantFrequency(mixed, 8000)).toBeCloseTo(1200, 0);
  });
  it('finds nothing in silence and in next to nothing', () => {
    expect(dominantFrequency(new Int16Array(8000), 8000)).toBeUndefined();
    expect(dominantFrequency(toneSamples(8000, [1000], 0.005), 8000)).toBeUndefined();
  });
});

describe('toneLevelDbfs', () => {
  it('measures one tone under a louder one', () => {
    const mixed = toneSamples(8000, [440], 1, -20).map((sample, index) => sample + (quiet[index] ?? 0));
    expect(toneLevelDbfs(mixed, 8000, 660)).toBeCloseTo(-40, 0);
    expect(toneLevelDbfs(mixed, 8000, 900)).toBeLessThan(-60);
  });
  const quiet = toneSamples(8000, [660], 1, -40);
});

describe('ToneGenerator', () => {
  it('goes on without a jump from one packet to the next', () => {
    const tone = new ToneGenerator(8000, [440]);
    const parts = Array.from({ length: 50 }, () => [...tone.next(160)]).flat();
    expect(Int16Array.from(parts)).toEqual(toneSamples(8000, [440], 1));
  });
  it('two tones share the level; none is silence', () => {
    expect(levelDbfs(toneSamples(8000, [697, 1209], 1, -12))).toBeCloseTo(-12, 1);
    expect(isSilent(toneSamples(8000, [], 1))).toBe(true);
  });
});

describe('resample', () => {
  it('keeps pitch and level up and down', () => {
    const up = resample(toneSamples(8000, [1000], 1), 8000, 16_000);
    expect(dominantFrequency(up, 16_000)).toBeCloseTo(1000, 0);
    expect(levelDbfs(up)).toBeCloseTo(-18, 0);
    // The mirror image at 8,000 − 1,000 Hz is gone.
    expect(toneLevelDbfs(up, 16_000, 7000)).toBeLessThan(-60);
    const down = resample(toneSamples(16_000, [1000], 1), 16_000, 8000);
    expect(dominantFrequency(down, 8000)).toBeCloseTo(1000, 0);
    expect(levelDbfs(down)).toBeCloseTo(-18, 0);
  });
  it('what does not fit the lower rate does not fold back', () => {
    const down = resample(toneSamples(16_000, [6000], 1), 16_000, 8000);
    expect(levelDbfs(down)).toBeLessThan(-60);
  });
});
