import { problemWords, useWords } from '../i18n/use-words.ts';
import { fieldProblem } from './fields.ts';

export interface FieldErrors {
  /** Mantine's `error` of an input, by the input's path in the contract. */
  of(...names: string[]): string | undefined;
  /** What no input on this page tells. */
  readonly rest: unknown;
}

/** Errors of a form from what the service refused. `inputs`: the paths of all that the form shows. */
export function useFieldErrors(problem: unknown, inputs: readonly string[]): FieldErrors {
  const { t } = useWords();
  return {
    of(...names) {
      switch (fieldProblem(problem, names)) {
        case 'code':
          return problemWords(t, problem);
        case 'field':
          return t('shared.field.wrong');
        case 'missing':
          return t('shared.field.missing');
        case undefined:
          return undefined;
      }
    },
    rest: fieldProblem(problem, inputs) === undefined ? problem : undefined,
  };
}
