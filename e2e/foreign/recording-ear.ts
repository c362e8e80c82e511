import { readFileSync } from 'node:fs';
import { dominantFrequency, levelDbfs, SILENCE_DBFS, toneLevelDbfs } from '@offhook/audio';
import { until } from '../src/until.ts';

const SAMPLE_RATE = 8_000;
const WAV_HEADER = 44;
/** Octets of half a second. */
const HALF_SECOND = SAMPLE_RATE;
const SILENT_BELOW_DBFS = -50;
/** A tone among others is heard from here on. */
const AUDIBLE_DBFS = -35;
/** Nothing comes where nothing was recorded for so long: programs write at least twice a second. */
const STILL_MS = 700;

/** Listens to what a program records of its call: WAV, 8 kHz, 16 bits, one channel, whose header may be unfinished. */
export class RecordingEar {
  readonly #name: string;
  readonly #file: () => string | undefined;
  /** Octets of the recording up to the last silence, and of which recording. */
  #mark: { readonly file: string; readonly size: number } | undefined;

  /** @param file of the last call; none before the first */
  constructor(name: string, file: () => string | undefined) {
    this.#name = name;
    this.#file = file;
  }

  /** Waits until there is a tone of `frequency` Hz, give or take 10, for half a second since the last silence. */
  async expectToHear(frequency: number): Promise<void> {
    const hear = () => {
      const samples = this.#lastHalfSecond();
      return samples === undefined ? undefined : dominantFrequency(samples, SAMPLE_RATE);
    };
    const isRight = (heard: number | undefined) => Math.abs((heard ?? 0) - frequency) <= 10;
    await until(`${this.#name} to hear ${frequency} Hz`, hear, isRight);
  }

  /** Waits until each of these tones is there at once, as where several people talk. */
  async expectToHearAll(frequencies: readonly number[]): Promise<void> {
    const hear = () => {
      const samples = this.#lastHalfSecond();
      return frequencies.map((frequency) =>
        samples === undefined ? SILENCE_DBFS : toneLevelDbfs(samples, SAMPLE_RATE, frequency),
      );
    };
    await until(`${this.#name} to hear ${frequencies.join(' and ')} Hz at once`, hear, areAudible);
  }

  /** Waits until it hears nothing, or nothing comes any more. */
  async expectSilence(): Promise<void> {
    let last = { size: -1, at: performance.now() };
    const hear = () => {
      const { size } = this.#read();
      if (size !== last.size) {
        last = { size, at: performance.now() };
      }
      const isStill = performance.now() - last.at > STILL_MS;
      return isStill ? SILENCE_DBFS : levelDbfs(this.#lastHalfSecond() ?? LOUD);
    };
    await until(`${this.#name} to hear nothing`, hear, (level) => level < SILENT_BELOW_DBFS);
    const { file, size } = this.#read();
    this.#mark = { file, size };
  }

  #lastHalfSecond(): Int16Array | undefined {
    const { file, bytes } = this.#read();
    const mark = this.#mark?.file === file && this.#mark.size <= bytes.length ? this.#mark.size : 0;
    const fresh = bytes.subarray(Math.max(WAV_HEADER, mark));
    if (fresh.length < HALF_SECOND) {
      return undefined;
    }
    const samples = new Int16Array(HALF_SECOND / 2);
    // Whole samples from the header on.
    const start = fresh.length - HALF_SECOND - (fresh.length % 2);
    samples.forEach((_, index) => {
      samples[index] = fresh.readInt16LE(start + 2 * index);
    });
    return samples;
  }

  #read(): { readonly file: string; readonly bytes: Buffer; readonly size: number } {
    const file = this.#file();
    const bytes = file === undefined ? Buffer.alloc(0) : readFileSync(file);
    return { file: file ?? '', bytes, size: bytes.length };
  }
}

const areAudible = (levels: readonly number[]): boolean => levels.every((level) => level > AUDIBLE_DBFS);

const LOUD = new Int16Array([32_767]);
