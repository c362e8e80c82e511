import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isSilent, levelDbfs, readWav, toneSamples } from '@offhook/audio';
import { describe, expect, it } from 'vitest';
import { promptTexts } from './catalogue.ts';
import { PromptLibrary, loadPrompts } from './library.ts';
import { PlaylistSource } from './playlist.ts';
import { BEEP, prompt, recorded } from './sound.ts';
import type { Sound } from './sound.ts';

const assets = path.join(import.meta.dirname, '../../../assets');
const files = globSync('prompts/*/*.wav', { cwd: assets });

describe('the files of the prompts', () => {
  it('[VM-84] are those of the catalogue, each with a voice in it, 8 kHz mono', () => {
    const named = promptTexts().map(({ language, name }) => path.join('prompts', language, `${name}.wav`));
    expect(files.toSorted()).toEqual(named.toSorted());
    for (const file of files) {
      const { sampleRate, channels, samples } = readWav(readFileSync(path.join(assets, file)));
      expect([file, sampleRate, channels]).toEqual([file, 8000, 1]);
      expect([file, levelDbfs(samples) > -35, samples.length > 2000]).toEqual([file, true, true]);
    }
  });

  it('[VM-84] all sounds together stay under 1.5 MB', () => {
    const sizes = globSync('**/*.wav', { cwd: assets }).map((file) => statSync(path.join(assets, file)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
  });

  it('[VM-84] are the same voice at both rates, decoded once', () => {
    const library = loadPrompts();
    const goodbye = prompt('de', 'goodbye');
    const slow = library.samples(goodbye, 8000);
    expect(library.samples(goodbye, 16_000)).toHaveLength(slow.length * 2);
    expect(library.samples(goodbye, 8000)).toBe(slow);
    expect(new PromptLibrary(new Map()).samples(goodbye, 8000)).toHaveLength(0);
  });
});

describe('a list of sounds', () => {
  const none = new PromptLibrary(new Map());

  function play(sounds: readonly Sound[], rate: 8000 | 16_000, library = none): Int16Array {
    const source = new PlaylistSource(sounds, rate, library);
    const out: number[] = [];
    for (let frame = source.next(rate / 50); frame !== undefined; frame = source.next(rate / 50))
      out.push(...frame);
    expect(source.next(160)).toBeUndefined();
    return Int16Array.from(out);
  }

  it('[VM-85] is played without a gap, the last frame filled up with silence', () => {
    const samples = Int16Array.from({ length: 250 }, (_, index) => index + 1);
    const one = recorded({ samples, sampleRate: 8000 });
    expect([...play([one, one], 8000)]).toEqual([...samples, ...samples, ...new Int16Array(140)]);
  });

  it('[VM-85] with prompts, tone and pause', () => {
    const library = loadPrompts();
    const yes = prompt('en', 'and');
    const length = library.samples(yes, 8000).length;
    const heard = play([yes, BEEP, { kind: 'pause', seconds: 0.5 }], 8000, library);
    expect(heard.subarray(0, length)).toEqual(library.samples(yes, 8000));
    expect(isSilent(heard.subarray(length, length + 3200))).toBe(false);
    expect(isSilent(heard.subarray(length + 3200))).toBe(true);
    expect(heard).toHaveLength(Math.ceil((length + 3200 + 4000) / 160) * 160);
  });

  it('[VM-85] an empty one is over at once', () => {
    expect(play([], 8000)).toHaveLength(0);
    expect(play([recorded({ samples: new Int16Array(0), sampleRate: 8000 })], 16_000)).toHaveLength(0);
  });

  it.each([
    [8000, 16_000],
    [16_000, 8000],
  ] as const)('[VM-86] a recording of %i Hz has no seams at %i Hz', (from, to) => {
    const samples = toneSamples(from, [400], 3.5);
    const ideal = toneSamples(to, [400], 3.5);
    const heard = play([recorded({ samples, sampleRate: from })], to);
    expect(heard).toHaveLength(ideal.length);
    // Not the very ends: there the filter looks beyond the recording.
    const off = heard
      .subarray(100, -100)
      .map((sample, index) => Math.abs(sample - (ideal[index + 100] ?? 0)));
    expect(Math.max(...off)).toBeLessThan(120);
  });
});
