import { resample } from '@offhook/audio';

type Rate = 8000 | 16_000;

/** Samples of the piece before that the filter still needs; more than half its taps at either rate. */
const HISTORY = 32;

/** Resamples a stream piece by piece without a seam; what comes out is {@link HISTORY} / 2 samples late. */
export class StreamResampler {
  readonly #from: Rate;
  readonly #to: Rate;
  #before = new Int16Array(HISTORY);

  constructor(from: Rate, to: Rate) {
    this.#from = from;
    this.#to = to;
  }

  /** As many seconds as go in come out. */
  next(samples: Int16Array): Int16Array {
    if (this.#from === this.#to) return samples;
    const joined = new Int16Array(HISTORY + samples.length);
    joined.set(this.#before);
    joined.set(samples, HISTORY);
    this.#before = joined.slice(joined.length - HISTORY);
    const ratio = this.#to / this.#from;
    const start = (HISTORY / 2) * ratio;
    return resample(joined, this.#from, this.#to).subarray(start, start + samples.length * ratio);
  }
}
