import * as z from 'zod';
import {
  CallRecord,
  DeviceKind,
  DtmfDigits,
  IceCandidate,
  LineState,
  LinkCall,
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
import {
  CallId,
  ClientId,
  ConnectorId,
  CorrelationId,
  Epoch,
  LegId,
  LineId,
  RecordId,
  TenantId,
  UserId,
} from './ids.ts';
import { Limits } from './limits.ts';
import { Attachment, CstaConfig, DialCodes, PlatformKind } from './platform.ts';
import { LineActivity, UserActivity } from './presence.ts';
import { Ability, KeptSettings, LineSettings, SettingsChange } from './settings.ts';

/**
 * The connector link: `GET /api/connector-link` (WebSocket), dialled by the connector with
 * `Authorization: Bearer <API key>`. A wrong key is answered 401 before the upgrade, with a WireError
 * (`api_key_invalid`, `api_key_revoked`) as JSON body. Connector: `hello`. Cloud: `welcome`. Then the
 * connector fetches `config.get`, the cloud sends `clients.snapshot`, and both speak as they need.
 */
export const LINK_SOCKET_PATH = '/api/connector-link';

export const LinkHello = z.object({
  type: z.literal('hello'),
  protocol: z.number().int(),
  /** Of the connector's program, e.g. `0.1.0`. */
  version: z.string().max(50),
  epoch: Epoch,
  /** It understands `drain.changed`. */
  canDrain: z.boolean().optional(),
});
export type LinkHello = z.infer<typeof LinkHello>;

export const LinkWelcome = z.object({
  type: z.literal('welcome'),
  protocol: z.number().int(),
  connectorId: ConnectorId,
  tenantId: TenantId,
  heartbeatSeconds: z.number().int().positive(),
});
export type LinkWelcome = z.infer<typeof LinkWelcome>;

/** How to reach the PBX. */
export const PbxConfig = z.object({
  kind: PlatformKind,
  /** Host name or address of the registrar. */
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  /** `tls`: the certificate has to be for `domain`, or for `host` where that is absent or numeric. */
  transport: z.enum(['udp', 'tcp', 'tls']),
  /** SIP domain of the addresses of record; the host where absent. */
  domain: z.string().max(255).optional(),
  /** Seconds asked for in REGISTER. */
  registerExpires: z.number().int().min(60).max(86400).default(600),
  /** Seconds that an incoming call rings before the connector itself gives up (480). */
  ringSeconds: z.number().int().min(5).max(600).default(120),
  attachment: Attachment.default({ by: 'registration' }),
  /** Absent: no CTI, all is done by SIP. */
  csta: CstaConfig.optional(),
  codes: DialCodes.default({}),
  /** Can always be dialled. */
  emergencyNumbers: z.array(z.string().min(1).max(32)).max(50).default(['112', '110', '911']),
  /** Seconds after which the alternative number rings too, where the connector sees to it. */
  alternativeAfterSeconds: z.number().int().min(0).max(120).default(10),
});
export type PbxConfig = z.infer<typeof PbxConfig>;

/** One user's line at the PBX. */
export const LineConfig = z.object({
  lineId: LineId,
  userId: UserId,
  /** The user part of the address of record. */
  number: z.string().min(1).max(Limits.targetChars),
  displayName: z.string().max(200),
  authUser: z.string().min(1).max(128),
  /** Crosses the link only inside TLS (or loopback); never logged, never on the connector's disk. */
  password: z.string().max(256),
  /**
   * The number that people call, where `number` is a line of its own beside it (OpenScape One Number Service, auxiliary
   * device, MULAP member). Absent: `number` itself.
   */
  mainNumber: z.string().min(1).max(Limits.targetChars).optional(),
  /** The desk phone's own number, where it is another than the main number. */
  deskPhone: z.string().min(1).max(Limits.targetChars).optional(),
  /** What colleagues dial for short. */
  shortNumber: z.string().min(1).max(Limits.targetChars).optional(),
  /** What the called see, where the platform lets us say (P-Preferred-Identity, RFC 3325). Never said in emergency calls. */
  callerId: z.string().min(1).max(Limits.targetChars).optional(),
  /** The user's mailbox, where it is another than what the platform's codes lead to. */
  voicemailNumber: z.string().min(1).max(Limits.targetChars).optional(),
  kept: KeptSettings.default({}),
});
export type LineConfig = z.infer<typeof LineConfig>;

/** Which of the user's clients acts. */
const actor = { userId: UserId, clientId: ClientId };
const ofCall = z.object({ ...actor, callId: CallId });
const ofTwoCalls = z.object({ ...actor, callId: CallId, otherCallId: CallId });
const target = z.string().min(1).max(Limits.targetChars);
const callResult = z.object({ call: LinkCall });
const callWithMedia = z.object({ call: LinkCall, media: MediaAnswer });

/** Requests from the cloud to the connector. */
export const connectorMethods = {
  'call.place': {
    params: z.object({
      ...actor,
      to: target,
      offer: Sdp,
      correlationId: CorrelationId,
      consultationFor: CallId.optional(),
    }),
    result: callWithMedia,
  },
  'call.placeAtDesk': {
    params: z.object({
      ...actor,
      to: target,
      correlationId: CorrelationId,
      consultationFor: CallId.optional(),
    }),
    result: z.object({}),
  },
  'call.pickUp': {
    params: z.object({ ...actor, number: target.optional(), offer: Sdp, correlationId: CorrelationId }),
    result: callWithMedia,
  },
  'call.answer': { params: z.object({ ...actor, callId: CallId, offer: Sdp }), result: callWithMedia },
  'call.attach': { params: z.object({ ...actor, callId: CallId, offer: Sdp }), result: callWithMedia },
  'call.candidate': {
    params: z.object({ ...actor, callId: CallId, legId: LegId, candidate: IceCandidate }),
    result: z.object({}),
  },
  'call.pull': { params: z.object({ ...actor, callId: CallId, offer: Sdp }), result: callWithMedia },
  'call.answerAtDesk': { params: ofCall, result: callResult },
  'call.push': { params: z.object({ ...actor, callId: CallId, to: DeviceKind }), result: callResult },
  'call.deflect': { params: z.object({ ...actor, callId: CallId, to: target }), result: callResult },
  'call.toVoicemail': { params: ofCall, result: callResult },
  'call.transfer': { params: z.object({ ...actor, callId: CallId, to: target }), result: callResult },
  'call.completeTransfer': { params: ofTwoCalls, result: callResult },
  'call.conference': { params: ofTwoCalls, result: callResult },
  'call.alternate': { params: ofCall, result: callResult },
  'call.reconnect': { params: ofCall, result: callResult },
  'call.park': { params: ofCall, result: callResult },
  'call.callBack': { params: ofCall, result: callResult },
  'call.reject': { params: ofCall, result: callResult },
  'call.hangUp': { params: ofCall, result: callResult },
  'call.hold': { params: ofCall, result: callResult },
  'call.retrieve': { params: ofCall, result: callResult },
  'call.mute': { params: z.object({ ...actor, callId: CallId, muted: z.boolean() }), result: callResult },
  'call.dtmf': { params: z.object({ ...actor, callId: CallId, digits: DtmfDigits }), result: z.object({}) },
  /** What the connector accepted, the cloud keeps ({@link KeptSettings}). */
  'settings.set': {
    params: z.object({ userId: UserId, change: SettingsChange }),
    result: z.object({ settings: LineSettings }),
  },
  'user.snapshot': {
    params: z.object({ userId: UserId }),
    result: z.object({
      revision: Revision,
      line: LineState.optional(),
      calls: z.array(LinkCall),
      activity: LineActivity,
      settings: LineSettings.optional(),
      abilities: z.array(Ability),
    }),
  },
} as const satisfies MethodTable;
export type ConnectorMethod = keyof typeof connectorMethods;

/** Requests from the connector to the cloud. */
export const linkMethods = {
  /** The configuration, page by page. All pages of one fetch have the same `revision`, else start again. */
  'config.get': {
    params: z.object({ cursor: z.string().max(100).optional() }),
    result: z.object({
      revision: z.number().int().nonnegative(),
      pbx: PbxConfig,
      lines: z.array(LineConfig).max(Limits.configLinesPerPage),
      next: z.string().max(100).optional(),
    }),
  },
  /** Call records from the spool. Those in `accepted` are safe in the database and leave the spool. */
  'records.append': {
    params: z.object({ records: z.array(CallRecord).min(1).max(Limits.recordsPerAppend) }),
    result: z.object({
      accepted: z.array(RecordId),
      /** Will never be accepted (e.g. the user was deleted): dropped from the spool with a log line. */
      refused: z.array(RecordId),
    }),
  },
} as const satisfies MethodTable;
export type LinkMethod = keyof typeof linkMethods;

/** What a platform has said of itself, in its own words. */
export const PlatformReport = z.object({
  /** It answers. */
  reached: z.boolean(),
  /** `Server` or `User-Agent` of its answers to REGISTER (RFC 3261 section 20.35). */
  sip: z.string().max(200).optional(),
  /** `manufacturerName` of its CSTA capabilities (ECMA-269 section 13.1.3). */
  cti: z.string().max(200).optional(),
});
export type PlatformReport = z.infer<typeof PlatformReport>;

/** Events from the connector to the cloud. */
export const connectorEvents = {
  'call.changed': z.object({ userId: UserId, revision: Revision, call: LinkCall }),
  'media.reattach': z.object({
    userId: UserId,
    clientId: ClientId,
    callId: CallId,
    reason: z.enum(['codec_changed', 'media_lost']),
  }),
  'line.changed': z.object({ userId: UserId, line: LineState }),
  'settings.changed': z.object({ userId: UserId, settings: LineSettings }),
  'abilities.changed': z.object({ userId: UserId, abilities: z.array(Ability) }),
  'activity.changed': UserActivity,
  /**
   * The activity of all lines that are not idle, in pages; sent after each `welcome`. The set holds once the page with
   * `more: false` has come: whoever is not in it is idle.
   */
  'activity.snapshot': z.object({
    users: z.array(UserActivity).max(Limits.activitiesPerPage),
    more: z.boolean(),
  }),
  /** Of the link to the platform's CTI, in words for administrators; sent after each `welcome`, too. */
  'platform.changed': z.object({
    state: z.enum(['none', 'connecting', 'up', 'down']),
    reason: z.string().max(300).optional(),
  }),
  /** Sent after each change and every heartbeat. What is optional, connectors before 0.2 do not tell. */
  status: z.object({
    lines: z.number().int(),
    registered: z.number().int(),
    calls: z.number().int(),
    spooledRecords: z.number().int(),
    /** Lines to which the platform has said no. */
    refused: z.number().int().optional(),
    /** Why a line is not registered, in words for administrators: the last reason of those that hold. */
    reason: z.string().max(300).optional(),
    /** Absent before the platform has answered or has failed to. */
    platform: PlatformReport.optional(),
    /** No new calls are taken, because the cloud wishes it or because the program is about to end. */
    draining: z.boolean().optional(),
  }),
} as const satisfies EventTable;
export type ConnectorEvent = keyof typeof connectorEvents;

/** Events from the cloud to the connector. */
export const linkEvents = {
  'config.changed': z.object({ revision: z.number().int().nonnegative() }),
  /**
   * Whether new calls are wanted: sent after `welcome` and whenever it changes. While draining, the connector places and takes no
   * new calls (emergency calls it places), and those that run go on.
   */
  'drain.changed': z.object({ draining: z.boolean() }),
  /**
   * All clients of this connector's users that are connected now, in pages that keep within `Limits.frameBytes`;
   * sent after `welcome`. The set holds once the page with `more: false` has come.
   */
  'clients.snapshot': z.object({ clients: z.array(z.object(actor)), more: z.boolean().default(false) }),
  'client.joined': z.object(actor),
  'client.left': z.object(actor),
} as const satisfies EventTable;
export type LinkEvent = keyof typeof linkEvents;

export const FrameFromConnector = z.union([LinkHello, RequestFrame, AnswerFrame, EventFrame]);
export type FrameFromConnector = z.infer<typeof FrameFromConnector>;
export const FrameToConnector = z.union([LinkWelcome, RefusedFrame, RequestFrame, AnswerFrame, EventFrame]);
export type FrameToConnector = z.infer<typeof FrameToConnector>;
