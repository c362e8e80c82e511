/**
 * What the microphone's loudness tells while a call runs and the person is muted. It is measured on this device and leaves it for nowhere. A microphone
 * that gives nothing is told of in `quality/verdict.ts`.
 * ```
 *  muted, and somebody speaks ───────────────► `mutedSpeech` until they stop, or speak unmuted
 * ```
 */
export interface Ear {
  /** Somebody speaks, and nobody hears it. */
  readonly mutedSpeech: boolean;
  /** Milliseconds since the epoch of the sample before; undefined before the first. */
  readonly at: number | undefined;
  /** Milliseconds of speech while muted, running down while there is none. */
  readonly spokenMs: number;
  /** When somebody was last heard while muted. */
  readonly spokeAt: number;
}

export interface EarSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Root mean square of the samples since the one before, in decibels below full scale: 0 loudest, −Infinity silence. */
  readonly db: number;
  /** The person has muted themselves. */
  readonly muted: boolean;
}

export const EarRules = {
  /** Speech into a headset is at −35 dB to −15 dB with automatic gain, a noisy office below −50 dB. */
  speechDb: -42,
  /** A cough and a door are shorter. */
  speechMs: 500,
  /** A hint that goes with each breath would flicker. */
  speechPauseMs: 3_000,
  /** Samples further apart, e.g. of a hidden window, count for no more than this. */
  longestStepMs: 500,
} as const;

export const newEar: Ear = {
  mutedSpeech: false,
  at: undefined,
  spokenMs: 0,
  spokeAt: Number.NEGATIVE_INFINITY,
};

export function hear(ear: Ear, { at, db, muted }: EarSample): Ear {
  const step = Math.min(Math.max(0, at - (ear.at ?? at)), EarRules.longestStepMs);
  if (muted) {
    const speech = db > EarRules.speechDb;
    const spokenMs = Math.min(EarRules.speechMs, Math.max(0, ear.spokenMs + (speech ? step : -step / 2)));
    const spokeAt = speech ? at : ear.spokeAt;
    const mutedSpeech =
      spokenMs >= EarRules.speechMs || (ear.mutedSpeech && at - spokeAt < EarRules.speechPauseMs);
    return { mutedSpeech, at, spokenMs, spokeAt };
  }
  return { mutedSpeech: false, at, spokenMs: 0, spokeAt: Number.NEGATIVE_INFINITY };
}
