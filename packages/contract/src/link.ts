import * as z from 'zod';
import {
  CallRecord,
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
  kind: z.enum(['generic-sip']),
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
});
export type LineConfig = z.infer<typeof LineConfig>;

/** Which of the user's clients acts. */
const actor = { userId: UserId, clientId: ClientId };
const ofCall = z.object({ ...actor, callId: CallId });
const callResult = z.object({ call: LinkCall });
const callWithMedia = z.object({ call: LinkCall, media: MediaAnswer });

/** Requests from the cloud to the connector. */
export const connectorMethods = {
  'call.place': {
    params: z.object({
      ...actor,
      to: z.string().min(1).max(Limits.targetChars),
      offer: Sdp,
      correlationId: CorrelationId,
    }),
    result: callWithMedia,
  },
  'call.answer': { params: z.object({ ...actor, callId: CallId, offer: Sdp }), result: callWithMedia },
  'call.attach': { params: z.object({ ...actor, callId: CallId, offer: Sdp }), result: callWithMedia },
  'call.candidate': {
    params: z.object({ ...actor, callId: CallId, legId: LegId, candidate: IceCandidate }),
    result: z.object({}),
  },
  'call.reject': { params: ofCall, result: callResult },
  'call.hangUp': { params: ofCall, result: callResult },
  'call.hold': { params: ofCall, result: callResult },
  'call.retrieve': { params: ofCall, result: callResult },
  'call.mute': { params: z.object({ ...actor, callId: CallId, muted: z.boolean() }), result: callResult },
  'call.dtmf': { params: z.object({ ...actor, callId: CallId, digits: DtmfDigits }), result: z.object({}) },
  'user.snapshot': {
    params: z.object({ userId: UserId }),
    result: z.object({ revision: Revision, line: LineState.optional(), calls: z.array(LinkCall) }),
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
  /** Sent after each change and every heartbeat. */
  status: z.object({
    lines: z.number().int(),
    registered: z.number().int(),
    calls: z.number().int(),
    spooledRecords: z.number().int(),
  }),
} as const satisfies EventTable;
export type ConnectorEvent = keyof typeof connectorEvents;

/** Events from the cloud to the connector. */
export const linkEvents = {
  'config.changed': z.object({ revision: z.number().int().nonnegative() }),
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
