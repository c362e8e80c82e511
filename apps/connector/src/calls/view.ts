import { legServices, type LegFact, type LegSituation } from '@offhook/call-model';
import type { CallRecord, CallState, MediaState, RecordId } from '@offhook/contract';
import type { Call, Talking } from './model.ts';

/** The leg as the user's calls know it; `undefined` while nobody is to hear of it, and when it is over. */
export function legFactOf(call: Call, sipCallId: string | undefined): LegFact | undefined {
  const state = stateOf(call);
  if (state === undefined) return undefined;
  const { facts } = call;
  return {
    callId: facts.callId,
    correlationId: facts.correlationId,
    direction: facts.direction,
    remote: call.remote,
    startedAt: facts.startedAt,
    ...(facts.divertedBy === undefined ? {} : { divertedBy: facts.divertedBy }),
    sipCallId,
    state,
    owner: call.owner?.clientId,
    media: mediaOf(call),
    muted: call.muted,
    ...(call.room === undefined ? {} : { members: call.room.members }),
    services: legServices(situationOf(call)),
  };
}

/** How far the leg is, as far as its services go. */
export function situationOf(call: Call): LegSituation {
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
    case 'ringing':
    case 'answering':
      return { phase: phase.name };
    case 'ended':
    case 'abandoned':
      return { phase: 'over' };
    case 'calling':
    case 'alerting':
      return { phase: 'calling', ownerless: isOwnerless(call) };
    case 'talking':
      return {
        phase: 'talking',
        held: phase.held,
        busy: isBusy(phase),
        ownerless: isOwnerless(call),
      };
  }
}

/** A change of the call is under way. */
function isBusy({ order, transfer, move, leaving }: Talking): boolean {
  const isReferring = transfer !== undefined && transfer.name !== 'late';
  return order !== undefined || isReferring || move !== undefined || leaving !== undefined;
}

function isOwnerless({ owner, voice }: Call): boolean {
  return owner?.presence === 'absent' || voice.name === 'none' || voice.name === 'interrupted';
}

function stateOf(call: Call): Exclude<CallState, { name: 'ended' }> | undefined {
  const { phase } = call;
  switch (phase.name) {
    case 'preparing':
    case 'abandoned':
    case 'ended':
      return undefined;
    case 'calling':
      return { name: 'calling' };
    case 'alerting':
    case 'ringing':
    case 'answering':
      return { name: 'ringing' };
    case 'talking':
      return phase.held
        ? { name: 'held', answeredAt: phase.answeredAt }
        : { name: 'connected', answeredAt: phase.answeredAt, heldByRemote: phase.heldByRemote };
  }
}

function mediaOf(call: Call): MediaState {
  return call.phase.name === 'ended' ? 'none' : call.voice.name;
}

/** What a call's record says before the call has ended. */
export type Beginning = Omit<CallRecord, 'endedAt' | 'cause'>;

/** What a record tells of the call's way. */
export type Way = Pick<CallRecord, 'divertedBy' | 'members' | 'steps' | 'foundRunning'>;

/** What a record is made of: a leg's facts, or a call of the user. */
export type Recorded = Pick<
  CallRecord,
  'userId' | 'callId' | 'correlationId' | 'direction' | 'remote' | 'startedAt'
>;

export function beginningOf(
  call: Recorded,
  recordId: RecordId,
  answeredAt?: number,
  way: Way = {},
): Beginning {
  const { userId, callId, correlationId, direction, remote, startedAt } = call;
  return {
    recordId,
    userId,
    callId,
    correlationId,
    direction,
    remote,
    startedAt,
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...way,
  };
}
