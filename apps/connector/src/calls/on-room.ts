import type { Hindrance, Party } from '@offhook/contract';
import type { EndReason, ReferralOutcome, ReferralState } from '@offhook/sip';
import type { Now } from '../clock.ts';
import { causeOfEnd, hindranceOf, hindranceOfReferral, knowsNoRefer, wordsOfReferral } from './causes.ts';
import type { Call, CallEffect, CallInput, Meeting, Move, Step, Talking } from './model.ts';
import { change, end, proceed, stay, to } from './transitions.ts';

type Entering = Extract<Move, { name: 'entering' }>;
type Gathering = Extract<Move, { name: 'gathering' }>;

/**
 * Milliseconds in which we must be in a room, and in which whoever is referred to it must be there: nobody has to come to a
 * telephone. Three such steps fit into the time in which the cloud waits for an answer.
 */
export const ROOM_TIME = 3_000;

/**
 * User and other side go into a conference room of the PBX, where others can be referred to afterwards: first our own leg, so
 * that nobody is there alone, then the other side by a REFER in the session that we have left.
 *
 * ```
 *   meeting ── dialog free, our offer is made: INVITE ──► entering ── 200: REFER in the old session ──► gathering
 *      │ time, engine refuses                │ 3xx–6xx, time: CANCEL                                      │    │
 *      ▼                                     ▼                                                            │    │ NOTIFY 2xx, or
 *    refused: all as before                refused: all as before                                         │    │ 202 and BYE
 *                                                                                                         │    ▼
 *    refused: the old session is the call's again, and is told  ◄── REFER refused, NOTIFY 3xx–6xx, ───────┘  in the room
 *    our description anew (`refresh`); the room is left             time, the room hangs up
 * ```
 *
 * Whoever hangs up meanwhile in the old session ends the call: in the room there would be nobody to talk to.
 */
export function onMeet(call: Call, input: Extract<CallInput, { kind: 'leg.meet' }>, now: Now): Step {
  const { phase } = call;
  const { requestId, uri } = input;
  const isFree =
    phase.name === 'talking' &&
    !phase.held &&
    call.room === undefined &&
    phase.move === undefined &&
    phase.order === undefined &&
    phase.leaving === undefined &&
    (phase.transfer === undefined || phase.transfer.name === 'late');
  if (!isFree) return stay(call, { kind: 'refuse', requestId, code: 'call_not_permitted' });
  const giveUpAt = now.at + ROOM_TIME;
  return proceed(call, { ...phase, move: { name: 'meeting', requestId, uri, giveUpAt } }, now);
}

/** Another was referred to the room that this call is in. */
export function onJoined(call: Call, member: Party): Step {
  const { phase, room } = call;
  if (phase.name !== 'talking' || room === undefined) return stay(call);
  return change(call, { room: { ...room, members: [...room.members, member] } });
}

/** Our offer to the room is made. */
export function enter(call: Call, phase: Talking, move: Meeting, offer: string): Step {
  const { requestId, uri } = move;
  const entering: Move = {
    name: 'entering',
    requestId,
    uri,
    answer: undefined,
    giveUpAt: move.giveUpAt,
  };
  return to(
    call,
    { ...phase, exchange: { name: 'idle' }, move: entering },
    { kind: 'next.invite', offer, uri },
  );
}

/** The room has answered. */
export function entered(
  call: Call,
  phase: Talking,
  move: Entering,
  input: Extract<CallInput, { kind: 'next.accepted' }>,
  now: Now,
): Step {
  const answer = input.answer ?? move.answer;
  // The engine keeps one exchange at a time: what the other side changes at this very moment comes first.
  if (phase.exchange.name !== 'idle') {
    return notEntered(
      call,
      phase,
      move,
      now,
      'the other side has changed the call at that moment',
      undefined,
      {
        kind: 'next.end',
      },
    );
  }
  if (input.needsAnswer || answer === undefined) {
    return notEntered(call, phase, move, now, 'the conference room sent no description', undefined, {
      kind: 'next.end',
    });
  }
  const { requestId, uri } = move;
  const gathering: Gathering = {
    name: 'gathering',
    requestId,
    uri,
    accepted: false,
    heldByRemote: phase.heldByRemote,
    giveUpAt: now.at + ROOM_TIME,
  };
  return to(
    call,
    { ...phase, move: gathering, transfer: undefined, heldByRemote: false },
    { kind: 'next.keep' },
    { kind: 'media.accept_pbx_answer', answer },
    { kind: 'old.refer', uri },
  );
}

/** The room has refused us, or its session is over before it began. */
export function roomRefused(call: Call, phase: Talking, move: Entering, why: EndReason, now: Now): Step {
  const words =
    why.by === 'refused'
      ? `the conference room answered ${String(why.response.status)} ${why.response.reason.slice(0, 100)}`.trim()
      : 'the conference room did not answer';
  const hindrance = hindranceOf(causeOfEnd(why, { at: 'outgoing', rang: false }));
  return notEntered(call, phase, move, now, words, hindrance);
}

