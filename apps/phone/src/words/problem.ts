import type { ErrorCode, Hindrance } from '@offhook/contract';
import type { Problem } from '@offhook/phone-core';
import type { CatalogueKey } from '../i18n/words.ts';

/** The keys of what happened and, where there is more to say, of what to do. Every code has its words. */
export function problemWords(problem: Problem): {
  readonly title: CatalogueKey;
  readonly hint: CatalogueKey | undefined;
} {
  switch (problem.kind) {
    case 'error':
      return { title: `error.${problem.code}`, hint: hintOf(problem.code, problem.hindrance) };
    case 'microphone':
      return { title: `microphone.${problem.reason}`, hint: `microphone.${problem.reason}.hint` };
  }
}

function hintOf(code: ErrorCode, hindrance: Hindrance | undefined): CatalogueKey | undefined {
  if (hindrance === undefined) return undefined;
  // A call that is fetched is nobody's to choose: where it cannot be had, somebody else has it, or nobody any more.
  const isFetched = code === 'pull_failed';
  switch (hindrance) {
    case 'busy':
    case 'no_answer':
    case 'rejected':
    case 'unknown_number':
      return isFetched ? 'why.gone' : `why.${hindrance}`;
    case 'unreachable':
      return isFetched ? 'why.overloaded' : `why.${hindrance}`;
    case 'not_permitted':
    case 'overloaded':
    case 'gone':
      return `why.${hindrance}`;
  }
}
