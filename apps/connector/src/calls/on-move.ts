import type { EndReason } from '@offhook/sip';
import type { Now } from '../clock.ts';
import { causeOfEnd } from './causes.ts';
import { holds } from './direction.ts';
import type { Call, CallEffect, CallInput, Move, Step, Talking } from './model.ts';
import { entered, notEntered, roomRefused } from './on-room.ts';
import { refusalOf } from './on-transfer.ts';
import { end, proceed, stay, to } from './transitions.ts';

type MoveInput = Extract<CallInput, { kind: `next.${string}` | 'sip.referred' }>;

/** How often one call may go over to another session: a chain of referrals ends somewhere. */
const MOST_MOVES = 16;

/**
 * A call goes over to another SIP session while its owner, their voice path and its place among the user's calls stay:
 * another user agent takes the place of the other side (RFC 3891), or the other side sends us to somebody else
 * (RFC 3515, RFC 5589).
 *
 * ```
 *   INVITE with Replaces ──► offered ── our answer is made: 200 ──────────────────────────────► moved
 *                              │ engine refuses: 488; CANCEL
 *                              ▼
 *                            as before
 *   REFER ── 202 ──► referred ── our offer is made: INVITE ──► inviting ── 200: NOTIFY 200 ───► moved
 *                       │ engine refuses: NOTIFY 488              │ 3xx–6xx: NOTIFY of it
 *                       ▼                                         ▼
 *                     as before, or ended where the other side has hung up meanwhile (`alone`)
 * ```
 *
 * While our INVITE is on its way, a re-INVITE of the old session is answered as ever, but none of ours goes out: the
 * engine keeps one open offer. What the other side answers before its 200 is not heard: the old session still talks.
 */
export function onMove(call: Call, input: MoveInput, now: Now): Step {
  switch (input.kind) {
    case 'next.offered':
      return onOffered(call, input, now);
    case 'sip.referred':
      return onReferred(call, input, now);
    case 'next.progress':
      return onProgress(call, input);
    case 'next.accepted':
      return onAccepted(call, input, now);
    case 'next.ended':
      return onEnded(call, input.end, now);
  }
}

function onOffered(call: Call, input: Extract<MoveInput, { kind: 'next.offered' }>, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return stay(call, { kind: 'next.refuse', status: 481 });
  if (phase.move !== undefined) return stay(call, { kind: 'next.refuse', status: 491 });
  if (call.moves >= MOST_MOVES) return stay(call, { kind: 'next.refuse', status: 486 });
  const { offer, remote } = input;
  return proceed(call, { ...phase, move: { name: 'offered', offer, remote } }, now);
}

function onReferred(call: Call, input: Extract<MoveInput, { kind: 'sip.referred' }>, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return stay(call, { kind: 'sip.refuse_refer', status: 481 });
  const { move, leaving, transfer } = phase;
  const isOwn = transfer !== undefined && transfer.name !== 'late';
  if (move !== undefined || leaving !== undefined || isOwn || phase.order !== undefined) {
    return stay(call, { kind: 'sip.refuse_refer', status: 491 });
  }
  if (call.moves >= MOST_MOVES) return stay(call, { kind: 'sip.refuse_refer', status: 603 });
  const referred: Move = { name: 'referred', remote: input.remote, alone: false };
  return proceed(call, { ...phase, move: referred }, now, { kind: 'sip.accept_refer' });
}

function onProgress(call: Call, input: Extract<MoveInput, { kind: 'next.progress' }>): Step {
  const { phase } = call;
  if (phase.name !== 'talking') return stay(call);
  if (phase.move?.name === 'entering') {
    return to(call, { ...phase, move: { ...phase.move, answer: input.answer ?? phase.move.answer } });
  }
  if (phase.move?.name !== 'inviting') return stay(call);
  const { status } = input;
  const move: Move = { ...phase.move, answer: input.answer ?? phase.move.answer };
  return to(call, { ...phase, move }, { kind: 'sip.report', status });
}

function onAccepted(call: Call, input: Extract<MoveInput, { kind: 'next.accepted' }>, now: Now): Step {
  const { phase } = call;
  if (phase.name === 'talking' && phase.move?.name === 'entering') {
    return entered(call, phase, phase.move, input, now);
  }
  if (phase.name !== 'talking' || phase.move?.name !== 'inviting') return stay(call, { kind: 'next.end' });
  const answer = input.answer ?? phase.move.answer;
  if (input.needsAnswer || answer === undefined) {
    return stepBack(call, phase, now, 500, 'media_failed', { kind: 'next.end' });
  }
  // What the engine still makes for the old session is of no use; the new one is told again what holds.
  const isDescribing = phase.exchange.name === 'answering';
  const left = moved(call, phase, phase.move);
  const { call: next, effects } = proceed(
    left.call,
    {
      ...left.phase,
      confirmed: true,
      heldByRemote: holds(answer) && !phase.held,
      order: isDescribing ? { kind: 'refresh' } : undefined,
    },
    now,
  );
  return {
    call: next,
    effects: [
      ...(isDescribing ? ([{ kind: 'media.give_up', side: 'pbx' }] as const) : []),
      { kind: 'next.take' },
      { kind: 'media.accept_pbx_answer', answer },
      { kind: 'sip.report', status: 200 },
      ...left.effects,
      ...effects,
    ],
  };
}

