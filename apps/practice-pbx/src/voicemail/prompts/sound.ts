import type { EnglishPrompt, GermanPrompt, Language, SharedPrompt } from './catalogue.ts';

/** Sound at a rate of its own; mono. */
export interface Recording {
  readonly samples: Int16Array;
  readonly sampleRate: RecordingRate;
}

/** Hz: the two rates of the telephone. */
export type RecordingRate = 8000 | 16_000;

/** A piece that one language alone has cannot be said in another. */
export type PromptSound =
  | { readonly kind: 'prompt'; readonly language: Language; readonly name: SharedPrompt }
  | { readonly kind: 'prompt'; readonly language: 'en'; readonly name: EnglishPrompt }
  | { readonly kind: 'prompt'; readonly language: 'de'; readonly name: GermanPrompt };

/** One thing to be heard; a list of them is played without a gap. */
export type Sound =
  | PromptSound
  | { readonly kind: 'recording'; readonly recording: Recording }
  | { readonly kind: 'beep' }
  | { readonly kind: 'pause'; readonly seconds: number };

export const BEEP: Sound = { kind: 'beep' };

/** A breath between two sentences. */
export const BREATH: Sound = { kind: 'pause', seconds: 0.3 };

export function prompt(language: Language, name: SharedPrompt): PromptSound {
  return { kind: 'prompt', language, name };
}

export function recorded(recording: Recording): Sound {
  return { kind: 'recording', recording };
}
