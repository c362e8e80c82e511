import { ToneGenerator, dtmfSamples } from '@offhook/audio';

/** Sound that is made here, 20 ms at a time. */
export interface SampleSource {
  /** The next samples; undefined at the end. */
  next(count: number): Int16Array | undefined;
}

/** A steady tone. */
export function toneSource(sampleRate: number, frequency: number, levelDbfs: number): SampleSource {
  return new ToneGenerator(sampleRate, [frequency], levelDbfs);
}

/** A recording, once or for ever. */
export class RecordingSource implements SampleSource {
  readonly #samples: Int16Array;
  readonly #loops: boolean;
  #position = 0;

  constructor(samples: Int16Array, loops: boolean) {
    this.#samples = samples;
    this.#loops = loops;
  }

  next(count: number): Int16Array | undefined {
    const length = this.#samples.length;
    if (length === 0 || (!this.#loops && this.#position >= length)) return undefined;
    const out = new Int16Array(count);
    for (let filled = 0; filled < count && this.#position < length;) {
      const piece = this.#samples.subarray(this.#position, this.#position + count - filled);
      out.set(piece, filled);
      filled += piece.length;
      this.#position += piece.length;
      if (this.#loops && this.#position >= length) this.#position = 0;
    }
    return out;
  }
}

/** Keys that may wait to be played: more are passed over. */
const WAITING_KEYS = 32;
const KEY_SECONDS = 0.25;
const GAP_SECONDS = 0.1;

/** Silence, and the tones of the keys that were pressed, one after the other. */
export class KeyToneSource implements SampleSource {
  readonly #sampleRate: number;
  readonly #waiting: string[] = [];
  #sounding: SampleSource | undefined;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  press(digit: string): void {
    if (this.#waiting.length < WAITING_KEYS) this.#waiting.push(digit);
  }

  next(count: number): Int16Array {
    const samples = this.#sounding?.next(count);
    if (samples !== undefined) return samples;
    const digit = this.#waiting.shift();
    this.#sounding = digit === undefined ? undefined : this.#keyWithGap(digit);
    return this.#sounding?.next(count) ?? new Int16Array(count);
  }

  #keyWithGap(digit: string): SampleSource {
    const tone = dtmfSamples(this.#sampleRate, digit, KEY_SECONDS);
    const samples = new Int16Array(tone.length + Math.round(this.#sampleRate * GAP_SECONDS));
    samples.set(tone);
    return new RecordingSource(samples, false);
  }
}