/** Our answer to the INVITE that replaces the old session is made. */
export function answered(
  call: Call,
  phase: Talking,
  move: Extract<Move, { name: 'offered' }>,
  description: string,
): Step {
  const { exchange } = phase;
  const heldByRemote = exchange.name === 'answering' ? exchange.remoteHolds : phase.heldByRemote;
  const { call: next, phase: left, effects } = moved(call, phase, move);
  return to(
    next,
    {
      ...left,
      // The ACK of the new session has not come.
      confirmed: false,
      exchange: { name: move.offer === undefined ? 'awaiting_ack' : 'idle' },
      heldByRemote,
    },
    { kind: 'next.accept', description },
    ...effects,
  );
}

/** Our offer to whom we were referred to is made. */
export function offered(
  call: Call,
  phase: Talking,
  move: Extract<Move, { name: 'referred' }>,
  offer: string,
): Step {
  const { remote, alone } = move;
  return to(
    call,
    {
      ...phase,
      exchange: { name: 'idle' },
      move: { name: 'inviting', remote, alone, answer: undefined },
    },
    { kind: 'next.invite', offer },
  );
}

/** The engine could not describe us for the new session. */
export function undescribed(call: Call, phase: Talking, now: Now): Step {
  const idle: Talking = { ...phase, exchange: { name: 'idle' } };
  if (phase.move?.name === 'meeting') {
    return notEntered(call, idle, phase.move, now, 'the voice connection could not be set up');
  }
  return phase.move?.name === 'offered'
    ? proceed(call, { ...idle, move: undefined }, now, { kind: 'next.refuse', status: 488 })
    : stepBack(call, idle, now, 488, 'media_failed');
}

function onEnded(call: Call, why: EndReason, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking' || phase.move === undefined) return stay(call);
  if (phase.move.name === 'offered') {
    if (phase.exchange.name !== 'answering' || phase.exchange.dialog !== 'next') {
      return proceed(call, { ...phase, move: undefined }, now);
    }
    // The engine may have turned to the caller who has gone already: the PBX is told what holds.
    const order = phase.order ?? { kind: 'refresh' };
    const back: Talking = { ...phase, move: undefined, exchange: { name: 'idle' }, order };
    return proceed(call, back, now, { kind: 'media.give_up', side: 'pbx' });
  }
  if (phase.move.name === 'entering') return roomRefused(call, phase, phase.move, why, now);
  if (phase.move.name === 'meeting' || phase.move.name === 'gathering') return stay(call);
  const status = why.by === 'refused' ? why.response.status : why.by === 'timeout' ? 408 : 487;
  return stepBack(call, phase, now, status, causeOfEnd(why, { at: 'outgoing', rang: true }));
}

/** Nothing came of a referral: the old session goes on, if there is one. */
function stepBack(
  call: Call,
  phase: Talking,
  now: Now,
  status: number,
  cause: Parameters<typeof end>[1],
  ...effects: CallEffect[]
): Step {
  const { move } = phase;
  const all: CallEffect[] = [...effects, { kind: 'sip.report', status }];
  const isAlone = move !== undefined && 'alone' in move && move.alone;
  return isAlone ? end(call, cause, now, ...all) : proceed(call, { ...phase, move: undefined }, now, ...all);
}

/** What was under way in the old session ends with it. */
function moved(
  call: Call,
  phase: Talking,
  move: Extract<Move, { name: 'offered' | 'inviting' }>,
): { readonly call: Call; readonly phase: Talking; readonly effects: readonly CallEffect[] } {
  const { order, transfer } = phase;
  return {
    call: { ...call, remote: move.remote, moves: call.moves + 1, room: undefined },
    phase: {
      ...phase,
      exchange: { name: 'idle' },
      move: undefined,
      transfer: undefined,
      leaving: undefined,
      // A hold that has not begun goes on in the new session.
      order,
    },
    effects: refusalOf(transfer, 'the other side has changed meanwhile'),
  };
}

/** Whether the old session may be over and the call goes on: we are on our way to somebody else. */
export function mayBeAlone(phase: Talking): Talking | undefined {
  const { move, exchange } = phase;
  if (move?.name !== 'referred' && move?.name !== 'inviting') return undefined;
  // Nothing comes of what waits for the old session.
  const isOver = exchange.name === 'awaiting_ack' || exchange.name === 'offered';
  return {
    ...phase,
    confirmed: true,
    exchange: isOver ? { name: 'idle' } : exchange,
    order: undefined,
    move: { ...move, alone: true },
  };
}
