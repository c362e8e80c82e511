import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toneSamples, writeWav } from '@offhook/audio';

/** What Chromium's fake microphone plays, again and again. */
const SAMPLE_RATE = 48_000;
/** Whole numbers of hertz fit in a whole second, so that the file repeats without a click. */
const SECONDS = 4;

let folder: string | undefined;

/** A WAV file with a steady tone of `frequency` whole hertz; the same file each time. */
export function toneFile(frequency: number): string {
  folder ??= makeFolder();
  const file = path.join(folder, `${frequency}.wav`);
  const samples = toneSamples(SAMPLE_RATE, [frequency], SECONDS, -12);
  writeFileSync(file, writeWav({ sampleRate: SAMPLE_RATE, channels: 1, samples }));
  return file;
}

/** Goes when this process ends. */
function makeFolder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'offhook-tones-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
