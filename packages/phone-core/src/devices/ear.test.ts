import { describe, expect, it } from 'vitest';
import { EarRules, hear, newEar, type Ear, type EarSample } from './ear.ts';

const STEP = 100;

function listen(ear: Ear, ms: number, sample: Partial<EarSample>): Ear {
  let heard = ear;
  const from = ear.at ?? 0;
  for (let passed = STEP; passed <= ms; passed += STEP) {
    heard = hear(heard, { at: from + passed, db: -60, muted: false, sourceMuted: false, ...sample });
  }
  return heard;
}

const speech = { db: -25 };
const nothing = { db: Number.NEGATIVE_INFINITY };

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

describe('[H7] a microphone that gives nothing is noticed', () => {
  it('digital silence for a while, until anything is heard', () => {
    const early = listen(newEar, EarRules.silenceMs, nothing);
    expect(early.silent).toBe(false);
    const late = listen(early, STEP, nothing);
    expect(late.silent).toBe(true);
    expect(listen(late, STEP, { db: -80 }).silent).toBe(false);
  });

  it('the switch at the headset counts, a quiet room and a mute do not', () => {
    expect(listen(newEar, 9_000, { sourceMuted: true }).silent).toBe(true);
    expect(listen(newEar, 60_000, { db: -85 }).silent).toBe(false);
    expect(listen(newEar, 60_000, { ...nothing, muted: true }).silent).toBe(false);
  });

  it('a hidden window that measures once a minute does not cry wolf', () => {
    const first = hear(newEar, { at: 0, ...nothing, muted: false, sourceMuted: false });
    expect(hear(first, { at: 60_000, ...nothing, muted: false, sourceMuted: false }).silent).toBe(false);
  });
});
