import type { Person } from '../person.ts';
import type { SampleSource } from './source.ts';

/**
 * An end-point inside the PBX that answers calls and has something to say: the voicemail. It gets voice as PCM and keys as
 * digits, and plays sources of samples; of SIP and RTP it knows nothing.
 */
export interface VoiceApplication {
  /** A call has been answered for it (the ACK is here). */
  begin(call: VoiceCall): VoiceSession;
}

/** A call as an application holds it. All commands may be given at any time; after the end they do nothing. */
export interface VoiceCall {
  readonly caller: Person;
  /** The extension whose box it is: the caller's own, or the one that the call was sent on from. */
  readonly box: string;
  /** `own`: the owner listens to the box; `leave`: somebody leaves a message. */
  readonly purpose: 'own' | 'leave';
  /** Milliseconds since 1970, when it was answered. */
  readonly answeredAt: number;
  /** Hz of all samples in both directions of this session; does not change. */
  readonly sampleRate: 16_000;
  /** From now on this is heard, in the place of what was. At its end `onPlayed` comes, and silence. */
  play(source: SampleSource): void;
  /** Silence, without `onPlayed`. */
  stop(): void;
  hangUp(): void;
}

/** What an application does with what it hears. */
export interface VoiceSession {
  /** 20 ms of the caller's voice, 320 samples; silence where nothing came. */
  onSamples(samples: Int16Array): void;
  /** A key, `0`–`9`, `*`, `#`, `A`–`D`; once per press. */
  onDigit(digit: string): void;
  /** The source of the last `play` is at its end. */
  onPlayed(): void;
  /** The call is over, whoever ended it. */
  onEnded(): void;
}
