import { dominantFrequency, levelDbfs, toneLevelDbfs } from '@offhook/audio';
import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** What is heard in a window now, from the sound that it plays and not from packets. */
export interface Heard {
  /** Hz; undefined for silence. */
  readonly frequency: number | undefined;
  /** dBFS; −120 for nothing at all. */
  readonly level: number;
}

/** Of the probe; the page's sound is resampled to it. */
const SAMPLE_RATE = 16_000;
/** Half a second. */
const SAMPLES = 8_192;
const AUDIO_ELEMENT = '[data-testid=remote-audio]';
/** Below this it is silent: comfort noise of a codec lies far under a voice of −12 dBFS. */
const SILENT_DBFS = -50;
/** A voice in a mix lies far over this, and what a codec makes of another voice far under it. */
const TONE_DBFS = -38;
const HEARD_WITHIN = 15_000;

/** Taps all that the page plays now, one player per call, and listens to the last half second. */
export async function listen(page: Page): Promise<Heard> {
  const samples = await tap(page);
  const level = levelDbfs(samples);
  return { level, frequency: level < SILENT_DBFS ? undefined : dominantFrequency(samples, SAMPLE_RATE) };
}

async function tap(page: Page): Promise<Int16Array> {
  const encoded = await page.evaluate(
    async ({ selector, sampleRate, count }) => {
      interface Probe {
        readonly context: AudioContext;
        readonly analyser: AnalyserNode;
        readonly sources: Map<MediaStream, MediaStreamAudioSourceNode>;
      }
      const scope = globalThis as unknown as { offhookProbe?: Probe };
      if (scope.offhookProbe === undefined) {
        const context = new AudioContext({ sampleRate });
        scope.offhookProbe = {
          context,
          analyser: new AnalyserNode(context, { fftSize: count }),
          sources: new Map(),
        };
      }
      const { context, analyser, sources } = scope.offhookProbe;
      const playing = [...document.querySelectorAll<HTMLAudioElement>(selector)].flatMap((element) => {
        const stream = element.srcObject;
        const sounds = stream instanceof MediaStream && stream.getAudioTracks().length > 0 && !element.paused;
        return sounds ? [stream] : [];
      });
      for (const [stream, source] of sources) {
        if (playing.includes(stream)) continue;
        source.disconnect();
        sources.delete(stream);
      }
      for (const stream of playing) {
        if (sources.has(stream)) continue;
        const source = context.createMediaStreamSource(stream);
        source.connect(analyser);
        sources.set(stream, source);
      }
      if (playing.length === 0) return '';
      await context.resume();
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      const pcm = new Int16Array(samples.map((sample) => Math.max(-1, Math.min(1, sample)) * 32_767));
      let text = '';
      for (const byte of new Uint8Array(pcm.buffer)) {
        text += String.fromCharCode(byte);
      }
      return btoa(text);
    },
    { selector: AUDIO_ELEMENT, sampleRate: SAMPLE_RATE, count: SAMPLES },
  );
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}

/** Waits until the window plays all of these tones at once: a conference. */
export async function expectToHearAll(page: Page, frequencies: readonly number[]): Promise<void> {
  const look = async () => {
    const samples = await tap(page);
    return frequencies.map((frequency) => Math.round(toneLevelDbfs(samples, SAMPLE_RATE, frequency)));
  };
  await until(
    `to hear ${frequencies.join(' and ')} Hz at once`,
    look,
    (levels) => levels.every((level) => level > TONE_DBFS),
    HEARD_WITHIN,
  );
}

/** Waits until the window plays a tone of `frequency` Hz, give or take 10. */
export async function expectToHear(page: Page, frequency: number): Promise<void> {
  const isHeard = (heard: Heard) => Math.abs((heard.frequency ?? 0) - frequency) <= 10;
  await until(`to hear ${frequency} Hz`, () => listen(page), isHeard, HEARD_WITHIN);
}

/** Waits until the window plays anything but a tone of `frequency` Hz: silence, or music on hold. */
export async function expectNotToHear(page: Page, frequency: number): Promise<void> {
  const isGone = (heard: Heard) => Math.abs((heard.frequency ?? 0) - frequency) > 20;
  await until(`not to hear ${frequency} Hz`, () => listen(page), isGone, HEARD_WITHIN);
}

export async function expectSilence(page: Page): Promise<void> {
  await until(
    'silence',
    () => listen(page),
    ({ level }) => level < SILENT_DBFS,
    HEARD_WITHIN,
  );
}
