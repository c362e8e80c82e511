import { keyFrames } from '../voice/key-frames.ts';
import type { Frame } from '../voice/key-frames.ts';
import type { VoiceLeg } from '../voice/leg.ts';
import { toneSource } from '../voice/source.ts';
import type { SampleSource } from '../voice/source.ts';

/** Soft: a person with the phone at the ear shall not mind. */
const VOICE_DBFS = -24;
/** Keys that may wait. */
export const KEYS_WAITING = 32;

/** What a desk phone says in one call: its tone, and the keys that are pressed. */
export class PhoneVoice {
  readonly #leg: VoiceLeg;
  readonly #toneHz: number;
  #tone: { readonly source: SampleSource; readonly rate: number } | undefined;
  #speaks = false;
  #keys: string[] = [];
  /** The rest of the key that sounds. */
  #frames: Frame[] = [];

  constructor(leg: VoiceLeg, toneHz: number) {
    this.#leg = leg;
    this.#toneHz = toneHz;
  }

  speak(on: boolean): void {
    this.#speaks = on;
  }

  press(digits: string): void {
    this.#keys = [...this.#keys, ...digits.split('')].slice(0, KEYS_WAITING);
  }

  /** The datagram of the next 20 ms. */
  next(now: number): Uint8Array | undefined {
    if (this.#frames.length === 0) {
      const key = this.#keys.shift();
      if (key !== undefined) this.#frames = keyFrames(this.#leg, key);
    }
    const frame = this.#frames.shift();
    if (frame !== undefined) return frame(now);
    return this.#speaks ? this.#toneFrame(now) : undefined;
  }

  #toneFrame(now: number): Uint8Array | undefined {
    const rate = this.#leg.sampleRate;
    if (rate === undefined) return undefined;
    if (this.#tone?.rate !== rate) this.#tone = { rate, source: toneSource(rate, this.#toneHz, VOICE_DBFS) };
    return this.#leg.play(this.#tone.source, now);
  }
}
