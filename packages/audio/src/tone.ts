/** A steady sound made of sines, one sample after the other without a click between two calls of `next`. */
export class ToneGenerator {
  readonly #step: readonly number[];
  readonly #amplitude: number;
  #position = 0;

  /**
   * `frequencies` in Hz (below half the rate), each with the same share of `levelDbfs`, the RMS level of the whole
   * relative to full scale (a full-scale sine has −3 dBFS). An empty list is silence.
   */
  constructor(sampleRate: number, frequencies: readonly number[], levelDbfs = -18) {
    this.#step = frequencies.map((frequency) => (2 * Math.PI * frequency) / sampleRate);
    const rms = 32_767 * 10 ** (levelDbfs / 20);
    this.#amplitude = frequencies.length === 0 ? 0 : rms * Math.SQRT2 * Math.sqrt(1 / frequencies.length);
  }

  next(count: number): Int16Array {
    const samples = new Int16Array(count);
    for (let index = 0; index < count; index += 1) {
      let sum = 0;
      for (const step of this.#step) sum += Math.sin(step * (this.#position + index));
      samples[index] = clipSample(sum * this.#amplitude);
    }
    this.#position += count;
    return samples;
  }
}

/** `seconds` of a tone at once. */
export function toneSamples(
  sampleRate: number,
  frequencies: readonly number[],
  seconds: number,
  levelDbfs = -18,
): Int16Array {
  return new ToneGenerator(sampleRate, frequencies, levelDbfs).next(Math.round(sampleRate * seconds));
}

/** Rounds and keeps within 16 bits. */
export function clipSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
