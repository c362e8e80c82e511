import { isSameNumber } from '@offhook/call-model';
import type { ClientId, LegId, Party } from '@offhook/contract';
import type { Now } from '../clock.ts';
import type { Call, CallFacts, CallInput, CallTimes, RequestId, Step } from './model.ts';
import { acceptAtLast, onMedia, ringAgain } from './on-media.ts';
import { onMove } from './on-move.ts';
import { onRequest } from './on-request.ts';
import { onOldEnded, onRoomTime, roomEnd } from './on-room.ts';
import { onSip } from './on-sip.ts';
import { onLegInput, onTransferTime, transferEnd } from './on-transfer.ts';
import { noteSilence, probe } from './silence.ts';
import { abandon, answerTo, change, end, stay } from './transitions.ts';

/**
 * One call as a pure machine: a call, an input and the time give the next call and what is to be done.
 * It has no socket, timer, clock or randomness; `deadline` says when it wants to be ticked.
 *
 * ```
 *  outgoing                                           incoming
 *  preparing ── browser leg ──► calling ── 180 ──► alerting      ringing ◄── leg refused ── answering
 *      │                           │                  │             │  └──── a client answers ──► │
 *      │ leg refused               └─────── 200 ──────┤             │                              │
 *      ▼                                              ▼             │             200 sent         │
 *  abandoned                                       talking ◄────────┼──────────────────────────────┘
 *                                                  │ ▲  │ hold / retrieve: offering ► offered ► idle
 *                                                  └─┘  │ re-INVITE of the PBX:   answering ► idle
 *                                                       ▼
 *              every phase ── refused, CANCEL, BYE, hang up, time ──► ended
 * ```
 *
 * While it talks, the other side can be handed over (`on-transfer.ts`), and the call can go over to another SIP session
 * (`on-move.ts`), into a conference room (`on-room.ts`). While a call talks and the PBX is silent without right, `silence.ts` has it asked whether it still knows the call.
 *
 * Whatever waits for the media engine waits for `times.setup`, and then goes on as if the engine had refused.
 */
export function step(call: Call, input: CallInput, now: Now): Step {
  const { call: next, effects } = react(call, input, now);
  return { call: noteSilence(noteOrphan(next, now), now), effects };
}

function react(call: Call, input: CallInput, now: Now): Step {
  switch (input.kind) {
    case 'request':
      return onRequest(call, input, now);
    case 'sip.progress':
    case 'sip.accepted':
    case 'sip.confirmed':
    case 'sip.reoffer':
    case 'sip.reoffer_result':
    case 'sip.ended':
    case 'sip.referral':
    case 'sip.referred':
      return onSip(call, input, now);
    case 'leg.refer':
    case 'leg.redirect':
    case 'leg.yield':
    case 'leg.meet':
    case 'leg.joined':
      return onLegInput(call, input, now);
    case 'next.offered':
    case 'next.progress':
    case 'next.accepted':
    case 'next.ended':
      return onMove(call, input, now);
    case 'old.ended':
      return onOldEnded(call, input.end, now);
    case 'party':
      // The room says who it is itself, and is no other side.
      if (isWithRoom(call)) return stay(call);
      // A name that is not said again is still theirs.
      return input.remote.name === undefined && input.remote.number === call.remote.number
        ? stay(call)
        : change(call, { remote: input.remote });
    case 'called':
      return isCode(call.remote.number) ||
        (input.remote.name !== undefined && input.remote.number === call.remote.number) ||
        isAnotherThanMeant(call, input.remote)
        ? change(call, { remote: input.remote })
        : stay(call);
    case 'media.browser_answer':
    case 'media.browser_refused':
    case 'media.pbx_description':
    case 'media.pbx_refused':
    case 'media.pbx_answer_refused':
    case 'media.dtmf_queued':
    case 'media.dtmf_refused':
    case 'media.browser':
    case 'media.codec_mismatch':
    case 'media.pbx':
      return onMedia(call, input, now);
    case 'owner':
      return call.owner === undefined
        ? stay(call)
        : change(call, { owner: { ...call.owner, presence: input.presence } });
    case 'audience':
      return onAudience(call, input.present, now);
    case 'shutdown':
      return onShutdown(call, now);
    case 'tick':
      return onTick(call, now);
  }
}

/** What is true of every call at its beginning. */
const fresh = (facts: CallFacts, times: CallTimes) => ({
  facts,
  times,
  remote: facts.remote,
  pending: undefined,
  fetches: false,
  accepting: undefined,
  moves: 0,
  room: undefined,
  owner: undefined,
  voice: { name: 'none' } as const,
  wasHeard: false,
  opening: undefined,
  muted: false,
  asked: undefined,
  orphanedSince: undefined,
  pbxSilent: false,
  probeAt: undefined,
});

