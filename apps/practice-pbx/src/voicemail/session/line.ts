import type { Sound } from '../prompts/sound.ts';
import type { PlayId, VoiceEffect, VoiceInput } from '../voice-machine.ts';

/** The talking side of a machine: numbers what is played and knows whether it is over. */
export class Line {
  #effects: VoiceEffect[] = [];
  #plays = 0;
  #playing: PlayId | undefined;

  get isPlaying(): boolean {
    return this.#playing !== undefined;
  }

  /** In the place of whatever is playing. */
  say(sounds: readonly Sound[]): void {
    this.#plays += 1;
    // The only place where ids are made.
    const play = this.#plays as PlayId;
    this.#playing = play;
    this.#effects.push({ kind: 'play', play, sounds });
  }

  stop(): void {
    if (this.#playing === undefined) return;
    this.#playing = undefined;
    this.#effects.push({ kind: 'stop_playing' });
  }

  hangUp(): void {
    this.#playing = undefined;
    this.#effects.push({ kind: 'hang_up' });
  }

  /** False for the end of something that was replaced in the meantime. */
  finished({ play }: Extract<VoiceInput, { kind: 'played' }>): boolean {
    if (play !== this.#playing) return false;
    this.#playing = undefined;
    return true;
  }

  takeEffects(): readonly VoiceEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

/** What the parts of a session are given: a `played` is of what they said last. */
export type FlowInput = Exclude<VoiceInput, { kind: 'started' }>;
