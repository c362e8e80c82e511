import type { Body } from '@offhook/sip';
import { describeAudio, type AudioDescription, type Direction } from './audio-description.ts';
import { Voice } from './voice.ts';

/** A port that nobody listens at (RFC 863). */
const DISCARD = 9;

/** A subject's end of the audio of one call: how it is described, and where a tone is wanted, the voice. */
export class OwnAudio {
  readonly #tone: number | undefined;
  #voice: Voice | undefined;
  #version = 0;

  /** @param tone Hz; without, it says and hears nothing and describes the discard port */
  constructor(tone: number | undefined) {
    this.#tone = tone;
  }

  /** Must be called before it is described. */
  async open(): Promise<void> {
    if (this.#tone !== undefined) {
      this.#voice ??= await Voice.open(this.#tone);
    }
  }

  /** Throws where it has none. */
  get voice(): Voice {
    if (this.#voice === undefined) {
      throw new Error('This call has no voice: give the subject a tone.');
    }
    return this.#voice;
  }

  /** Each time as a newer version. */
  describe(direction: Direction): Body {
    this.#version += 1;
    const port = this.#voice?.port ?? DISCARD;
    return describeAudio({ address: '127.0.0.1', port, direction }, this.#version);
  }

  /** Speaks if the other side listens. */
  talk({ address, port, direction }: AudioDescription): void {
    if (port !== 0 && (direction === 'sendrecv' || direction === 'recvonly')) {
      this.#voice?.speakTo(address, port);
    } else {
      this.beSilent();
    }
  }

  beSilent(): void {
    this.#voice?.beSilent();
  }

  async close(): Promise<void> {
    await this.#voice?.[Symbol.asyncDispose]();
    this.#voice = undefined;
  }
}
