import { readFileSync } from 'node:fs';
import { readWav, resample } from '@offhook/audio';
import { holdMusic } from './music.ts';

type Rate = 8000 | 16_000;

/** The sounds of the PBX at both rates, made or read when first needed. */
export class Recordings {
  readonly #announcement: Int16Array;
  readonly #made = new Map<string, Int16Array>();

  /** `announcement`: 16 kHz, mono. */
  constructor(announcement: Int16Array) {
    this.#announcement = announcement;
  }

  announcement(rate: Rate): Int16Array {
    return this.#once(`announcement ${rate}`, () => resample(this.#announcement, 16_000, rate));
  }

  music(rate: Rate): Int16Array {
    return this.#once(`music ${rate}`, () => holdMusic(rate));
  }

  #once(key: string, make: () => Int16Array): Int16Array {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return made;
  }
}

/** Reads the announcement that comes with the program. Throws where it is missing or of another kind. */
export function loadRecordings(): Recordings {
  const wav = readWav(readFileSync(new URL('../../assets/announcement.wav', import.meta.url)));
  if (wav.sampleRate !== 16_000 || wav.channels !== 1) {
    throw new Error('assets/announcement.wav has to be 16 kHz mono.');
  }
  return new Recordings(wav.samples);
}
