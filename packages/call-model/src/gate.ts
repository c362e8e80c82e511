import type { CallId, CallService, ClientId, ErrorCode } from '@offhook/contract';
import type { Abilities } from './abilities.ts';
import { isInRoom, partnersOf } from './relations.ts';
import { servicesOf } from './services.ts';
import { positionOf } from './view.ts';
import { isTaken, type UserCall, type UserCalls } from './state.ts';

export interface Wish {
  readonly callId: CallId;
  readonly clientId: ClientId;
  readonly service: CallService;
  /** Of `completeTransfer` and `conference`. */
  readonly otherCallId?: CallId;
}

export type Verdict =
  | { readonly ok: true; readonly call: UserCall; readonly other: UserCall | undefined }
  | { readonly ok: false; readonly code: ErrorCode };

/** The one gate: nothing is asked of a leg or of the platform that does not pass here. */
export function gate(state: UserCalls, can: Abilities, wish: Wish): Verdict {
  const call = state.calls.get(wish.callId);
  // [CM-70] What is not there, or is over, has ended.
  if (call === undefined) return { ok: false, code: 'call_not_found' };
  const services = servicesOf(state, call, can);
  // [CM-73] Who has the call is who is shown to have it.
  const position = positionOf(call);
  const here = position.at === 'client' && position.clientId === wish.clientId;
  const list = here ? services.owner : services.others;
  if (!list.includes(wish.service)) return { ok: false, code: refusalOf(call, wish.service) };
  if (wish.service !== 'completeTransfer' && wish.service !== 'conference') {
    return { ok: true, call, other: undefined };
  }
  // [CM-71] Only calls at the same place can be joined.
  const other = partnersOf(state, call).find(
    (one) => one.callId === wish.otherCallId && (wish.service === 'conference' || !isInRoom(one)),
  );
  return other === undefined ? { ok: false, code: 'call_not_permitted' } : { ok: true, call, other };
}

/** [CM-72] Why not, in the closest words. */
function refusalOf(call: UserCall, service: CallService): ErrorCode {
  if (call.end !== undefined) return 'call_not_found';
  const answered = call.answeredAt !== undefined || call.leg?.owner !== undefined || isTaken(call);
  if ((service === 'answer' || service === 'reject') && answered && call.direction === 'incoming') {
    return 'call_already_answered';
  }
  return 'call_not_permitted';
}
