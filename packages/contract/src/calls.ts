import * as z from 'zod';
import { CallId, ClientId, CorrelationId, Epoch, LegId, RecordId, UserId } from './ids.ts';
import { Limits } from './limits.ts';

/** What can be asked of a call. A client draws a button for each service that is permitted now, and no other. */
export const CallService = z.enum([
  'answer',
  'reject',
  'hangUp',
  'hold',
  'retrieve',
  'mute',
  'dtmf',
  /** Give the call this client's microphone and speaker: after a reload, or when its connection is replaced. */
  'attach',
]);
export type CallService = z.infer<typeof CallService>;

/**
 * Why a call ended. Closed; clients have words for each.
 * `completed` somebody hung up · `cancelled` the caller gave up · `busy` · `rejected` the other side refused ·
 * `declined` this user refused · `no_answer` · `unknown_number` · `unreachable` the other side cannot be
 * reached now · `not_permitted` the PBX forbids it · `answered_elsewhere` on another device of the user ·
 * `media_failed` no voice path · `client_lost` the window that held the call never came back ·
 * `connector_lost` the connector was restarted · `pbx_unreachable` the PBX does not answer · `failed` any other.
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
};

/** A call as the connector tells it to the cloud: one for all of the user's clients. */
export const LinkCall = z.object({
  ...callBase,
  /** The client that has the call's voice; absent while it rings. */
  ownerClientId: ClientId.optional(),
  /** Services permitted to the owner, and to the user's other clients. */
  permitted: z.object({ owner: z.array(CallService), others: z.array(CallService) }),
});
export type LinkCall = z.infer<typeof LinkCall>;

/** A call as one client sees it. */
export const Call = z.object({
  ...callBase,
  /** `mine`: this client has the voice. `other`: another client of this user has it. `none`: nobody yet. */
  holder: z.enum(['mine', 'other', 'none']),
  permitted: z.array(CallService),
});
export type Call = z.infer<typeof Call>;

/** What one client may see and do of a call. Pure; the cloud applies it for each socket. */
export function callForClient(call: LinkCall, clientId: ClientId): Call {
  const { ownerClientId, permitted, ...rest } = call;
  const holder = ownerClientId === undefined ? 'none' : ownerClientId === clientId ? 'mine' : 'other';
  return { ...rest, holder, permitted: holder === 'mine' ? permitted.owner : permitted.others };
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
});
export type CallRecord = z.infer<typeof CallRecord>;
