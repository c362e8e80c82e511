import type { ErrorCode, Language } from '@offhook/contract';
import { errorWords } from '@offhook/words';
import type { SignInProblem } from '../flow.ts';
import { ca } from './ca.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { nl } from './nl.ts';
import type { Words } from './words.ts';

export const signInWords: Readonly<Record<Language, Words>> = { en, de, fr, es, it, nl, ca };

/** Placeholders are `{{name}}`. */
export const filled = (text: string, name: string): string => text.replaceAll('{{name}}', name);

/** What is told before the service was asked, or about the device. */
const own = {
  missing_credentials: 'missingCredentials',
  missing_email: 'missingEmail',
  missing_code: 'missingCode',
  no_sso: 'noSso',
  passkey_cancelled: 'passkeyCancelled',
  passkey_failed: 'passkeyFailed',
} as const satisfies Record<Exclude<SignInProblem, ErrorCode>, keyof Words>;

const isOwn = (problem: SignInProblem): problem is keyof typeof own => Object.hasOwn(own, problem);

/** What went wrong and what to do, in a language. */
export function problemWords(language: Language, problem: SignInProblem): string {
  return isOwn(problem) ? signInWords[language][own[problem]] : errorWords[language][problem];
}
