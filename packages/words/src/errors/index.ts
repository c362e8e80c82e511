import type { ErrorCode } from '@offhook/contract';
import type { ErrorWords } from './error-words.ts';

export type { ErrorWords } from './error-words.ts';

/**
 * What went wrong, and what to do, by language and the contract's code. A namespace rather than an object: who names one language
 * (`errorWords.de`) has that one in their bundle and no other.
 */
export * as errorWords from './every.ts';

/** The same under catalogue keys: `error.forbidden` and so on. */
export type ErrorKeys = { [Code in ErrorCode as `error.${Code}`]: string };
export const errorKeys = (words: ErrorWords): ErrorKeys =>
  Object.fromEntries(
    Object.entries(words).map(([code, sentence]) => [`error.${code}`, sentence]),
  ) as ErrorKeys;
