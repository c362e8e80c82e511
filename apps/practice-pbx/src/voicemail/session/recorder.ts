import { clipSample, isSilent } from '@offhook/audio';
import type { Millis } from '@offhook/sip';
import type { Recording, RecordingRate } from '../prompts/sound.ts';

export interface RecorderLimits {
  readonly longest: Millis;
  readonly shortest: Millis;
  readonly silence: Millis;
}

/** Softer is silence: the noise of a quiet room stays below, a voice far from the telephone above. */
const QUIET_DBFS = -45;
/** Kept of the silence after the last word. */
const TAIL_SECONDS = 0.3;
/** Before a key is recognised in the sound, so much of its tone is recorded. */
const KEY_TONE_SECONDS = 0.12;

/**
 * Takes down what is said, at 8 or 16 kHz by its first frame. Bounded by time and by samples. Silence is told by the
 * clock, too: a side that sends nothing (silence suppression, a call on hold) is silent.
 */
export class Recorder {
  readonly #limits: RecorderLimits;
  readonly #startedAt: Millis;
  #lastSoundAt: Millis;
  #rate: RecordingRate | undefined;
  #frames: Int16Array[] = [];
  #length = 0;
  /** Samples up to the end of the last frame that was not silent; 0 where nothing was said. */
  #soundLength = 0;

  constructor(limits: RecorderLimits, now: Millis) {
    this.#limits = limits;
    this.#startedAt = now;
    this.#lastSoundAt = now;
  }

  push(samples: Int16Array, sampleRate: number, now: Millis): void {
    this.#rate ??= sampleRate >= 16_000 ? 16_000 : 8000;
    const frame = atRate(samples, sampleRate, this.#rate);
    const room = Math.floor((this.#limits.longest / 1000) * this.#rate) - this.#length;
    const taken = frame.slice(0, Math.max(0, room));
    if (taken.length === 0) return;
    this.#frames.push(taken);
    this.#length += taken.length;
    if (isSilent(taken, QUIET_DBFS)) return;
    this.#soundLength = this.#length;
    this.#lastSoundAt = now;
  }

  /** Why it ends by itself, once it does. */
  ended(now: Millis): 'limit' | 'silence' | undefined {
    if (now >= this.#startedAt + this.#limits.longest) return 'limit';
    return now >= this.#lastSoundAt + this.#limits.silence ? 'silence' : undefined;
  }

  deadline(): Millis {
    return Math.min(this.#startedAt + this.#limits.longest, this.#lastSoundAt + this.#limits.silence);
  }

  /** Without the silence at its end; undefined where too little was said. `byKey`: without the tone of the key. */
  take(byKey: boolean): Recording | undefined {
    const rate = this.#rate;
    if (rate === undefined || this.#soundLength === 0) return undefined;
    const cut = byKey ? Math.round(rate * KEY_TONE_SECONDS) : 0;
    const said = Math.min(this.#soundLength, this.#length - cut);
    if (said < (this.#limits.shortest / 1000) * rate) return undefined;
    const end = Math.min(said + Math.round(rate * TAIL_SECONDS), this.#length - cut);
    const samples = new Int16Array(this.#length);
    let at = 0;
    for (const frame of this.#frames) {
      samples.set(frame, at);
      at += frame.length;
    }
    return { samples: samples.slice(0, end), sampleRate: rate };
  }
}

/** Up by straight lines, down by means: good enough for frames of a few codecs' rates, and without a memory. */
function atRate(samples: Int16Array, from: number, to: RecordingRate): Int16Array {
  if (from === to) return samples;
  const length = Math.floor((samples.length * to) / from);
  const step = from / to;
  return Int16Array.from({ length }, (_, index) => {
    const start = index * step;
    if (step < 1) {
      const before = samples[Math.floor(start)] ?? 0;
      const after = samples[Math.floor(start) + 1] ?? before;
      return clipSample(before + (after - before) * (start % 1));
    }
    const covered = samples.subarray(
      Math.floor(start),
      Math.max(Math.floor(start) + 1, Math.floor(start + step)),
    );
    return clipSample(covered.reduce((sum, sample) => sum + sample, 0) / covered.length);
  });
}
