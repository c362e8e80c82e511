import { DtmfDetector, dominantFrequency, isSilent, levelDbfs } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { holdMusic } from './music.ts';
import { loadRecordings } from './recordings.ts';
import { KeyToneSource, RecordingSource, toneSource } from './source.ts';
import type { SampleSource } from './source.ts';

function take(source: SampleSource, frames: number, count: number): Int16Array {
  const pieces = Array.from({ length: frames }, () => [...(source.next(count) ?? [])]);
  return Int16Array.from(pieces.flat());
}

describe('sources', () => {
  it('a tone has its pitch and level', () => {
    const heard = take(toneSource(16_000, 1000, -18), 50, 320);
    expect(dominantFrequency(heard, 16_000)).toBeCloseTo(1000, 0);
    expect(levelDbfs(heard)).toBeCloseTo(-18, 0);
  });

  it('a recording ends with silence to the end of the frame, then is over', () => {
    const source = new RecordingSource(Int16Array.of(1, 2, 3), false);
    expect(source.next(2)).toEqual(Int16Array.of(1, 2));
    expect(source.next(2)).toEqual(Int16Array.of(3, 0));
    expect(source.next(2)).toBeUndefined();
  });

  it('a loop has no seam, also where it is shorter than a frame', () => {
    const source = new RecordingSource(Int16Array.of(1, 2, 3), true);
    expect(take(source, 2, 4)).toEqual(Int16Array.of(1, 2, 3, 1, 2, 3, 1, 2));
    expect(new RecordingSource(new Int16Array(0), true).next(4)).toBeUndefined();
  });

  it('keys are played one after the other, the same one twice too, and then there is silence', () => {
    const source = new KeyToneSource(8000);
    for (const key of ['1', '1', '#']) source.press(key);
    expect(new DtmfDetector(8000).push(take(source, 60, 160))).toBe('11#');
    expect(isSilent(take(source, 50, 160))).toBe(true);
  });

  it('keys beyond the bound are passed over', () => {
    const source = new KeyToneSource(8000);
    for (let index = 0; index < 100; index += 1) source.press('5');
    expect(new DtmfDetector(8000).push(take(source, 50 * 20, 160))).toHaveLength(32);
  });
});

describe('recordings', () => {
  it.each([8000, 16_000] as const)('the announcement is some seconds of voice at %i Hz', (rate) => {
    const samples = loadRecordings().announcement(rate);
    expect(samples.length / rate).toBeGreaterThan(4);
    expect(samples.length / rate).toBeLessThan(10);
    expect(levelDbfs(samples)).toBeGreaterThan(-35);
  });

  it.each([8000, 16_000] as const)('the music is never silent and never clips at %i Hz', (rate) => {
    const music = holdMusic(rate);
    for (let start = 0; start < music.length; start += rate) {
      expect(levelDbfs(music.subarray(start, start + rate))).toBeGreaterThan(-40);
    }
    expect(music.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(30_000);
  });
});
