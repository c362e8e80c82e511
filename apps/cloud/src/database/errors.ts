import { OffhookError } from '@offhook/contract';

/** SQLSTATE classes and codes that mean: the database is away or overloaded, not: the statement is wrong. */
const awayStates = [/^08/u, /^53/u, /^57P0[1-5]$/u, /^57014$/u, /^58/u, /^25006$/u];
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** node-postgres has no codes for what it notices itself. */
const awayMessages =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|not queryable|Client was closed|pool after calling end/u;

/** Does this failure say that the database cannot be asked at the moment? */
export function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown instanceof AggregateError) return thrown.errors.some(isDatabaseAway);
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  // A database that lets nobody in at the moment says so with a code that statements use otherwise.
  if (code === '55000' && 'severity' in thrown && thrown.severity === 'FATAL') return true;
  return (
    awayCodes.has(code) || awayStates.some((state) => state.test(code)) || awayMessages.test(thrown.message)
  );
}

/** The contract's error for a failed transaction; what is not the database's absence stays as it was. */
export function fromDatabase(thrown: unknown): unknown {
  return isDatabaseAway(thrown) ? new OffhookError('unavailable', { cause: thrown, retryAfter: 2 }) : thrown;
}
