import type { EndReason } from '@offhook/sip';
import type { Now } from '../clock.ts';
import { causeOfEnd, type Progress } from './causes.ts';
import { holds } from './direction.ts';
import type { Call, CallEffect, CallInput, Order, PendingReply, Step, Talking } from './model.ts';
import { mayBeAlone, onMove } from './on-move.ts';
import { fallBack } from './on-room.ts';
import { leftByTransfer, onReferral } from './on-transfer.ts';
import { abandon, answerTo, change, end, proceed, stay, talking, to } from './transitions.ts';

type SipInput = Extract<CallInput, { kind: `sip.${string}` }>;

/** What the call's SIP session says. Events that the phase no longer expects are late, and passed over. */
export function onSip(call: Call, input: SipInput, now: Now): Step {
  switch (input.kind) {
    case 'sip.progress':
      return onProgress(call, input.status, input.answer);
    case 'sip.accepted':
      return onAccepted(call, input, now);
    case 'sip.confirmed':
      return onConfirmed(call, input.answer, now);
    case 'sip.reoffer':
      return onReoffer(call, input.offer, now);
    case 'sip.reoffer_result':
      return onReofferResult(call, input, now);
    case 'sip.ended':
      return onEnded(call, input, now);
    case 'sip.referral':
      return onReferral(call, input.state, now);
    case 'sip.referred':
      return onMove(call, input, now);
  }
}

/** 18x. 180 and a 183 with early media both mean that the other side is being rung. */
function onProgress(call: Call, status: number, answer: string | undefined): Step {
  const { phase } = call;
  if (phase.name !== 'calling' && phase.name !== 'alerting') return stay(call);
  const effects: CallEffect[] = answer === undefined ? [] : [{ kind: 'media.accept_pbx_answer', answer }];
  const answered = phase.answered || answer !== undefined;
  const rings = phase.name === 'alerting' || status === 180 || answer !== undefined;
  return to(
    call,
    rings ? { name: 'alerting', answered } : { name: 'calling', answered, giveUpAt: undefined },
    ...effects,
  );
}

function onAccepted(call: Call, input: Extract<SipInput, { kind: 'sip.accepted' }>, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'calling' && phase.name !== 'alerting') return stay(call);
  // We always offer, so a 2xx without an answer, here or early, breaks RFC 3261 section 13.2.1.
  if (input.needsAnswer || (input.answer === undefined && !phase.answered)) {
    return end(call, 'media_failed', now, { kind: 'sip.end' });
  }
  const { answer } = input;
  const { pending } = call;
  return change(
    call,
    {
      phase: talking(now.instant, true, answer !== undefined && holds(answer)),
      pending: undefined,
    },
    ...(answer === undefined ? [] : ([{ kind: 'media.accept_pbx_answer', answer }] as const)),
    ...(pending === undefined ? [] : [replyTo(pending)]),
  );
}

const replyTo = ({ requestId, media }: PendingReply): CallEffect => ({
  kind: 'reply',
  requestId,
  ...(media === undefined ? {} : { media }),
});

/** The ACK of our 200, to the INVITE or to a re-INVITE without an offer. */
function onConfirmed(call: Call, answer: string | undefined, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return stay(call);
  const exchange = phase.exchange.name === 'awaiting_ack' ? ({ name: 'idle' } as const) : phase.exchange;
  const confirmed: Talking = { ...phase, confirmed: true, exchange };
  if (answer === undefined) return proceed(call, confirmed, now);
  return proceed(call, { ...confirmed, heldByRemote: holds(answer) && !phase.held }, now, {
    kind: 'media.accept_pbx_answer',
    answer,
  });
}

