import * as z from 'zod';
import {
  Call,
  DeviceKind,
  DtmfDigits,
  IceCandidate,
  LineState,
  MediaAnswer,
  Revision,
  Sdp,
} from './calls.ts';
import {
  AnswerFrame,
  EventFrame,
  RefusedFrame,
  RequestFrame,
  type EventTable,
  type MethodTable,
} from './frames.ts';
import { HistoryEntry, MissedCount } from './history/history.ts';
import { CallId, ClientId, CorrelationId, LegId, RecordId, TenantId, UserId } from './ids.ts';
import { Limits } from './limits.ts';
import { OwnPresence, Presence, PresenceChoice, UserPresence } from './presence.ts';
import { DirectoryPerson } from './people/directory.ts';
import { Role } from './admin/access.ts';
import { Ability, LineSettings, SettingsChange } from './settings.ts';

/**
 * The realtime socket of a client: `GET /api/realtime` (WebSocket), authenticated by the session cookie,
 * `Origin` checked. Client: `hello`. Cloud: `welcome`, then the event `snapshot`, then whatever happens.
 */
export const CLIENT_SOCKET_PATH = '/api/realtime';

export const ClientHello = z.object({
  type: z.literal('hello'),
  protocol: z.number().int(),
  clientId: ClientId,
  /** For logs only, e.g. `phone 0.1.0 (Chrome 156)`. */
  agent: z.string().max(200).optional(),
});
export type ClientHello = z.infer<typeof ClientHello>;

export const ClientWelcome = z.object({
  type: z.literal('welcome'),
  protocol: z.number().int(),
  tenantId: TenantId,
  userId: UserId,
  heartbeatSeconds: z.number().int().positive(),
  /** The cloud's clock in milliseconds since the epoch, so that call timers agree. */
  now: z.number().int(),
});
export type ClientWelcome = z.infer<typeof ClientWelcome>;

const ofCall = z.object({ callId: CallId });
const ofTwoCalls = z.object({ callId: CallId, otherCallId: CallId });
const target = z.string().min(1).max(Limits.targetChars);
const callResult = z.object({ call: Call });
const callWithMedia = z.object({ call: Call, media: MediaAnswer });

export const DirectoryEntry = z.object({
  userId: UserId,
  name: z.string(),
  number: z.string().optional(),
  presence: Presence.optional(),
});
export type DirectoryEntry = z.infer<typeof DirectoryEntry>;

export const FavouriteList = z.object({ people: z.array(DirectoryPerson) });
export type FavouriteList = z.infer<typeof FavouriteList>;

/** Requests from the client to the cloud. */
export const clientMethods = {
  /** Place a call. `to` is a number as the person typed it (spaces, dots, dashes, brackets allowed). */
  'call.place': {
    params: z.object({
      to: target,
      offer: Sdp,
      correlationId: CorrelationId,
      /** Beside that call, to consult about it: it is held first. */
      consultationFor: CallId.optional(),
    }),
    result: callWithMedia,
  },
  /** The desk phone calls: it goes off hook by itself, or rings until it is lifted. */
  'call.placeAtDesk': {
    params: z.object({ to: target, correlationId: CorrelationId, consultationFor: CallId.optional() }),
    result: z.object({}),
  },
  /** Take a call that rings at a colleague's number, or without `number` one that rings in the own group. */
  'call.pickUp': {
    params: z.object({ number: target.optional(), offer: Sdp, correlationId: CorrelationId }),
    result: callWithMedia,
  },
  'call.answer': { params: z.object({ callId: CallId, offer: Sdp }), result: callWithMedia },
  /** Give the call a new voice path at this client: after a reload, a network change or `media.reattach`. */
  'call.attach': { params: z.object({ callId: CallId, offer: Sdp }), result: callWithMedia },
  /** Trickle ICE (RFC 8838) towards the connector. */
  'call.candidate': {
    params: z.object({ callId: CallId, legId: LegId, candidate: IceCandidate }),
    result: z.object({}),
  },
  /** Bring a call to this client from wherever it is. */
  'call.pull': { params: z.object({ callId: CallId, offer: Sdp }), result: callWithMedia },
  'call.answerAtDesk': { params: ofCall, result: callResult },
  'call.push': { params: z.object({ callId: CallId, to: DeviceKind }), result: callResult },
  'call.deflect': { params: z.object({ callId: CallId, to: target }), result: callResult },
  'call.toVoicemail': { params: ofCall, result: callResult },
  'call.transfer': { params: z.object({ callId: CallId, to: target }), result: callResult },
  'call.completeTransfer': { params: ofTwoCalls, result: callResult },
  'call.conference': { params: ofTwoCalls, result: callResult },
  /** `callId`: the held one, which is taken. */
  'call.alternate': { params: ofCall, result: callResult },
  /** `callId`: the held one, which is taken back; the consultation ends. */
  'call.reconnect': { params: ofCall, result: callResult },
  'call.park': { params: ofCall, result: callResult },
  'call.callBack': { params: ofCall, result: callResult },
  'call.reject': { params: ofCall, result: callResult },
  'call.hangUp': { params: ofCall, result: callResult },
  'call.hold': { params: ofCall, result: callResult },
  'call.retrieve': { params: ofCall, result: callResult },
  /** The microphone is silenced in the browser; this keeps it in step with the call over a reload. */
  'call.mute': { params: z.object({ callId: CallId, muted: z.boolean() }), result: callResult },
  'call.dtmf': { params: z.object({ callId: CallId, digits: DtmfDigits }), result: z.object({}) },
  'settings.set': {
    params: z.object({ change: SettingsChange }),
    /** As the platform says after the change. */
    result: z.object({ settings: LineSettings }),
  },
  'presence.set': {
    params: z.object({ choice: PresenceChoice }),
    result: z.object({ presence: OwnPresence }),
  },
  /** This client is not in use for the time being, or is again: nobody has touched it for some minutes. */
  'presence.idle': { params: z.object({ idle: z.boolean() }), result: z.object({}) },
  /** Replaces what this client watches. Changes come as `presence.changed`. */
  'presence.watch': {
    params: z.object({ userIds: z.array(UserId).max(Limits.watchedUsers) }),
    result: z.object({ presences: z.array(UserPresence) }),
  },
  /** Users of the tenant whose name, e-mail address or number matches; best first. */
  'directory.search': {
    params: z.object({
      query: z.string().max(Limits.searchChars),
      limit: z.number().int().min(1).max(50).default(10),
    }),
    result: z.object({ entries: z.array(DirectoryEntry) }),
  },
  /** Whom this person has starred, in their order. It follows them to every device. */
  'favourites.get': { params: z.object({}), result: FavouriteList },
  /** Star somebody, or give them another place: before that one, or at the end. */
  'favourites.place': {
    params: z.object({ userId: UserId, before: UserId.optional() }),
    result: FavouriteList,
  },
  'favourites.remove': { params: z.object({ userId: UserId }), result: FavouriteList },
  /** The same data as the event `snapshot`, for a client that doubts its own. */
  'snapshot.get': { params: z.object({}), result: z.lazy(() => Snapshot) },
  /** Application heartbeat: browsers cannot see WebSocket pings. */
  ping: { params: z.object({}), result: z.object({ now: z.number().int() }) },
} as const satisfies MethodTable;
export type ClientMethod = keyof typeof clientMethods;

