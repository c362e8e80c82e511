import type { ErrorCode, Language } from '@offhook/contract';
import { de } from './de.ts';
import { en } from './en.ts';
import type { ErrorWords } from './error-words.ts';

export type { ErrorWords } from './error-words.ts';

/** What went wrong, and what to do, by the contract's code. */
export const errorWords: Readonly<
  Partial<Record<Language, ErrorWords>> & { en: ErrorWords; de: ErrorWords }
> = { en, de };

/** The same under catalogue keys: `error.forbidden` and so on. */
export type ErrorKeys = { [Code in ErrorCode as `error.${Code}`]: string };
export const errorKeys = (words: ErrorWords): ErrorKeys =>
  Object.fromEntries(
    Object.entries(words).map(([code, sentence]) => [`error.${code}`, sentence]),
  ) as ErrorKeys;
