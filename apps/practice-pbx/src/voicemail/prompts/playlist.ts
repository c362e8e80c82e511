import { resample, toneSamples } from '@offhook/audio';
import type { PromptLibrary } from './library.ts';
import type { Recording, RecordingRate, Sound } from './sound.ts';

const BEEP_HZ = 800;
const BEEP_SECONDS = 0.4;
const BEEP_DBFS = -16;
/** A recording is brought to the rate in pieces of so many seconds: minutes at once would hold up other calls. */
const PIECE_SECONDS = 1;
/** Samples on either side of a piece that the filter of `resample` looks at. */
const MARGIN = 32;

/** A list of sounds, one after the other, in frames of any size. A `SampleSource` of the PBX. */
export class PlaylistSource {
  readonly #pieces: Iterator<Int16Array>;
  #piece = new Int16Array(0);

  constructor(sounds: readonly Sound[], rate: RecordingRate, prompts: PromptLibrary) {
    this.#pieces = piecesOf(sounds, rate, prompts);
  }

  /** The next samples, filled up with silence where the list ends within them; undefined after its end. */
  next(count: number): Int16Array | undefined {
    const out = new Int16Array(count);
    let filled = 0;
    while (filled < count) {
      if (this.#piece.length === 0) {
        const next = this.#pieces.next();
        if (next.done === true) break;
        this.#piece = next.value.slice();
      }
      const taken = this.#piece.subarray(0, count - filled);
      out.set(taken, filled);
      filled += taken.length;
      this.#piece = this.#piece.subarray(taken.length);
    }
    return filled === 0 ? undefined : out;
  }
}

function* piecesOf(
  sounds: readonly Sound[],
  rate: RecordingRate,
  prompts: PromptLibrary,
): Generator<Int16Array, undefined> {
  for (const sound of sounds) {
    switch (sound.kind) {
      case 'prompt':
        yield prompts.samples(sound, rate);
        break;
      case 'recording':
        yield* recordingPieces(sound.recording, rate);
        break;
      case 'beep':
        yield toneSamples(rate, [BEEP_HZ], BEEP_SECONDS, BEEP_DBFS);
        break;
      case 'pause':
        yield new Int16Array(Math.round(rate * sound.seconds));
        break;
      default:
        sound satisfies never;
    }
  }
  return undefined;
}

function* recordingPieces(recording: Recording, rate: RecordingRate): Generator<Int16Array> {
  const { samples, sampleRate } = recording;
  const length = sampleRate * PIECE_SECONDS;
  for (let start = 0; start < samples.length; start += length) {
    const end = Math.min(start + length, samples.length);
    // Even numbers all: both ends fall on samples of either rate.
    const from = Math.max(0, start - MARGIN);
    const wide = resample(samples.subarray(from, end + MARGIN), sampleRate, rate);
    const scale = rate / sampleRate;
    yield wide.subarray((start - from) * scale, Math.ceil((end - from) * scale));
  }
}
