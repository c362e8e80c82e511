import { readFileSync } from 'node:fs';
import { readWav, resample } from '@offhook/audio';
import { promptTexts } from './catalogue.ts';
import type { PromptSound, RecordingRate } from './sound.ts';

const PROMPT_RATE = 8000;

/** Prompts at both rates, decoded when first needed. */
export class PromptLibrary {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #made = new Map<string, Int16Array>();

  /** `files`: WAV, 8 kHz mono, by `<language>/<name>`. */
  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
  }

  /** Empty for a prompt that is not there. Throws `WavError` where its file is none. */
  samples({ language, name }: PromptSound, rate: RecordingRate): Int16Array {
    const key = `${language}/${name}`;
    const made = this.#made.get(`${key} ${rate}`) ?? this.#make(key, rate);
    this.#made.set(`${key} ${rate}`, made);
    return made;
  }

  #make(key: string, rate: RecordingRate): Int16Array {
    const file = this.#files.get(key);
    return file === undefined ? new Int16Array(0) : resample(readWav(file).samples, PROMPT_RATE, rate);
  }
}

/** Reads the prompts that come with the program. Throws where one is missing. */
export function loadPrompts(): PromptLibrary {
  const folder = new URL('../../../assets/prompts/', import.meta.url);
  return new PromptLibrary(
    new Map(
      promptTexts().map(({ language, name }) => {
        const key = `${language}/${name}`;
        return [key, readFileSync(new URL(`${key}.wav`, folder))];
      }),
    ),
  );
}
