import { dtmfSamples, toneSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { DIGITS_KEPT, Ear } from './hearing.ts';

function listen(ear: Ear, samples: Int16Array, from: number): number {
  let now = from;
  for (let start = 0; start < samples.length; start += 160) {
    now += 20;
    ear.hear(samples.subarray(start, start + 160), now);
  }
  return now;
}

describe('what a phone hears', () => {
  it('is the last second', () => {
    const ear = new Ear(8000);
    let now = listen(ear, toneSamples(8000, [440], 2), 0);
    now = listen(ear, toneSamples(8000, [1000], 1), now);
    const { frequencyHz, levelDbfs } = ear.report(now);
    expect(frequencyHz).toBeCloseTo(1000, 0);
    expect(levelDbfs).toBeCloseTo(-18, 0);
  });

  it('fades when nothing comes any more, and is silence after a second', () => {
    const ear = new Ear(8000);
    const now = listen(ear, toneSamples(8000, [440], 1), 0);
    expect(ear.report(now + 500).levelDbfs).toBeCloseTo(-21, 0);
    expect(ear.report(now + 1001)).toMatchObject({ frequencyHz: null, levelDbfs: -120 });
  });

  it('counts keys as tones and as events, with a bound', () => {
    const ear = new Ear(8000);
    const now = listen(ear, dtmfSamples(8000, '7', 0.2), 0);
    ear.event('12');
    expect(ear.report(now)).toMatchObject({ tones: '7', events: '12' });
    ear.event('3'.repeat(100));
    expect(ear.report(now).events).toHaveLength(DIGITS_KEPT);
  });
});
