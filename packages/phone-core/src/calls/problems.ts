import { OffhookError, type ErrorCode } from '@offhook/contract';
import { MicrophoneError } from '../ports.ts';
import type { Problem } from '../state/state.ts';

export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof MicrophoneError) return { kind: 'microphone', reason: thrown.reason };
  const { code, hindrance } = OffhookError.from(thrown);
  return { kind: 'error', code, ...(hindrance === undefined ? {} : { hindrance }) };
}

const transient: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unavailable',
  'timeout',
  'connector_offline',
  'draining',
  'queue_full',
  'rate_limited',
  'internal',
  'media_failed',
]);

/** Whether the same request may well succeed a little later. */
export function isTransient(problem: Problem): boolean {
  return problem.kind === 'error' && transient.has(problem.code);
}