/** A client's request that makes a call, with the browser's offer. */
export interface Joining {
  readonly requestId: RequestId;
  readonly clientId: ClientId;
  readonly legId: LegId;
  readonly offer: string;
}

/**
 * A call that a client places; the gate for lines and limits was passed before.
 *
 * @param purpose `pull`: to bring a call here that is elsewhere; `pick_up`: the same by a code, which may bring another one. The request is answered when the other side has answered,
 *   and refused with `pull_failed` when the call ends before.
 */
export function placeCall(
  facts: CallFacts,
  times: CallTimes,
  request: Joining,
  now: Now,
  purpose: 'call' | 'pull' | 'pick_up' = 'call',
): Step {
  const { requestId, clientId, legId, offer } = request;
  return {
    call: {
      ...fresh(facts, times),
      phase: { name: 'preparing', giveUpAt: now.at + times.setup },
      owner: { clientId, presence: 'present' },
      pending: purpose === 'call' ? undefined : { requestId, media: undefined },
      fetches: purpose === 'pick_up',
      opening: { legId, requestId, clientId, giveUpAt: now.at + times.setup },
    },
    effects: [{ kind: 'media.open_browser_leg', legId, offer }],
  };
}

/**
 * A call that the PBX offers to a user who has at least one client.
 *
 * @param invite `forward`: where it is sent on to (302) when nobody has answered it for so many milliseconds
 */
export function ringCall(
  facts: CallFacts,
  times: CallTimes,
  invite: { offer: string | undefined; ringFor: number; forward?: { after: number; uri: string } },
  now: Now,
): Step {
  return {
    call: {
      ...fresh(facts, times),
      phase: {
        name: 'ringing',
        offer: invite.offer,
        ringUntil: now.at + invite.ringFor,
        forward:
          invite.forward === undefined
            ? undefined
            : { at: now.at + invite.forward.after, uri: invite.forward.uri },
        desertedSince: undefined,
      },
    },
    effects: [{ kind: 'sip.ring' }],
  };
}

/**
 * A call that the PBX offers because this client has asked to bring it here: no client rings, and the client is answered as soon
 * as its voice path is described. The PBX is when the voice flows there, or when it has taken too long: until then the others hear
 * each other where the call is. Where the path cannot be described, the PBX is answered 480.
 */
export function takeCall(
  facts: CallFacts,
  times: CallTimes,
  invite: { offer: string | undefined },
  request: Joining,
  now: Now,
): Step {
  const { requestId, clientId, legId, offer: browserOffer } = request;
  const giveUpAt = now.at + times.setup;
  return {
    call: {
      ...fresh(facts, times),
      owner: { clientId, presence: 'present' },
      phase: {
        name: 'answering',
        offer: invite.offer,
        ringUntil: giveUpAt,
        requestId,
        clientId,
        legId,
        browserOffer,
        description: undefined,
        mayRing: false,
        forward: undefined,
        giveUpAt,
        desertedSince: undefined,
      },
    },
    effects: [answerTo(invite.offer, false)],
  };
}

/** When the call wants to be ticked, on the clock that only goes forward. */
export function deadline(call: Call): number | undefined {
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
    case 'answering':
      return phase.giveUpAt;
    case 'ringing':
      return Math.min(
        phase.ringUntil,
        phase.forward?.at ?? Infinity,
        (phase.desertedSince ?? Infinity) + call.times.deserted,
      );
    case 'calling':
    case 'alerting':
    case 'talking': {
      const transfer = phase.name === 'talking' ? transferEnd(phase) : Infinity;
      const room = phase.name === 'talking' ? roomEnd(phase) : Infinity;
      const accept = call.accepting?.by ?? Infinity;
      const first = Math.min(
        orphanEnd(call),
        engineEnd(call),
        transfer,
        room,
        accept,
        call.probeAt ?? Infinity,
      );
      return first === Infinity ? undefined : first;
    }
    case 'ended':
    case 'abandoned':
      return undefined;
  }
}

/** When the call is given up as an orphan. */
function orphanEnd(call: Call): number {
  if (call.orphanedSince === undefined) return Infinity;
  const isPatient = call.owner?.presence === 'unknown' && call.wasHeard;
  return call.orphanedSince + (isPatient ? call.times.orphanUnknown : call.times.orphan);
}

/** When the engine must have done what it was asked for first. */
const engineEnd = (call: Call): number => Math.min(pbxSideEnd(call), call.opening?.giveUpAt ?? Infinity);

