import type { Hindrance } from '@offhook/contract';
import type { ReferralOutcome, ReferralState } from '@offhook/sip';
import type { Now } from '../clock.ts';
import { hindranceOfReferral, knowsNoRefer, wordsOfReferral } from './causes.ts';
import type { Call, CallEffect, CallInput, RequestId, Step, Talking, Transfer } from './model.ts';
import { onGathering, onJoined, onMeet } from './on-room.ts';
import { change, end, proceed, REPORT_TIME, stay, to } from './transitions.ts';

type LegInput = Extract<CallInput, { kind: `leg.${string}` }>;

/** Milliseconds in which the other side hangs up once its new call is there; then we do (RFC 5589 section 6.1). */
const LEAVE_TIME = 2_000;

/**
 * Transfer by REFER inside the dialog (RFC 3515, RFC 5589 sections 6 and 7), and 302 to an INVITE that rings.
 *
 * ```
 *   waiting ── dialog free ──► sent ── 2xx ──► accepted ── NOTIFY 2xx ──► leaving: taken ── BYE, theirs or ours ──► ended
 *      │ time                  │ 3xx–6xx, silence │ │ NOTIFY 3xx–6xx, end of the reports             (transferred)
 *      ▼                       ▼                  │ ▼
 *   refused                  refused              │ refused: all as before
 *                                                 ├─ time: refused, but a report that comes late still counts (late)
 *                                                 └─ BYE: many hang up before they report, or instead ──► ended (transferred)
 * ```
 *
 * In an attended transfer the place of the other leg is given away (`leg.yield`): a BYE there means that it was taken.
 */
export function onLegInput(call: Call, input: LegInput, now: Now): Step {
  switch (input.kind) {
    case 'leg.refer':
      return onRefer(call, input, now);
    case 'leg.redirect':
      return onRedirect(call, input, now);
    case 'leg.yield':
      return onYield(call, input.state, now);
    case 'leg.meet':
      return onMeet(call, input, now);
    case 'leg.joined':
      return onJoined(call, input.member);
  }
}

function onRefer(call: Call, input: Extract<LegInput, { kind: 'leg.refer' }>, now: Now): Step {
  const { phase } = call;
  const { requestId, target, within = REPORT_TIME } = input;
  const isFree =
    phase.name === 'talking' &&
    phase.move === undefined &&
    phase.leaving === undefined &&
    (phase.transfer === undefined || phase.transfer.name === 'late');
  if (!isFree) return stay(call, { kind: 'refuse', requestId, code: 'call_not_permitted' });
  const giveUpAt = now.at + within;
  const transfer: Transfer = { name: 'waiting', requestId, target, giveUpAt, within };
  return proceed(call, { ...phase, transfer }, now);
}

function onRedirect(call: Call, input: Extract<LegInput, { kind: 'leg.redirect' }>, now: Now): Step {
  const { requestId, uri } = input;
  switch (call.phase.name) {
    case 'ringing':
      return end(call, 'deflected', now, { kind: 'sip.redirect', uri }, { kind: 'reply', requestId });
    case 'answering':
    case 'talking':
      return stay(call, { kind: 'refuse', requestId, code: 'call_already_answered' });
    case 'preparing':
    case 'calling':
    case 'alerting':
    case 'ended':
    case 'abandoned':
      return stay(call, { kind: 'refuse', requestId, code: 'call_not_permitted' });
  }
}

function onYield(call: Call, state: 'offered' | 'kept' | 'taken', now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return stay(call);
  switch (state) {
    case 'offered':
      return to(call, { ...phase, leaving: phase.leaving ?? { name: 'offered' } });
    case 'kept':
      return to(call, { ...phase, leaving: undefined });
    case 'taken':
      return to(call, { ...phase, leaving: { name: 'taken', leaveAt: now.at + LEAVE_TIME } });
  }
}

/** What became of our REFER. A report about one that was overtaken is passed over. */
export function onReferral(call: Call, state: ReferralState, now: Now): Step {
  const { phase } = call;
  if (phase.name === 'talking' && phase.move?.name === 'gathering') {
    return onGathering(call, phase, phase.move, state, now);
  }
  if (phase.name !== 'talking' || phase.transfer === undefined || phase.transfer.name === 'waiting') {
    return stay(call);
  }
  const { transfer } = phase;
  switch (state.name) {
    case 'accepted':
      if (!state.reports) return succeeded(call, phase, now);
      return transfer.name === 'sent'
        ? to(call, { ...phase, transfer: { ...transfer, name: 'accepted' } })
        : stay(call);
    case 'progress':
      return stay(call);
    case 'ended':
      return state.outcome.kind === 'reported' && state.outcome.status < 300
        ? succeeded(call, phase, now)
        : failed(call, phase, state.outcome);
  }
}

const requestOf = (transfer: Transfer | undefined): RequestId | undefined =>
  transfer === undefined || transfer.name === 'late' ? undefined : transfer.requestId;

function succeeded(call: Call, phase: Talking, now: Now): Step {
  const requestId = requestOf(phase.transfer);
  return to(
    call,
    { ...phase, transfer: undefined, leaving: { name: 'taken', leaveAt: now.at + LEAVE_TIME } },
    ...(requestId === undefined ? [] : ([{ kind: 'reply', requestId }] as const)),
  );
}

function failed(call: Call, phase: Talking, outcome: ReferralOutcome): Step {
  const left: Talking = { ...phase, transfer: undefined };
  const requestId = requestOf(phase.transfer);
  return requestId !== undefined && knowsNoRefer(outcome)
    ? to(call, left, { kind: 'refuse', requestId, code: 'feature_unsupported' })
    : to(call, left, ...refusalOf(phase.transfer, wordsOfReferral(outcome), hindranceOfReferral(outcome)));
}

/** Refuses the transfer that is under way, if there is one. */
export function refusalOf(transfer: Transfer | undefined, why: string, hindrance?: Hindrance): CallEffect[] {
  const requestId = requestOf(transfer);
  if (requestId === undefined) return [];
  const message = `The call could not be handed over: ${why}. You still have it.`;
  const known = hindrance === undefined ? {} : { hindrance };
  return [{ kind: 'refuse', requestId, code: 'transfer_failed', message, ...known }];
}

/** When the transfer, or the leg that waits to be left, has something to do. */
export function transferEnd({ transfer, leaving }: Talking): number {
  const giveUpAt = transfer === undefined || transfer.name === 'late' ? Infinity : transfer.giveUpAt;
  return Math.min(giveUpAt, leaving?.name === 'taken' ? leaving.leaveAt : Infinity);
}

export function onTransferTime(call: Call, phase: Talking, now: Now): Step {
  const { transfer, leaving } = phase;
  if (leaving?.name === 'taken' && now.at >= leaving.leaveAt) {
    return end(call, 'transferred', now, { kind: 'sip.end' });
  }
  if (transfer === undefined) return stay(call);
  // REFER cannot be taken back: where it is out, what is reported late still holds.
  const left: Talking = { ...phase, transfer: transfer.name === 'waiting' ? undefined : { name: 'late' } };
  return change(call, { phase: left }, ...refusalOf(transfer, 'the telephone system did not answer in time'));
}

/**
 * The other side has hung up. Where its place was given away or it has accepted our REFER, that is what it was asked for.
 */
export function leftByTransfer({ transfer, leaving }: Talking): readonly CallEffect[] | undefined {
  if (transfer?.name === 'accepted') return [{ kind: 'reply', requestId: transfer.requestId }];
  return leaving === undefined ? undefined : [];
}