/** We are not in the room: the call goes on as if it had never been asked for. */
export function notEntered(
  call: Call,
  phase: Talking,
  move: Meeting | Entering,
  now: Now,
  why: string,
  hindrance?: Hindrance,
  ...effects: CallEffect[]
): Step {
  // What the other side has offered is being answered still, in its own session.
  const isOurs = phase.exchange.name === 'offering' && phase.exchange.dialog === 'next';
  const left: Talking = { ...phase, move: undefined, exchange: isOurs ? { name: 'idle' } : phase.exchange };
  return proceed(call, left, now, ...effects, refusal(move, why, hindrance));
}

/** What became of the REFER that sends the other side after us. */
export function onGathering(
  call: Call,
  phase: Talking,
  move: Gathering,
  state: ReferralState,
  now: Now,
): Step {
  switch (state.name) {
    case 'accepted':
      return state.reports
        ? to(call, { ...phase, move: { ...move, accepted: true } })
        : gathered(call, phase, move, now);
    case 'progress':
      return stay(call);
    case 'ended': {
      const { outcome } = state;
      if (outcome.kind === 'reported' && outcome.status < 300) return gathered(call, phase, move, now);
      return fallBack(call, phase, move, now, wordsOfReferral(outcome), outcome);
    }
  }
}

/** The other side has hung up in the session that we have left: as it was asked to, or for good. */
export function onOldEnded(call: Call, why: EndReason, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'talking' || phase.move?.name !== 'gathering') return stay(call);
  if (why.by === 'remote' && phase.move.accepted) return gathered(call, phase, phase.move, now);
  return end(call, causeOfEnd(why, { at: 'talking' }), now, { kind: 'sip.end' });
}

function gathered(call: Call, phase: Talking, move: Gathering, now: Now): Step {
  const { requestId, uri } = move;
  const inRoom: Call = { ...call, moves: call.moves + 1, room: { uri, members: [call.remote] } };
  return proceed(
    inRoom,
    { ...phase, move: undefined },
    now,
    { kind: 'old.leave' },
    { kind: 'reply', requestId },
  );
}

/** Back to the session that we have left; the engine has turned to the room, so the PBX is told what holds. */
export function fallBack(
  call: Call,
  phase: Talking,
  move: Gathering,
  now: Now,
  why: string,
  outcome?: ReferralOutcome,
): Step {
  const isDescribing = phase.exchange.name === 'answering';
  return proceed(
    call,
    {
      ...phase,
      exchange: { name: 'idle' },
      order: { kind: 'refresh' },
      move: undefined,
      // REFER cannot be taken back: where it is out, what is reported late still holds.
      transfer: outcome === undefined ? { name: 'late' } : undefined,
      heldByRemote: move.heldByRemote,
    },
    now,
    ...(isDescribing ? ([{ kind: 'media.give_up', side: 'pbx' }] as const) : []),
    { kind: 'next.back' },
    outcome !== undefined && knowsNoRefer(outcome)
      ? { kind: 'refuse', requestId: move.requestId, code: 'feature_unsupported' }
      : refusal(move, why, outcome === undefined ? undefined : hindranceOfReferral(outcome)),
  );
}

/** When a step into the room has taken too long. */
export function roomEnd({ move }: Talking): number {
  switch (move?.name) {
    case 'meeting':
    case 'entering':
    case 'gathering':
      return move.giveUpAt;
    case 'offered':
    case 'referred':
    case 'inviting':
    case undefined:
      return Infinity;
  }
}

export function onRoomTime(call: Call, phase: Talking, now: Now): Step {
  const { move } = phase;
  switch (move?.name) {
    case 'meeting': {
      const isOurs = phase.exchange.name === 'offering' && phase.exchange.dialog === 'next';
      const effects = isOurs ? ([{ kind: 'media.give_up', side: 'pbx' }] as const) : [];
      return notEntered(call, phase, move, now, 'the call was not free in time', undefined, ...effects);
    }
    case 'entering':
      return notEntered(call, phase, move, now, 'the conference room did not answer in time', 'no_answer', {
        kind: 'next.end',
      });
    case 'gathering':
      return fallBack(call, phase, move, now, 'the telephone system did not answer in time');
    case 'offered':
    case 'referred':
    case 'inviting':
    case undefined:
      return stay(call);
  }
}

function refusal(
  { requestId }: Meeting | Entering | Gathering,
  why: string,
  hindrance?: Hindrance,
): CallEffect {
  return {
    kind: 'refuse',
    requestId,
    code: 'conference_failed',
    message: `The conference did not come about: ${why}. The calls are as before.`,
    ...(hindrance === undefined ? {} : { hindrance }),
  };
}
