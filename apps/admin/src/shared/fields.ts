import { OffhookError } from '@offhook/contract';

/** What a form found empty itself, before anything was sent: inputs by their path in the contract. */
export class MissingFields extends OffhookError {
  constructor(fields: string[]) {
    super('bad_request', { fields });
  }
}

/**
 * Which inputs of a form the service found wrong: `line.number` of `bad_request`'s `fields`. A form shows its words at the inputs and a general note only where
 * nothing names an input.
 */
export function wrongFields(problem: unknown): ReadonlySet<string> {
  if (problem === undefined || problem === null) return new Set();
  const { fields = [] } = OffhookError.from(problem);
  return new Set(fields.map((field) => field.replace(/^(?:body|params|querystring)[./]/u, '')));
}

/** Errors that belong to one input, whatever the form. */
const inputsOfCodes: Readonly<Partial<Record<string, readonly string[]>>> = {
  email_taken: ['email', 'administrator.email'],
  number_taken: ['number', 'line.number'],
  name_taken: ['name'],
  password_weak: ['password', 'next'],
  code_invalid: ['code'],
};

/** The words for one input, by the names that the service knows it under. */
export function fieldProblem(
  problem: unknown,
  names: readonly string[],
): 'code' | 'field' | 'missing' | undefined {
  if (problem === undefined || problem === null) return undefined;
  const { code } = OffhookError.from(problem);
  if (inputsOfCodes[code]?.some((name) => names.includes(name)) === true) return 'code';
  const wrong = wrongFields(problem);
  if (!names.some((name) => wrong.has(name))) return undefined;
  return problem instanceof MissingFields ? 'missing' : 'field';
}
