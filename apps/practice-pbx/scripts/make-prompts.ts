import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LANGUAGES, promptTexts } from '../src/voicemail/prompts/catalogue.ts';
import type { Language } from '../src/voicemail/prompts/catalogue.ts';

/**
 * Speaks every prompt of the catalogue anew into `assets/prompts`. Needs eSpeak NG and SoX (Debian: `apt-get install
 * espeak-ng sox`); the PBX itself needs neither.
 *
 *   node apps/practice-pbx/scripts/make-prompts.ts
 */
const VOICES: Readonly<Record<Language, string>> = { en: 'en-gb+f3', de: 'de+f3' };
const WORDS_PER_MINUTE = '165';
/** Of SoX: what is softer than this is cut off at either end. */
const TRIM = ['silence', '1', '0.01', '-45d', 'reverse'];
/** A little air, so that pieces put together stay words of their own. */
const AIR = ['pad', '0', '0.05'];
/** 8 kHz, IMA ADPCM: as good as a telephone is, at 4 kB/s. */
const FORMAT = ['-r', '8000', '-c', '1', '-e', 'ima-adpcm'];

const target = path.join(import.meta.dirname, '../assets/prompts');
const folder = mkdtempSync(path.join(tmpdir(), 'offhook-prompts-'));
try {
  rmSync(target, { recursive: true, force: true });
  for (const language of LANGUAGES) mkdirSync(path.join(target, language), { recursive: true });
  for (const { language, name, text } of promptTexts()) {
    const spoken = path.join(folder, 'spoken.wav');
    execFileSync('espeak-ng', ['-v', VOICES[language], '-s', WORDS_PER_MINUTE, '-w', spoken, text]);
    const file = path.join(target, language, `${name}.wav`);
    execFileSync('sox', ['-R', spoken, ...FORMAT, file, ...TRIM, ...TRIM, 'norm', '-6', ...AIR]);
  }
} finally {
  rmSync(folder, { recursive: true });
}
