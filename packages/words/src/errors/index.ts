import type { ErrorCode, Language } from '@offhook/contract';
import { ca } from './ca.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { ErrorWords } from './error-words.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';

export type { ErrorWords } from './error-words.ts';

/** What went wrong, and what to do, by the contract's code. */
export const errorWords: Readonly<Record<Language, ErrorWords>> = { en, de, fr, es, it, nl, ca };

/** The same under catalogue keys: `error.forbidden` and so on. */
export type ErrorKeys = { [Code in ErrorCode as `error.${Code}`]: string };
export const errorKeys = (words: ErrorWords): ErrorKeys =>
  Object.fromEntries(
    Object.entries(words).map(([code, sentence]) => [`error.${code}`, sentence]),
  ) as ErrorKeys;
