import type { Millis } from '@offhook/sip';
import type { Sound } from './prompts/sound.ts';
import { Line } from './session/line.ts';
import type { VoiceApplication, VoiceEffect, VoiceInput } from './voice-application.ts';

export interface AnnouncementOptions {
  readonly sounds: readonly Sound[];
  /** How often it is heard; 1 where it is left out. */
  readonly times?: number;
}

/** Once everything should long be played: ends calls whose other side went away without a word. */
const LONGEST: Millis = 120_000;

/** Says something and hangs up: a number not in service, a feature that is on, the practice emergency service. */
export class Announcement implements VoiceApplication {
  readonly #sounds: readonly Sound[];
  readonly #line = new Line();
  #left: number;
  #until: Millis | undefined;

  constructor({ sounds, times = 1 }: AnnouncementOptions) {
    this.#sounds = sounds;
    this.#left = times;
  }

  handle(input: VoiceInput, now: Millis): void {
    switch (input.kind) {
      case 'started':
        this.#until = now + LONGEST;
        this.#go();
        break;
      case 'played':
        if (this.#line.finished(input)) this.#go();
        break;
      case 'tick':
        if (this.#until !== undefined && now >= this.#until) this.#hangUp();
        break;
      case 'hung_up':
        this.#left = 0;
        this.#until = undefined;
        break;
      case 'digit':
      case 'frame':
        break;
      default:
        input satisfies never;
    }
  }

  takeEffects(): readonly VoiceEffect[] {
    return this.#line.takeEffects();
  }

  deadline(): Millis | undefined {
    return this.#until;
  }

  #go(): void {
    if (this.#until === undefined) return;
    this.#left -= 1;
    if (this.#left < 0) this.#hangUp();
    else this.#line.say(this.#sounds);
  }

  #hangUp(): void {
    this.#until = undefined;
    this.#line.hangUp();
  }
}
