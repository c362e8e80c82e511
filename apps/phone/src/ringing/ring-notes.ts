import type { RingTone } from '../sound/preferences.ts';

export interface Note {
  readonly frequencies: readonly number[];
  /** Seconds from the start of the pattern. */
  readonly at: number;
  readonly seconds: number;
  readonly gain: number;
  /** `bell` dies away, `tone` stays level. */
  readonly shape: 'bell' | 'tone';
}

export const bell = (frequency: number, at: number, gain = 0.22, seconds = 0.9): Note => ({
  frequencies: [frequency, frequency * 2.01],
  at,
  seconds,
  gain,
  shape: 'bell',
});

/** The hammer between two gongs of a telephone with a bell: 20 strokes a second. */
const trill = (from: number): readonly Note[] =>
  Array.from({ length: 16 }, (_, stroke) =>
    bell(stroke % 2 === 0 ? 1_245 : 1_480, from + stroke * 0.05, 0.13, 0.22),
  );

/** One round of each ring tone; all begin again after the same time. */
export const ringNotes: Record<RingTone, readonly Note[]> = {
  bells: [bell(659.3, 0), bell(830.6, 0.16), bell(987.8, 0.32), bell(830.6, 0.7), bell(987.8, 0.86)],
  classic: [...trill(0), ...trill(1)],
  soft: [bell(440, 0, 0.2, 1.4), bell(554.4, 0.5, 0.16, 1.4)],
  lively: [0, 0.12, 0.24, 0.48, 0.6, 0.84, 0.96].map((at, step) =>
    bell([523.3, 659.3, 784, 1_046.5, 784, 659.3, 1_046.5][step] ?? 523.3, at, 0.18, 0.35),
  ),
};
