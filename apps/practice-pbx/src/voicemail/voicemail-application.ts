import type { Millis } from '@offhook/sip';
import type { PromptLibrary } from './prompts/library.ts';
import { PlaylistSource } from './prompts/playlist.ts';
import type { RecordingRate } from './prompts/sound.ts';
import type { VoicemailSetting } from './session/setting.ts';
import { VoicemailSession } from './session/voicemail-session.ts';
import type { Caller, EpochMillis, PlayId, VoiceInput, VoicePurpose } from './voice-machine.ts';

/** A call that the PBX has answered for the voicemail. After its end the commands do nothing. */
export interface AnsweredCall {
  readonly caller: Caller;
  /** The mailbox; may be left out for `remote`. */
  readonly box?: string;
  /** `own`: from the extension of the box. `leave`: a message for it. `remote`: its owner from elsewhere, with the PIN. */
  readonly purpose: 'own' | 'leave' | 'remote';
  /** Milliseconds since 1970. */
  readonly answeredAt: number;
  /** Hz of what is played; does not change. */
  readonly sampleRate: RecordingRate;
  /** Left out where every key comes as `onDigit`; false where they have to be listened for in the sound. */
  readonly sendsEvents?: boolean;
  /** In the place of what is playing; at its end comes `onPlayed`. */
  play(source: PlaylistSource): void;
  stop(): void;
  hangUp(): void;
}

export interface VoicemailOptions {
  readonly setting: VoicemailSetting;
  readonly prompts: PromptLibrary;
  readonly clock: () => Millis;
  /** Runs something once, later, until it is disposed of. */
  readonly after: (delay: Millis, run: () => void) => Disposable;
}

/** The voicemail as the PBX's media holds it: gives each call a session, its sound and a timer. */
export class VoicemailApplication {
  readonly #options: VoicemailOptions;

  constructor(options: VoicemailOptions) {
    this.#options = options;
  }

  /** The first prompt is played before it returns. */
  begin(call: AnsweredCall): VoicemailCall {
    return new VoicemailCall(this.#options, call);
  }
}

/** One call; what its media tells goes to the session, and the session's wishes to the media. */
export class VoicemailCall {
  readonly #options: VoicemailOptions;
  readonly #call: AnsweredCall;
  readonly #session: VoicemailSession;
  #playing: PlayId | undefined;
  #timer: { readonly at: Millis; readonly running: Disposable } | undefined;

  constructor(options: VoicemailOptions, call: AnsweredCall) {
    this.#options = options;
    this.#call = call;
    this.#session = new VoicemailSession(options.setting);
    this.#give({
      kind: 'started',
      caller: call.caller,
      purpose: purposeOf(call),
      // The clock of the call is the wall clock.
      wallClock: call.answeredAt as EpochMillis,
      sendsEvents: call.sendsEvents ?? true,
    });
  }

  onSamples(samples: Int16Array): void {
    this.#give({ kind: 'frame', samples, sampleRate: this.#call.sampleRate });
  }

  onDigit(digit: string): void {
    this.#give({ kind: 'digit', digit });
  }

  onPlayed(): void {
    const play = this.#playing;
    this.#playing = undefined;
    if (play !== undefined) this.#give({ kind: 'played', play });
  }

  onEnded(): void {
    this.#give({ kind: 'hung_up' });
  }

  #give(input: VoiceInput): void {
    this.#session.handle(input, this.#options.clock());
    const effects = this.#session.takeEffects();
    // Before the effects: they may bring the next input at once.
    this.#setTimer();
    for (const effect of effects) {
      switch (effect.kind) {
        case 'play': {
          const { prompts } = this.#options;
          this.#playing = effect.play;
          this.#call.play(new PlaylistSource(effect.sounds, this.#call.sampleRate, prompts));
          break;
        }
        case 'stop_playing':
          this.#playing = undefined;
          this.#call.stop();
          break;
        case 'hang_up':
          this.#playing = undefined;
          this.#call.hangUp();
          break;
        default:
          effect satisfies never;
      }
    }
  }

  /** While somebody speaks the deadline moves with each frame: a timer that comes too early is set again then. */
  #setTimer(): void {
    const deadline = this.#session.deadline();
    if (deadline !== undefined && this.#timer !== undefined && this.#timer.at <= deadline) return;
    this.#timer?.running[Symbol.dispose]();
    this.#timer = undefined;
    if (deadline === undefined) return;
    const running = this.#options.after(Math.max(0, deadline - this.#options.clock()), () => {
      this.#timer = undefined;
      this.#give({ kind: 'tick' });
    });
    this.#timer = { at: deadline, running };
  }
}

function purposeOf({ purpose, box }: AnsweredCall): VoicePurpose {
  switch (purpose) {
    case 'own':
      return { kind: 'own_mailbox', mailbox: box ?? '' };
    case 'leave':
      return { kind: 'leave_message', mailbox: box ?? '' };
    case 'remote':
      return box === undefined ? { kind: 'remote_access' } : { kind: 'remote_access', mailbox: box };
    default:
      return purpose satisfies never;
  }
}
