import { toneLevelDbfs } from '@offhook/audio';
import type { Page } from 'playwright-core';

/** What a window played, without a hole in time: what did not come is silence. */
export interface Recorded {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** When the first sample was played: milliseconds since 1970, of this machine's clock. */
  readonly startedAt: number;
}

export interface Recorder {
  stop(): Promise<Recorded>;
}

const AUDIO_ELEMENT = '[data-testid=remote-audio]';
/** The piece in which a tone is there or not. */
const PIECE_SECONDS = 0.01;
/** A voice of the tests has −12 dBFS; what is left of it under this is a hole for whoever listens. */
const AUDIBLE_DBFS = -40;
const DISTINCT_DB = 6;

/** Records the one call that the page plays, from its decoded sound and not from packets. */
export async function record(page: Page): Promise<Recorder> {
  await page.evaluate((selector) => {
    const stream = document.querySelector<HTMLAudioElement>(selector)?.srcObject;
    const track = stream instanceof MediaStream ? stream.getAudioTracks()[0] : undefined;
    if (track === undefined) throw new Error('The page plays nothing.');
    interface Data extends AudioData {
      readonly timestamp: number;
    }
    const Processor = (
      globalThis as unknown as {
        MediaStreamTrackProcessor: new (of: { track: MediaStreamTrack; maxBufferSize: number }) => {
          readonly readable: ReadableStream<Data>;
        };
      }
    ).MediaStreamTrackProcessor;
    const reader = new Processor({ track: track.clone(), maxBufferSize: 500 }).readable.getReader();
    const pieces: { at: number; rate: number; samples: Float32Array }[] = [];
    // The clock of the pieces is another than the page's: the piece that was the least late tells how far they are apart.
    const clock = { behind: Infinity };
    const take = async (): Promise<void> => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        const samples = new Float32Array(value.numberOfFrames);
        const came = performance.timeOrigin + performance.now();
        clock.behind = Math.min(clock.behind, came - value.timestamp / 1000);
        value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        pieces.push({ at: value.timestamp, rate: value.sampleRate, samples });
        value.close();
      }
    };
    void take();
    (globalThis as unknown as { offhookRecorder: unknown }).offhookRecorder = { reader, pieces, clock };
  }, AUDIO_ELEMENT);
  return { stop: () => stop(page) };
}

async function stop(page: Page): Promise<Recorded> {
  const { encoded, sampleRate, startedAt } = await page.evaluate(async () => {
    const { reader, pieces, clock } = (
      globalThis as unknown as {
        offhookRecorder: {
          reader: ReadableStreamDefaultReader<unknown>;
          pieces: { at: number; rate: number; samples: Float32Array }[];
          clock: { behind: number };
        };
      }
    ).offhookRecorder;
    await reader.cancel();
    const [first] = pieces;
    const last = pieces.at(-1);
    if (first === undefined || last === undefined) {
      return { encoded: '', sampleRate: 48_000, startedAt: 0 };
    }
    // By their times, so that a piece that was missed is a hole and not a splice.
    const place = ({ at }: { at: number }): number => Math.round(((at - first.at) * first.rate) / 1_000_000);
    const all = new Int16Array(place(last) + last.samples.length);
    for (const piece of pieces) {
      const from = place(piece);
      for (const [index, sample] of piece.samples.entries()) {
        all[from + index] = Math.max(-1, Math.min(1, sample)) * 32_767;
      }
    }
    let text = '';
    for (const byte of new Uint8Array(all.buffer)) text += String.fromCharCode(byte);
    return { encoded: btoa(text), sampleRate: first.rate, startedAt: first.at / 1000 + clock.behind };
  });
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
  return { samples: new Int16Array(bytes.buffer, 0, bytes.length >> 1), sampleRate, startedAt };
}

/** The longest time, in milliseconds, for which none of these tones could be heard. Infinity where none ever could. */
export function longestGap(recorded: Recorded, ...frequencies: readonly number[]): number {
  let longest = 0;
  let current = 0;
  let isEverThere = false;
  for (const { levels } of pieces(recorded, frequencies)) {
    const isThere = levels.some((level) => level > AUDIBLE_DBFS);
    current = isThere ? 0 : current + 1;
    isEverThere ||= isThere;
    longest = Math.max(longest, current);
  }
  return isEverThere ? Math.round(longest * PIECE_SECONDS * 1_000) : Infinity;
}

/** When a tone took the place of another, in milliseconds since 1970. Infinity where it never did. */
export function replacedAt(recorded: Recorded, former: number, frequency: number): number {
  for (const { at, levels } of pieces(recorded, [former, frequency])) {
    const [before = -Infinity, now = -Infinity] = levels;
    // In so short a piece a tone sounds a little like all others.
    if (now > AUDIBLE_DBFS && now > before + DISTINCT_DB) return at;
  }
  return Infinity;
}

function* pieces(
  { samples, sampleRate, startedAt }: Recorded,
  frequencies: readonly number[],
): Generator<{ readonly at: number; readonly levels: readonly number[] }> {
  const size = Math.round(sampleRate * PIECE_SECONDS);
  for (let from = 0; from + size <= samples.length; from += size) {
    const piece = samples.subarray(from, from + size);
    yield {
      at: startedAt + (from / sampleRate) * 1_000,
      levels: frequencies.map((frequency) => toneLevelDbfs(piece, sampleRate, frequency)),
    };
  }
}

/** Notes when the page is clicked, and gives the last time in milliseconds since 1970. */
export async function clickTime(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const scope = globalThis as unknown as { offhookClicked?: number };
    if (scope.offhookClicked === undefined) {
      const note = () => (scope.offhookClicked = performance.timeOrigin + performance.now());
      document.addEventListener('click', note, { capture: true });
    }
    scope.offhookClicked = 0;
  });
  return () => page.evaluate(() => (globalThis as unknown as { offhookClicked: number }).offhookClicked);
}

/** Starts a clock with the next click in the page, which stops when the page plays a sound. */
export async function timeToSound(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(
    ({ selector, audible }) => {
      const scope = globalThis as unknown as { offhookTimeToSound: Promise<number> };
      scope.offhookTimeToSound = new Promise((resolve) => {
        const context = new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: 512 });
        const known = new Set<MediaStream>();
        const samples = new Float32Array(analyser.fftSize);
        document.addEventListener(
          'click',
          () => {
            const clicked = performance.now();
            void context.resume();
            const timer = setInterval(() => {
              for (const { srcObject } of document.querySelectorAll<HTMLAudioElement>(selector)) {
                if (!(srcObject instanceof MediaStream) || known.has(srcObject)) continue;
                known.add(srcObject);
                context.createMediaStreamSource(srcObject).connect(analyser);
              }
              analyser.getFloatTimeDomainData(samples);
              if (!samples.some((sample) => Math.abs(sample) > audible)) return;
              clearInterval(timer);
              void context.close();
              resolve(performance.now() - clicked);
            }, 5);
          },
          { capture: true, once: true },
        );
      });
    },
    { selector: AUDIO_ELEMENT, audible: 10 ** (AUDIBLE_DBFS / 20) },
  );
  return () =>
    page.evaluate(
      () => (globalThis as unknown as { offhookTimeToSound: Promise<number> }).offhookTimeToSound,
    );
}