/** A re-INVITE or UPDATE of the PBX: hold, retrieve, another codec, another address. */
function onReoffer(call: Call, offer: string | undefined, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return stay(call, { kind: 'sip.refuse_offer', status: 488 });
  // Ours is under way: the PBX tries again after a random time (RFC 3261 section 14.2).
  if (phase.exchange.name !== 'idle') return stay(call, { kind: 'sip.refuse_offer', status: 491 });
  // Nor can a second offer of ours be made while one waits for its answer elsewhere.
  if (offer === undefined && phase.move !== undefined) {
    return stay(call, { kind: 'sip.refuse_offer', status: 491 });
  }
  const answering: Talking = {
    ...phase,
    exchange: {
      name: 'answering',
      dialog: 'this',
      delayed: offer === undefined,
      remoteHolds: offer === undefined ? phase.heldByRemote : holds(offer),
      giveUpAt: now.at + call.times.setup,
    },
  };
  return to(call, answering, answerTo(offer, phase.held));
}

/**
 * The outcome of our hold or retrieve. Refused: everything is as it was before (RFC 3261 section 14.1). 481 and 408 are
 * about the dialog: the end of the session follows, and the end of the call answers the request.
 */
function onReofferResult(
  call: Call,
  input: Extract<SipInput, { kind: 'sip.reoffer_result' }>,
  now: Now,
): Step {
  const { phase } = call;
  if (phase.name !== 'talking' || phase.exchange.name !== 'offered' || phase.order === undefined) {
    return stay(call);
  }
  if (input.status === 481 || input.status === 408) return stay(call);
  const { order } = phase;
  const settled: Talking = { ...phase, exchange: { name: 'idle' }, order: undefined };
  if (!input.ok || input.answer === undefined) {
    return proceed(
      call,
      settled,
      now,
      { kind: 'media.set_flow', flow: phase.held ? 'hold' : 'pass' },
      ...refusedOrder(order, input.status),
    );
  }
  const { answer } = input;
  const held = order.kind === 'refresh' ? phase.held : order.kind === 'hold';
  // To our `sendonly` an answer `inactive` is only fitting; to our `sendrecv` it says that they hold.
  const heldByRemote = held ? phase.heldByRemote : holds(answer);
  return proceed(
    call,
    { ...settled, held, heldByRemote },
    now,
    { kind: 'media.accept_pbx_answer', answer },
    { kind: 'media.set_flow', flow: held ? 'hold' : 'pass' },
    ...(order.kind === 'refresh' ? [] : ([{ kind: 'reply', requestId: order.requestId }] as const)),
  );
}

function refusedOrder(order: Order, status: number | undefined): CallEffect[] {
  if (order.kind === 'refresh') return [];
  const said = status === undefined ? 'it did not answer' : `it answered ${String(status)}`;
  const act = order.kind === 'hold' ? 'put the call on hold' : 'take the call off hold';
  const message = `The telephone system did not ${act}: ${said}.`;
  return [{ kind: 'refuse', requestId: order.requestId, code: 'hold_refused', message }];
}

function onEnded(call: Call, input: Extract<SipInput, { kind: 'sip.ended' }>, now: Now): Step {
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
      return abandon(call);
    case 'calling':
    case 'alerting':
    case 'ringing':
    case 'answering':
      return end(call, causeOfEnd(input.end, progressOf(phase.name)), now);
    case 'talking':
      return onTalkEnded(call, phase, input.end, now);
    case 'ended':
    case 'abandoned':
      return stay(call);
  }
}

function onTalkEnded(call: Call, phase: Talking, why: EndReason, now: Now): Step {
  if (phase.move?.name === 'gathering') {
    return fallBack(call, phase, phase.move, now, 'the conference room has ended the call');
  }
  const alone = mayBeAlone(phase);
  if (alone !== undefined) return proceed(call, alone, now);
  const left = why.by === 'remote' ? leftByTransfer(phase) : undefined;
  return left === undefined
    ? end(call, causeOfEnd(why, { at: 'talking' }), now)
    : end(call, 'transferred', now, ...left);
}

function progressOf(phase: 'calling' | 'alerting' | 'ringing' | 'answering'): Progress {
  switch (phase) {
    case 'calling':
    case 'alerting':
      return { at: 'outgoing', rang: phase === 'alerting' };
    case 'ringing':
    case 'answering':
      return { at: 'incoming' };
  }
}
