import * as z from 'zod';
import { CallId, ClientId, CorrelationId, Epoch, LegId, RecordId, UserId } from './ids.ts';
import { Limits } from './limits.ts';

/**
 * What can be asked of a call, named after the services of CSTA (ECMA-269) where there is one. A client draws a button for
 * each service that is permitted now, and no other; rules and gate are in `@offhook/call-model`.
 */
export const CallService = z.enum([
  /** Answer at this client. */
  'answer',
  /** Have the desk phone answer (AnswerCall). */
  'answerAtDesk',
  'reject',
  /** Send a ringing call to a number (DeflectCall). */
  'deflect',
  /** Send a ringing call to the user's mailbox. */
  'toVoicemail',
  'hangUp',
  'hold',
  'retrieve',
  'mute',
  'dtmf',
  /** Give the call this client's microphone and speaker: after a reload, or when its connection is replaced. */
  'attach',
  /** Bring a call here that is at another client, at the desk phone, at the alternative number or parked. */
  'pull',
  'pushToDesk',
  'pushToAlternative',
  /** Place a second call beside this one (ConsultationCall); this one is held. */
  'consult',
  /** Take this held call and hold the one that talks (AlternateCall). */
  'alternate',
  /** End the call that was placed beside this held one, and take this one back (ReconnectCall). */
  'reconnect',
  /** Hand the other side over to a number without asking first (SingleStepTransferCall). */
  'transfer',
  /** Connect the other sides of this and another call of the user, and leave (TransferCall). */
  'completeTransfer',
  /** Make one conversation of this and another call of the user (ConferenceCall). */
  'conference',
  'park',
  /** Ask to be called when the other side is free or back (CallBackCallRelated). */
  'callBack',
]);
export type CallService = z.infer<typeof CallService>;

/**
 * Why a call ended. Closed; clients have words for each.
 * `completed` somebody hung up · `cancelled` the caller gave up · `busy` · `rejected` the other side refused ·
 * `declined` this user refused · `no_answer` · `unknown_number` · `unreachable` the other side cannot be
 * reached now · `not_permitted` the PBX forbids it · `answered_elsewhere` on another device of the user, or picked up by a
 * colleague · `transferred` this user connected the other side with somebody else · `joined` it went up in another call of the user as their conference · `deflected` this user sent it elsewhere
 * while it rang, or the PBX forwarded it · `parked` and not taken back by this user ·
 * `media_failed` no voice path · `client_lost` the window that held the call never came back ·
 * `connector_lost` the connector was restarted · `pbx_unreachable` the PBX does not answer · `failed` any other.
 *
 * A cause is added without a new protocol version, and none is taken away: records keep theirs for years. The cloud and the page that it
 * serves are brought up to date before the connectors; a page of an older build takes a word that it does not know for a gap
 * and asks for all calls anew.
 */
export const EndCause = z.enum([
  'completed',
  'cancelled',
  'busy',
  'rejected',
  'declined',
  'no_answer',
  'unknown_number',
  'unreachable',
  'not_permitted',
  'answered_elsewhere',
  'transferred',
  'joined',
  'deflected',
  'parked',
  'media_failed',
  'client_lost',
  'connector_lost',
  'pbx_unreachable',
  'failed',
]);
export type EndCause = z.infer<typeof EndCause>;

export const Party = z.object({
  /** As the PBX gave it; empty when the caller withholds it. */
  number: z.string().max(Limits.targetChars),
  name: z.string().max(200).optional(),
  /** Set where the number belongs to a user of the same tenant. */
  userId: UserId.optional(),
});
export type Party = z.infer<typeof Party>;

export const Direction = z.enum(['outgoing', 'incoming']);
export type Direction = z.infer<typeof Direction>;

/** Milliseconds since the epoch, by the connector's clock. */
const Instant = z.number().int().nonnegative();

/**
 * ```
 *  outgoing: calling ──► ringing ──► connected ◄──► held
 *                 └──────────┴──────────┴────────────┴──► ended
 *  incoming: ringing ──► connected ◄──► held ──► ended
 * ```
 */
export const CallState = z.discriminatedUnion('name', [
  /** Outgoing: the PBX has not said yet that the other side rings. */
  z.object({ name: z.literal('calling') }),
  /** Outgoing: the other side rings. Incoming: this user is rung. */
  z.object({ name: z.literal('ringing') }),
  z.object({
    name: z.literal('connected'),
    answeredAt: Instant,
    /** The other side has put this call on hold. */
    heldByRemote: z.boolean(),
  }),
  /** This user has put the call on hold. */
  z.object({ name: z.literal('held'), answeredAt: Instant }),
  z.object({ name: z.literal('ended'), answeredAt: Instant.optional(), endedAt: Instant, cause: EndCause }),
]);
export type CallState = z.infer<typeof CallState>;
export type CallStateName = CallState['name'];

/** A device of the user, besides the clients, at which a call can be or can ring. */
export const DeviceKind = z.enum(['desk_phone', 'alternative']);
export type DeviceKind = z.infer<typeof DeviceKind>;

/**
 * Where a user's call is: at most one of these at a time. A call that only rings is nowhere yet; where it rings is in
 * `rings`.
 */
export const LinkPosition = z.discriminatedUnion('at', [
  z.object({ at: z.literal('nowhere') }),
  z.object({ at: z.literal('client'), clientId: ClientId }),
  z.object({ at: z.literal('desk_phone') }),
  z.object({ at: z.literal('alternative') }),
  z.object({ at: z.literal('voicemail') }),
  /** `number`: what to dial to take it back. */
  z.object({ at: z.literal('parked'), number: z.string().max(Limits.targetChars).optional() }),
]);
export type LinkPosition = z.infer<typeof LinkPosition>;

