import { DTMF_HIGH_GROUP, DTMF_LOW_GROUP, dtmfKey } from './dtmf-tones.ts';
import { goertzelPower } from './spectrum.ts';

/** Seconds of one block: narrow enough to tell 697 from 770 Hz, two of them within Q.24's 40 ms and a bit. */
const BLOCK_SECONDS = 0.0255;
/** Mean power per sample below which nothing is a key (about −40 dBFS). */
const QUIET = (32_767 * 0.01) ** 2;
/** Share of the block's whole energy that the two tones must hold: speech spreads, keys do not. */
const PURITY = 0.7;
/** Largest ratio between the two tones' powers (8 dB, Q.24 "twist"). */
const TWIST = 6.3;

/**
 * Finds keys in sound (ITU-T Q.24 in spirit): each digit once per press, when two blocks running agree on it; the same
 * digit again after a block without it.
 */
export class DtmfDetector {
  readonly #sampleRate: number;
  readonly #block: Int16Array;
  #filled = 0;
  #candidate: string | undefined;
  #reported: string | undefined;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#block = new Int16Array(Math.round(sampleRate * BLOCK_SECONDS));
  }

  /** Digits that became certain with these samples. */
  push(samples: Int16Array): string {
    let digits = '';
    let rest = samples;
    while (rest.length > 0) {
      const taken = rest.subarray(0, this.#block.length - this.#filled);
      this.#block.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#filled === this.#block.length) {
        this.#filled = 0;
        digits += this.#judge(this.#keyOfBlock());
      }
    }
    return digits;
  }

  #judge(key: string | undefined): string {
    const isCertain = key !== undefined && key === this.#candidate && key !== this.#reported;
    // A single odd block (the edge of a tone) does not end a press; two do.
    if (key === this.#candidate && key !== this.#reported) this.#reported = key;
    this.#candidate = key;
    return isCertain ? key : '';
  }

  #keyOfBlock(): string | undefined {
    const block = this.#block;
    let energy = 0;
    for (const sample of block) energy += sample * sample;
    if (energy / block.length < QUIET) return undefined;
    const low = strongest(block, this.#sampleRate, DTMF_LOW_GROUP);
    const high = strongest(block, this.#sampleRate, DTMF_HIGH_GROUP);
    if (low.power > high.power * TWIST || high.power > low.power * TWIST) return undefined;
    // A sine of mean power p puts p·N/2 of `goertzelPower` on its own frequency.
    const share = (2 * (low.power + high.power)) / (energy * block.length);
    return share < PURITY ? undefined : dtmfKey(low.index, high.index);
  }
}

function strongest(
  block: Int16Array,
  sampleRate: number,
  frequencies: readonly number[],
): { index: number; power: number } {
  let best = { index: 0, power: -1 };
  for (const [index, frequency] of frequencies.entries()) {
    const power = goertzelPower(block, sampleRate, frequency);
    if (power > best.power) best = { index, power };
  }
  return best;
}
