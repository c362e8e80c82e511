import type { EndCause } from '@offhook/contract';
import { isAnywhere, type UserCall } from './state.ts';

/**
 * Why a call has ended is known piece by piece: the leg has a reason, the platform gives one for each connection, and either
 * may come first. Of a call that nobody has answered the most telling one counts, whoever said it: so both orders give one
 * answer. The list goes from what says most to what says least.
 */
const TELLING: readonly EndCause[] = [
  'answered_elsewhere',
  'transferred',
  'joined',
  'parked',
  'deflected',
  'declined',
  'busy',
  'rejected',
  'unknown_number',
  'not_permitted',
  'unreachable',
  'no_answer',
  'cancelled',
  'media_failed',
  'client_lost',
  'pbx_unreachable',
  'connector_lost',
  'failed',
  'completed',
];

/**
 * Something has left the call, and has said why or not. [CM-12] Of an unanswered call the most telling reason is kept; of
 * an answered one the last.
 */
export function afterLeaving(call: UserCall, cause: EndCause | undefined): UserCall {
  if (call.answeredAt !== undefined) return { ...call, said: cause };
  if (cause === undefined) return call;
  return { ...call, said: moreTelling(call.said, cause) };
}

export function moreTelling(left: EndCause | undefined, right: EndCause | undefined): EndCause | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return TELLING.indexOf(right) < TELLING.indexOf(left) ? right : left;
}

/** [CM-17] What the mailbox took was missed, even though the platform says that somebody answered. */
export const afterVoicemail = (call: UserCall): UserCall =>
  call.answeredAt === undefined && (call.said === undefined || isVague(call.said))
    ? { ...call, said: 'no_answer' }
    : call;

const isVague = (cause: EndCause): boolean =>
  cause === 'answered_elsewhere' || cause === 'completed' || cause === 'cancelled';

/** [CM-3] Nobody completes what nobody has answered, and what was answered cannot be missed any more. */
function finalCause({ answeredAt, said }: UserCall): EndCause {
  if (answeredAt === undefined) return said === undefined || said === 'completed' ? 'cancelled' : said;
  return said === undefined || MISSED.includes(said) ? 'completed' : said;
}

const MISSED: readonly EndCause[] = ['cancelled', 'no_answer', 'answered_elsewhere'];

/** Ends a call that nothing is left of. [CM-2] It cannot have ended before it began, whatever the clock says. */
export function endIfEmpty(call: UserCall, now: number): UserCall {
  if (call.end !== undefined || call.handOver !== undefined || isAnywhere(call)) return call;
  return {
    ...call,
    devices: [],
    consultationFor: undefined,
    mixedWith: undefined,
    end: { cause: finalCause(call), endedAt: Math.max(now, call.answeredAt ?? call.startedAt) },
  };
}
