import type { VoiceApplication, VoiceCall, VoiceSession } from './application.ts';
import { MIX_FRAME, MIX_RATE } from './inbox.ts';
import type { SampleSource } from './source.ts';
import { StreamResampler } from './stream-resampler.ts';

/** One call of a voice application: what it plays goes out at the rate of the leg, and its commands end with the call. */
export class ApplicationCall {
  readonly #session: VoiceSession;
  #playing: SampleSource | undefined;
  #isOver = false;

  constructor(
    application: VoiceApplication,
    about: Pick<VoiceCall, 'caller' | 'box' | 'purpose' | 'answeredAt'> & { readonly onHangUp: () => void },
  ) {
    const { caller, box, purpose, answeredAt, onHangUp } = about;
    this.#session = application.begin({
      caller,
      box,
      purpose,
      answeredAt,
      sampleRate: MIX_RATE,
      play: (source) => {
        this.#playing = source;
      },
      stop: () => {
        this.#playing = undefined;
      },
      hangUp: () => {
        if (!this.#isOver) onHangUp();
      },
    });
  }

  /** What the caller hears: never at its end, silence between what is played. */
  sourceAt(rate: 8000 | 16_000): SampleSource {
    const out = new StreamResampler(MIX_RATE, rate);
    return { next: () => out.next(this.#next()) };
  }

  hear(samples: Int16Array): void {
    if (!this.#isOver) this.#session.onSamples(samples);
  }

  digit(digit: string): void {
    if (!this.#isOver) this.#session.onDigit(digit);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#playing = undefined;
    this.#session.onEnded();
  }

  #next(): Int16Array {
    const source = this.#playing;
    const samples = source?.next(MIX_FRAME);
    if (samples !== undefined) return samples;
    // At the end of what was played; the session may play the next at once.
    if (source !== undefined && !this.#isOver) {
      this.#playing = undefined;
      this.#session.onPlayed();
    }
    return new Int16Array(MIX_FRAME);
  }
}
