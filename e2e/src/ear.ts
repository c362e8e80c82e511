import { dominantFrequency, levelDbfs } from '@offhook/audio';
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
const HEARD_WITHIN = 15_000;

/** Taps the stream that the page's audio element plays now, and listens to the last half second. */
export async function listen(page: Page): Promise<Heard> {
  const encoded = await page.evaluate(
    async ({ selector, sampleRate, count }) => {
      interface Probe {
        stream: MediaStream;
        analyser: AnalyserNode;
        context: AudioContext;
      }
      const scope = globalThis as unknown as { offhookProbe?: Probe };
      const element = document.querySelector<HTMLAudioElement>(selector);
      const stream = element?.srcObject;
      if (
        !(stream instanceof MediaStream) ||
        stream.getAudioTracks().length === 0 ||
        element?.paused !== false
      ) {
        return '';
      }
      if (scope.offhookProbe?.stream !== stream) {
        await scope.offhookProbe?.context.close();
        const context = new AudioContext({ sampleRate });
        const analyser = new AnalyserNode(context, { fftSize: count });
        context.createMediaStreamSource(stream).connect(analyser);
        scope.offhookProbe = { stream, analyser, context };
      }
      const { analyser, context } = scope.offhookProbe;
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
  const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
  const level = levelDbfs(samples);
  return { level, frequency: level < SILENT_DBFS ? undefined : dominantFrequency(samples, SAMPLE_RATE) };
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