/** When the engine must have made the description for the PBX that it was asked for. */
function pbxSideEnd({ phase }: Call): number {
  if (phase.name === 'calling') return phase.giveUpAt ?? Infinity;
  if (phase.name !== 'talking') return Infinity;
  const { exchange } = phase;
  switch (exchange.name) {
    case 'offering':
    case 'answering':
      return exchange.giveUpAt;
    case 'idle':
    case 'awaiting_ack':
    case 'offered':
      return Infinity;
  }
}

/** A call is an orphan while its voice is gone and its owner is not known to be there. */
function noteOrphan(call: Call, now: Now): Call {
  const { phase, owner, voice } = call;
  const can = phase.name === 'calling' || phase.name === 'alerting' || phase.name === 'talking';
  const orphan = can && voice.name !== 'flowing' && owner?.presence !== 'present';
  if (orphan === (call.orphanedSince !== undefined)) return call;
  return { ...call, orphanedSince: orphan ? now.at : undefined };
}

function onAudience(call: Call, present: boolean, now: Now): Step {
  const { phase } = call;
  if (phase.name !== 'ringing' && phase.name !== 'answering') return stay(call);
  if (present === (phase.desertedSince === undefined)) return stay(call);
  return change(call, { phase: { ...phase, desertedSince: present ? undefined : now.at } });
}

function onTick(call: Call, now: Now): Step {
  const due = deadline(call);
  if (due === undefined || now.at < due) return stay(call);
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
      return abandon(call, ...lateLeg(call.opening?.requestId));
    case 'answering':
      return ringAgain(call, phase, now, {
        kind: 'refuse',
        requestId: phase.requestId,
        code: 'media_failed',
      });
    case 'ringing': {
      const { forward } = phase;
      if (forward !== undefined && now.at >= forward.at) {
        return end(call, 'deflected', now, { kind: 'sip.redirect', uri: forward.uri });
      }
      const cause = now.at < phase.ringUntil ? 'unreachable' : 'no_answer';
      return end(call, cause, now, { kind: 'sip.refuse', status: 480 });
    }
    case 'calling':
    case 'alerting':
    case 'talking':
      if (now.at >= orphanEnd(call)) return end(call, 'client_lost', now, { kind: 'sip.end' });
      if (now.at >= engineEnd(call)) return onEngineLate(call, now);
      if (now.at >= (call.accepting?.by ?? Infinity)) return acceptAtLast(call);
      if (phase.name === 'talking' && now.at >= roomEnd(phase)) return onRoomTime(call, phase, now);
      return phase.name === 'talking' && now.at >= transferEnd(phase)
        ? onTransferTime(call, phase, now)
        : probe(call, now);
    case 'ended':
    case 'abandoned':
      return stay(call);
  }
}

/** An engine that does not answer is taken for one that refuses. */
function onEngineLate(call: Call, now: Now): Step {
  const why = { code: 'media_failed', text: 'The voice connection took too long to be set up.' } as const;
  if (now.at >= pbxSideEnd(call))
    return giveUp('pbx', onMedia(call, { kind: 'media.pbx_refused', why }, now));
  if (call.opening === undefined) return stay(call);
  const { legId } = call.opening;
  return giveUp('browser', onMedia(call, { kind: 'media.browser_refused', legId, why }, now));
}

const giveUp = (side: 'browser' | 'pbx', { call, effects }: Step): Step => ({
  call,
  effects: [{ kind: 'media.give_up', side }, ...effects],
});

const lateLeg = (requestId: RequestId | undefined) =>
  requestId === undefined ? [] : ([{ kind: 'refuse', requestId, code: 'media_failed' }] as const);

function onShutdown(call: Call, now: Now): Step {
  switch (call.phase.name) {
    case 'preparing':
      return abandon(call);
    case 'ringing':
    case 'answering':
      return end(call, 'connector_lost', now, { kind: 'sip.refuse', status: 480 });
    case 'calling':
    case 'alerting':
    case 'talking':
      return end(call, 'connector_lost', now, { kind: 'sip.end' });
    case 'ended':
    case 'abandoned':
      return stay(call);
  }
}

/** What was dialled to pick a call up, or to take it out of the park: whoever answers is not called so. */
/** The code for picking up takes what rings now: what was meant may have been answered or given up a moment ago. */
const isAnotherThanMeant = ({ fetches, remote }: Call, answered: Party): boolean =>
  fetches && !isCode(answered.number) && !isSameNumber(remote, answered);

const isWithRoom = ({ phase, room }: Call): boolean =>
  room !== undefined || (phase.name === 'talking' && phase.move?.name === 'gathering');

const isCode = (number: string): boolean => /[*#]/u.test(number);
