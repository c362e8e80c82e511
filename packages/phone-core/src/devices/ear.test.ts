import { describe, expect, it } from 'vitest';
import { EarRules, hear, newEar, type Ear, type EarSample } from './ear.ts';

const STEP = 100;

function listen(ear: Ear, ms: number, sample: Partial<EarSample>): Ear {
  let heard = ear;
  const from = ear.at ?? 0;
  for (let passed = STEP; passed <= ms; passed += STEP) {
    heard = hear(heard, { at: from + passed, db: -60, muted: false, ...sample });
  }
  return heard;
}

const speech = { db: -25 };

describe('[H7] who speaks while muted is told', () => {
  it('after a few words, not after a cough, until a pause', () => {
    const cough = listen(newEar, 300, { ...speech, muted: true });
    expect(cough.mutedSpeech).toBe(false);
    const words = listen(listen(cough, 200, { muted: true }), 600, { ...speech, muted: true });
    expect(words.mutedSpeech).toBe(true);
    expect(listen(words, 1_000, { muted: true }).mutedSpeech).toBe(true);
    expect(listen(words, EarRules.speechPauseMs, { muted: true }).mutedSpeech).toBe(false);
  });

  it('not while a keyboard is heard, and gone with the mute', () => {
    expect(listen(newEar, 10_000, { db: -50, muted: true }).mutedSpeech).toBe(false);
    const words = listen(newEar, 1_000, { ...speech, muted: true });
    expect(listen(words, STEP, speech).mutedSpeech).toBe(false);
  });
});