export const Me = z.object({
  userId: UserId,
  tenantId: TenantId,
  tenantName: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  number: z.string().optional(),
});
export type Me = z.infer<typeof Me>;

/**
 * The truth about one user now. `calls.known` is false while the connector cannot be asked: the client
 * then keeps what it has, for calls go on without the cloud.
 */
export const Snapshot = z.object({
  me: Me,
  connector: z.enum(['online', 'offline', 'none']),
  line: LineState.optional(),
  presence: OwnPresence,
  /** Absent while the connector cannot be asked, or the user has no line. */
  settings: LineSettings.optional(),
  abilities: z.array(Ability),
  calls: z.discriminatedUnion('known', [
    z.object({ known: z.literal(false) }),
    z.object({ known: z.literal(true), revision: Revision, list: z.array(Call) }),
  ]),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** Events from the cloud to the client. */
export const clientEvents = {
  snapshot: Snapshot,
  'call.changed': z.object({ revision: Revision, call: Call }),
  /** The voice path must be made anew (`call.attach`), e.g. because the PBX chose another codec. */
  'media.reattach': z.object({ callId: CallId, reason: z.enum(['codec_changed', 'media_lost']) }),
  'line.changed': z.object({ line: LineState }),
  'settings.changed': z.object({ settings: LineSettings }),
  'abilities.changed': z.object({ abilities: z.array(Ability) }),
  /** Of watched colleagues. */
  'presence.changed': UserPresence,
  'ownPresence.changed': z.object({ presence: OwnPresence }),
  'connector.changed': z.object({ connector: z.enum(['online', 'offline', 'none']) }),
  /** Of this person, at whichever window: ask for them. */
  'favourites.changed': z.object({}),
  /** Somebody came, went, or has another name or number (`GET /api/directory`). */
  /** Everybody hears of it in the same moment: each asks at some moment within so many milliseconds. */
  'directory.changed': z.object({ within: z.number().int().nonnegative().default(8_000) }),
  'history.added': z.object({ entry: HistoryEntry }),
  /** A note was written, or a call that a restart had cut in two was put together. */
  'history.changed': z.object({ entry: HistoryEntry }),
  'history.removed': z.object({ recordId: RecordId }),
  /** How many missed calls nobody has looked at. */
  'history.missed': MissedCount,
  /** Signed out, expired or revoked; the socket closes after this. */
  'session.ended': z.object({ reason: z.enum(['signed_out', 'expired', 'revoked']) }),
} as const satisfies EventTable;
export type ClientEvent = keyof typeof clientEvents;

export const FrameFromClient = z.union([ClientHello, RequestFrame]);
export type FrameFromClient = z.infer<typeof FrameFromClient>;
export const FrameToClient = z.union([ClientWelcome, RefusedFrame, AnswerFrame, EventFrame]);
export type FrameToClient = z.infer<typeof FrameToClient>;
