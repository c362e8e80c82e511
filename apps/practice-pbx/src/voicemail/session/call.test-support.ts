import { toneSamples } from '@offhook/audio';
import { DEFAULT_LIMITS, Mailbox } from '../mailbox/mailbox.ts';
import type { MailboxLimits } from '../mailbox/mailbox.ts';
import type { Recording, Sound } from '../prompts/sound.ts';
import type { EpochMillis, PlayId, VoiceMachine, VoiceInput, VoicePurpose } from '../voice-machine.ts';
import { DEFAULT_TIMES, localTimeIn } from './setting.ts';
import type { OwnedMailbox, VoicemailSetting, VoicemailTimes } from './setting.ts';
import { VoicemailSession } from './voicemail-session.ts';

const FRAME_MS = 20;
/** Tuesday, 24 November 2026, 09:35 in Berlin. */
export const TUESDAY = Date.UTC(2026, 10, 24, 8, 35) as EpochMillis;
const DAY = 86_400_000;

export function daysBefore(days: number): EpochMillis {
  return (TUESDAY - days * DAY) as EpochMillis;
}

export function speech(seconds: number, sampleRate: 8000 | 16_000 = 8000): Recording {
  return { samples: toneSamples(sampleRate, [300], seconds), sampleRate };
}

export interface WorldOptions {
  readonly pin?: string;
  readonly language?: 'en' | 'de';
  readonly times?: Partial<VoicemailTimes>;
  readonly limits?: Partial<MailboxLimits>;
}

/** One mailbox, 101, and what sessions about it are given. */
export function world(options: WorldOptions = {}): { mailbox: Mailbox; setting: VoicemailSetting } {
  const { pin, language = 'en' } = options;
  const mailbox = new Mailbox('101', { ...DEFAULT_LIMITS, ...options.limits });
  const owned: OwnedMailbox = { mailbox, language, ...(pin === undefined ? {} : { pin }) };
  return {
    mailbox,
    setting: {
      find: (number) => (number === '101' ? owned : undefined),
      localTime: localTimeIn('Europe/Berlin'),
      language: 'en',
      times: { ...DEFAULT_TIMES, ...options.times },
    },
  };
}

/** The other side of a call, in virtual time. */
export class TestCall {
  now = 1000;
  /** What is playing or was last played, in words. */
  said = '';
  isOver = false;
  /** To tell the end of something that was interrupted. */
  lastPlay = 0 as PlayId;
  readonly #machine: VoiceMachine;
  #playing: PlayId | undefined;

  constructor(machine: VoiceMachine) {
    this.#machine = machine;
  }

  static to(setting: VoicemailSetting, purpose: VoicePurpose, caller = '201', sendsEvents = true): TestCall {
    const call = new TestCall(new VoicemailSession(setting));
    call.give({ kind: 'started', purpose, caller: { number: caller }, wallClock: TUESDAY, sendsEvents });
    return call;
  }

  get isPlaying(): boolean {
    return this.#playing !== undefined;
  }

  give(input: VoiceInput): void {
    this.#machine.handle(input, this.now);
    for (const effect of this.#machine.takeEffects()) {
      if (this.isOver) throw new Error(`${effect.kind} after the end`);
      switch (effect.kind) {
        case 'play':
          this.#playing = effect.play;
          this.lastPlay = effect.play;
          this.said = wordsOf(effect.sounds);
          break;
        case 'stop_playing':
          this.#playing = undefined;
          break;
        case 'hang_up':
          this.#playing = undefined;
          this.isOver = true;
          break;
        default:
          effect satisfies never;
      }
    }
  }

  /** Hears what is playing to its end; gives its words. */
  hear(): string {
    const { said } = this;
    const play = this.#playing;
    if (play === undefined) throw new Error('Nothing is playing.');
    this.#playing = undefined;
    this.give({ kind: 'played', play });
    return said;
  }

  /** Gives what is said upon the last of them. */
  press(digits: string): string {
    for (const digit of digits) this.give({ kind: 'digit', digit });
    return this.said;
  }

  speak(seconds: number, sampleRate = 8000): void {
    this.send(toneSamples(sampleRate, [300], seconds), sampleRate);
  }

  silence(seconds: number): void {
    this.send(new Int16Array(seconds * 8000), 8000);
  }

  send(samples: Int16Array, sampleRate: number): void {
    const length = (sampleRate * FRAME_MS) / 1000;
    for (let start = 0; start < samples.length && !this.isOver; start += length) {
      this.wait(FRAME_MS / 1000);
      if (!this.isOver)
        this.give({ kind: 'frame', samples: samples.subarray(start, start + length), sampleRate });
    }
  }

  /** Time goes by; ticks come when they are due. */
  wait(seconds: number): void {
    const until = this.now + seconds * 1000;
    for (;;) {
      const deadline = this.#machine.deadline();
      if (this.isOver || deadline === undefined || deadline > until) break;
      this.now = Math.max(this.now, deadline);
      this.give({ kind: 'tick' });
      if (this.#machine.deadline() === deadline) throw new Error('A tick did not move the deadline.');
    }
    this.now = until;
  }

  hangUp(): void {
    this.give({ kind: 'hung_up' });
    this.isOver = true;
  }
}

/** Names of prompts; `n-5` is `5`. */
export function wordsOf(sounds: readonly Sound[]): string {
  return sounds
    .flatMap((sound) => {
      switch (sound.kind) {
        case 'prompt':
          return [sound.name.replace(/^n-/, '')];
        case 'recording':
          return [`<${(sound.recording.samples.length / sound.recording.sampleRate).toFixed(1)} s>`];
        case 'beep':
          return ['beep'];
        case 'pause':
          return [];
        default:
          return sound satisfies never;
      }
    })
    .join(' ');
}