/** The same as one client sees it. */
export const Position = z.enum([
  'nowhere',
  'here',
  'other_client',
  'desk_phone',
  'alternative',
  'voicemail',
  'parked',
]);
export type Position = z.infer<typeof Position>;

/** Where a call rings for this user. */
export const RingingPlace = z.enum(['clients', 'desk_phone', 'alternative']);
export type RingingPlace = z.infer<typeof RingingPlace>;

/** The voice path towards the client that holds the call. */
export const MediaState = z.enum(['none', 'connecting', 'flowing', 'interrupted']);
export type MediaState = z.infer<typeof MediaState>;

const callBase = {
  callId: CallId,
  correlationId: CorrelationId,
  direction: Direction,
  remote: Party,
  state: CallState,
  startedAt: Instant,
  muted: z.boolean(),
  media: MediaState,
  rings: z.array(RingingPlace),
  /** A conference: the others in it, as far as the platform tells. Absent for a call of two. */
  members: z.array(Party).max(Limits.conferenceMembers).optional(),
  /** This call was placed to consult about that one. */
  consultationFor: CallId.optional(),
  /** This call and that one are one conversation, mixed by the client, for the platform has no conference. */
  mixedWith: CallId.optional(),
  /** Who forwarded or transferred this call to the user. */
  divertedBy: Party.optional(),
};

/** A call as the connector tells it to the cloud: one for all of the user's clients. */
export const LinkCall = z.object({
  ...callBase,
  position: LinkPosition,
  /** Services permitted to the client that the call is at, and to all others of the user. */
  permitted: z.object({ owner: z.array(CallService), others: z.array(CallService) }),
});
export type LinkCall = z.infer<typeof LinkCall>;

/** A call as one client sees it. */
export const Call = z.object({
  ...callBase,
  position: Position,
  /** For a call that is parked: what to dial to take it back. */
  parkedAt: z.string().max(Limits.targetChars).optional(),
  permitted: z.array(CallService),
});
export type Call = z.infer<typeof Call>;

/** What one client may see and do of a call. Pure; the cloud applies it for each socket. */
export function callForClient(call: LinkCall, clientId: ClientId): Call {
  const { position, permitted, ...rest } = call;
  const here = position.at === 'client' && position.clientId === clientId;
  return {
    ...rest,
    position: position.at === 'client' ? (here ? 'here' : 'other_client') : position.at,
    ...(position.at === 'parked' && position.number !== undefined ? { parkedAt: position.number } : {}),
    permitted: here ? permitted.owner : permitted.others,
  };
}

/**
 * Place of a fact in the order in which a connector stated facts about one user. A client that holds
 * `(epoch, rev)` from a snapshot passes over events of the same epoch with `rev` ≤ its own.
 */
export const Revision = z.object({ epoch: Epoch, rev: z.number().int().nonnegative() });
export type Revision = z.infer<typeof Revision>;

export const LineState = z.object({
  number: z.string().max(Limits.targetChars),
  state: z.enum(['registering', 'registered', 'failed']),
  /** In words, for `failed`: what the PBX said. */
  reason: z.string().max(300).optional(),
});
export type LineState = z.infer<typeof LineState>;

export const Sdp = z.string().min(1).max(Limits.sdpChars);
export const IceCandidate = z.object({
  candidate: z.string().max(Limits.candidateChars),
  mid: z.string().max(32),
});
export type IceCandidate = z.infer<typeof IceCandidate>;

/** The connector's side of a new media leg: its id, and the answer to the browser's offer. */
export const MediaAnswer = z.object({ legId: LegId, sdp: Sdp });
export type MediaAnswer = z.infer<typeof MediaAnswer>;

export const DtmfDigits = z
  .string()
  .min(1)
  .max(Limits.dtmfDigits)
  .regex(/^[0-9*#A-D]+$/u);

/**
 * What happened to a call on its way, in order of time: `rang` it began to ring there · `at` it went there (answered, pulled, pushed, parked) ·
 * `with` until then the other side was this one: it became another, as after a transfer.
 */
export const CallStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rang'), at: Instant, where: RingingPlace }),
  z.object({
    kind: z.literal('at'),
    at: Instant,
    where: z.enum(['client', 'desk_phone', 'alternative', 'voicemail', 'parked']),
  }),
  z.object({ kind: z.literal('with'), at: Instant, party: Party }),
]);
export type CallStep = z.infer<typeof CallStep>;

/** A finished call, as it is kept in the history. Written once; the same id again changes nothing. */
export const CallRecord = z.object({
  recordId: RecordId,
  userId: UserId,
  callId: CallId,
  correlationId: CorrelationId,
  direction: Direction,
  remote: Party,
  startedAt: Instant,
  answeredAt: Instant.optional(),
  endedAt: Instant,
  cause: EndCause,
  /** Who forwarded or transferred the call to the user. */
  divertedBy: Party.optional(),
  /** Everybody who was in it, where it was a conference. */
  members: z.array(Party).max(Limits.recordMembers).optional(),
  steps: z.array(CallStep).max(Limits.recordSteps).optional(),
  /** It was connected already when the connector first saw it: it may go on from a call that a restart cut off. */
  foundRunning: z.literal(true).optional(),
});
export type CallRecord = z.infer<typeof CallRecord>;
