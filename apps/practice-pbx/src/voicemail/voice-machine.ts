import type { Millis } from '@offhook/sip';
import type { Sound } from './prompts/sound.ts';

/** Milliseconds since 1970 on the wall clock; {@link Millis} counts from anywhere. */
export type EpochMillis = number & { readonly [epochMillis]: true };
declare const epochMillis: unique symbol;

/** One `play`; what its end is told with. */
export type PlayId = number & { readonly [playId]: true };
declare const playId: unique symbol;

/** Who is at the other end. */
export interface Caller {
  /** As it is dialled to call back; empty where it is not known. */
  readonly number: string;
  readonly name?: string;
}

/** What a call to the voicemail is for. */
export type VoicePurpose =
  /** A call that was forwarded to the mailbox, or that dialled it directly (`500<ext>`). */
  | { readonly kind: 'leave_message'; readonly mailbox: string }
  /** The mailbox of the extension that the call comes from (`500`): no PIN is asked for. */
  | { readonly kind: 'own_mailbox'; readonly mailbox: string }
  /** From elsewhere: with the PIN. Where the mailbox is left out, its number is asked for, too. */
  | { readonly kind: 'remote_access'; readonly mailbox?: string };

export type VoiceInput =
  /** The call is answered and sound goes both ways. The first input, once. */
  | {
      readonly kind: 'started';
      readonly caller: Caller;
      readonly purpose: VoicePurpose;
      readonly wallClock: EpochMillis;
      /** The other side sends its keys as telephone events (RFC 4733); where not, they are listened for in the sound. */
      readonly sendsEvents: boolean;
    }
  /** Sound from the other side, about 20 ms, at any multiple of 8 kHz up to 48. */
  | { readonly kind: 'frame'; readonly samples: Int16Array; readonly sampleRate: number }
  /** A key of the other side. */
  | { readonly kind: 'digit'; readonly digit: string }
  /** Everything of this `play` was sent. Not given for one that was stopped or replaced. */
  | { readonly kind: 'played'; readonly play: PlayId }
  /** The other side ended the call, or it was taken away. The last input. */
  | { readonly kind: 'hung_up' }
  /** `deadline()` is reached. */
  | { readonly kind: 'tick' };

export type VoiceEffect =
  /** In the place of whatever is playing. */
  | { readonly kind: 'play'; readonly play: PlayId; readonly sounds: readonly Sound[] }
  | { readonly kind: 'stop_playing' }
  /** The last effect. */
  | { readonly kind: 'hang_up' };

/**
 * Something that talks with a caller: its inputs and effects know sound and keys, nothing of SIP and RTP. Pure, like the
 * PBX's other machines: inputs and time in, effects out. Whoever drives it drains `takeEffects()` after each `handle`
 * and gives `tick` at `deadline()`. After `hang_up` or `hung_up` it does nothing any more.
 */
export interface VoiceMachine {
  handle(input: VoiceInput, now: Millis): void;
  takeEffects(): readonly VoiceEffect[];
  deadline(): Millis | undefined;
}
