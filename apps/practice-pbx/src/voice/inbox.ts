import { StreamResampler } from './stream-resampler.ts';

/** All mixing is done at this rate. */
export const MIX_RATE = 16_000;
/** 20 ms. */
export const MIX_FRAME = 320;

/** What waits before the first frame is taken, so that a packet may come late; and the most that may wait. */
const START_SAMPLES = 2 * MIX_FRAME;
const MOST_SAMPLES = 8 * MIX_FRAME;

/**
 * The voice of one leg between its packets, which come when they come, and the clock that mixes. What is too much is left out from
 * the oldest on; after a gap it waits again until a little has come.
 */
export class Inbox {
  #pieces: Int16Array[] = [];
  #waiting = 0;
  #flows = false;
  #resampler: { readonly rate: number; readonly stream: StreamResampler } | undefined;

  put(samples: Int16Array, rate: 8000 | 16_000): void {
    if (this.#resampler?.rate !== rate)
      this.#resampler = { rate, stream: new StreamResampler(rate, MIX_RATE) };
    const piece = this.#resampler.stream.next(samples);
    this.#pieces.push(piece);
    this.#waiting += piece.length;
    while (this.#waiting > MOST_SAMPLES) this.#waiting -= this.#pieces.shift()?.length ?? this.#waiting;
    if (this.#waiting >= START_SAMPLES) this.#flows = true;
  }

  /** The next 20 ms; undefined where there is nothing to hear. */
  take(): Int16Array | undefined {
    if (!this.#flows) return undefined;
    if (this.#waiting < MIX_FRAME) {
      this.#flows = false;
      return undefined;
    }
    const frame = new Int16Array(MIX_FRAME);
    for (let filled = 0; filled < MIX_FRAME;) {
      const [piece] = this.#pieces;
      if (piece === undefined) break;
      const part = piece.subarray(0, MIX_FRAME - filled);
      frame.set(part, filled);
      filled += part.length;
      if (part.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(part.length);
    }
    this.#waiting -= MIX_FRAME;
    return frame;
  }
}

/** The sum of several voices, kept within 16 bits. */
export function mix(frames: readonly Int16Array[]): Int16Array {
  const [only] = frames;
  if (frames.length === 1 && only !== undefined) return only;
  return Int16Array.from({ length: MIX_FRAME }, (_, at) => {
    let sum = 0;
    for (const frame of frames) sum += frame[at] ?? 0;
    return Math.max(-32_768, Math.min(32_767, sum));
  });
}
