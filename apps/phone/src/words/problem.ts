import type { Problem } from '@offhook/phone-core';
import type { WordKey } from '../i18n/words.ts';

/** The keys of what happened and, where there is more to say, of what to do. Every code has its words. */
export function problemWords(problem: Problem): {
  readonly title: WordKey;
  readonly hint: WordKey | undefined;
} {
  switch (problem.kind) {
    case 'error':
      return { title: `error.${problem.code}`, hint: undefined };
    case 'microphone':
      return { title: `microphone.${problem.reason}`, hint: `microphone.${problem.reason}.hint` };
  }
}
