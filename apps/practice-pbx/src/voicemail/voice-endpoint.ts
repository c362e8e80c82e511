import type { Millis } from '@offhook/sip';
import type { PromptLibrary } from './prompts/library.ts';
import { PlaylistSource } from './prompts/playlist.ts';
import type { RecordingRate, Sound } from './prompts/sound.ts';
import type { PlayId, VoiceApplication, VoiceInput } from './voice-application.ts';

export interface VoiceEndpointOptions {
  readonly application: VoiceApplication;
  readonly prompts: PromptLibrary;
  readonly sampleRate: RecordingRate;
  readonly clock: () => Millis;
  /** The application is done: end the call. Not called where the other side ended it. */
  readonly onHangUp: () => void;
}

interface Playing {
  readonly play: PlayId;
  readonly sounds: readonly Sound[];
  source: PlaylistSource;
}

/**
 * An application with a mouth: turns its effects into sound, 20 ms at a time, and tells it when something was played.
 * It is a `SampleSource` that lasts as long as the call: silence where nothing is said.
 */
export class VoiceEndpoint {
  readonly #application: VoiceApplication;
  readonly #prompts: PromptLibrary;
  readonly #clock: () => Millis;
  readonly #onHangUp: () => void;
  #sampleRate: RecordingRate;
  #playing: Playing | undefined;
  #isOver = false;

  constructor({ application, prompts, sampleRate, clock, onHangUp }: VoiceEndpointOptions) {
    this.#application = application;
    this.#prompts = prompts;
    this.#sampleRate = sampleRate;
    this.#clock = clock;
    this.#onHangUp = onHangUp;
  }

  /** Hz of {@link next}. Another one lets what is said start anew. */
  set sampleRate(rate: RecordingRate) {
    if (rate === this.#sampleRate) return;
    this.#sampleRate = rate;
    if (this.#playing !== undefined) this.#playing.source = this.#sourceOf(this.#playing.sounds);
  }

  /** When `tick` has to be given. */
  deadline(): Millis | undefined {
    return this.#isOver ? undefined : this.#application.deadline();
  }

  /** Everything but `played`, which the endpoint gives itself. */
  give(input: Exclude<VoiceInput, { kind: 'played' }>): void {
    if (this.#isOver) return;
    this.#give(input);
    if (input.kind === 'hung_up') this.#end();
  }

  /** The next samples for the other side; undefined once the application hung up. */
  next(count: number): Int16Array | undefined {
    // What follows the end of a prompt may begin in the same frame, and be empty itself.
    for (let followers = 0; this.#playing !== undefined && followers < MOST_FOLLOWERS; followers += 1) {
      const { play, source } = this.#playing;
      const samples = source.next(count);
      if (samples !== undefined) return samples;
      this.#playing = undefined;
      this.#give({ kind: 'played', play });
    }
    return this.#isOver ? undefined : new Int16Array(count);
  }

  #give(input: VoiceInput): void {
    this.#application.handle(input, this.#clock());
    for (const effect of this.#application.takeEffects()) {
      switch (effect.kind) {
        case 'play': {
          const { play, sounds } = effect;
          this.#playing = { play, sounds, source: this.#sourceOf(sounds) };
          break;
        }
        case 'stop_playing':
          this.#playing = undefined;
          break;
        case 'hang_up':
          this.#end();
          this.#onHangUp();
          break;
        default:
          effect satisfies never;
      }
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#playing = undefined;
  }

  #sourceOf(sounds: readonly Sound[]): PlaylistSource {
    return new PlaylistSource(sounds, this.#sampleRate, this.#prompts);
  }
}

/** Of prompts without a sample, one after the other, in one frame. */
const MOST_FOLLOWERS = 8;
