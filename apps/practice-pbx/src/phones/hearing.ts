import { DtmfDetector, SILENCE_DBFS, dominantFrequency, levelDbfs } from '@offhook/audio';

/** What a phone heard in the last second. */
export interface Hearing {
  /** The strongest frequency in Hz; null in silence. */
  readonly frequencyHz: number | null;
  /** RMS, where what did not arrive counts as silence; −120 is nothing at all. */
  readonly levelDbfs: number;
  /** Keys heard as tones, and as telephone events, in this call; the last {@link DIGITS_KEPT} of them. */
  readonly tones: string;
  readonly events: string;
}

export const DIGITS_KEPT = 64;
const WINDOW_MS = 1000;

/** Listens to one call. Times in milliseconds of one clock. */
export class Ear {
  readonly #rate: 8000 | 16_000;
  readonly #detector: DtmfDetector;
  #pieces: { readonly at: number; readonly samples: Int16Array }[] = [];
  #tones = '';
  #events = '';

  constructor(rate: 8000 | 16_000) {
    this.#rate = rate;
    this.#detector = new DtmfDetector(rate);
  }

  get rate(): 8000 | 16_000 {
    return this.#rate;
  }

  hear(samples: Int16Array, now: number): void {
    this.#tones = (this.#tones + this.#detector.push(samples)).slice(-DIGITS_KEPT);
    this.#pieces.push({ at: now, samples });
    this.#forget(now);
  }

  event(digits: string): void {
    this.#events = (this.#events + digits).slice(-DIGITS_KEPT);
  }

  report(now: number): Hearing {
    this.#forget(now);
    const heard = new Int16Array((this.#rate * WINDOW_MS) / 1000);
    let end = heard.length;
    for (const { samples } of this.#pieces.toReversed()) {
      const piece = samples.subarray(Math.max(0, samples.length - end));
      end -= piece.length;
      heard.set(piece, end);
    }
    const level = levelDbfs(heard);
    const frequency = dominantFrequency(heard.subarray(end), this.#rate);
    return {
      frequencyHz: frequency === undefined ? null : Math.round(frequency * 10) / 10,
      levelDbfs: Math.round(level * 10) / 10,
      tones: this.#tones,
      events: this.#events,
    };
  }

  #forget(now: number): void {
    const first = this.#pieces.findIndex(({ at }) => at > now - WINDOW_MS);
    this.#pieces = first < 0 ? [] : this.#pieces.slice(first);
  }
}

export const DEAF: Hearing = { frequencyHz: null, levelDbfs: SILENCE_DBFS, tones: '', events: '' };
