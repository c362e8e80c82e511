import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toneSamples, writeWav } from '@offhook/audio';

/** What Chromium's fake microphone plays, again and again. */
const SAMPLE_RATE = 48_000;
/** Whole numbers of hertz fit in a whole second, so that the file repeats without a click. */
const SECONDS = 4;

export interface ToneFile {
  readonly path: string;
  /** A test's process may be ended from outside: who plays the file removes it, not the end of the process. */
  remove(): void;
}

/** A WAV file with a steady tone of `frequency` whole hertz, in a folder of its own. */
export function makeToneFile(frequency: number): ToneFile {
  const folder = mkdtempSync(path.join(tmpdir(), 'offhook-tones-'));
  const file = path.join(folder, `${frequency}.wav`);
  const samples = toneSamples(SAMPLE_RATE, [frequency], SECONDS, -12);
  writeFileSync(file, writeWav({ sampleRate: SAMPLE_RATE, channels: 1, samples }));
  return { path: file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
