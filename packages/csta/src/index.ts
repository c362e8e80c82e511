export type { AgentState, ForwardingType } from './device-features/messages.ts';
export { AGENT_STATES, FORWARDING_TYPES, REQUESTED_AGENT_STATES } from './device-features/messages.ts';
export type { Decoded } from './codec/decode.ts';
export { decodeMessage, DOCUMENT_LIMITS } from './codec/decode.ts';
export type { WireStyle } from './codec/encode.ts';
export { DEFAULT_WIRE_STYLE, encodeMessage } from './codec/encode.ts';
export type {
  CstaErrorMessage,
  CstaEvent,
  CstaMessage,
  CstaMessageName,
  CstaRequest,
  CstaRequestName,
  CstaResponse,
  MessageNamed,
  ResponseTo,
  SessionEvent,
  SessionRequest,
  SessionResponse,
} from './codec/messages.ts';
export {
  isEvent,
  isRequest,
  isResponse,
  isSessionRequest,
  isSessionResponse,
  MESSAGE_NAMES,
} from './codec/messages.ts';
export type { FrameFaultCode, FrameOutcome } from './framing/decoder.ts';
export { FrameDecoder } from './framing/decoder.ts';
export { encodeFrame, eventInvokeId, fitsFrame, headerOctets, mostFrameOctets } from './framing/frames.ts';
export type { SiemensData } from './private-data/siemens.ts';
export { readSiemensData, siemensData } from './private-data/siemens.ts';
export type { PrivateData, PrivateElement } from './private-data/tree.ts';
export type { Edition } from './schema/namespaces.ts';
export { editionOf, EDITIONS, namespaceOf, sessionNamespace, siemensNamespace } from './schema/namespaces.ts';
export type { SessionError } from './session/messages.ts';
export { SESSION_ERRORS } from './session/messages.ts';
export type { SystemStatusValue } from './session/system.ts';
export { SYSTEM_STATUSES } from './session/system.ts';
export type { EventCause } from './values/causes.ts';
export { EVENT_CAUSES, eventCauseOf } from './values/causes.ts';
export type { ConnectionId, LocalConnectionState } from './values/connections.ts';
export { LOCAL_CONNECTION_STATES } from './values/connections.ts';
export type { DeviceDetails, DeviceIdStyle } from './values/device-id.ts';
export { formatDeviceId, parseDeviceId } from './values/device-id.ts';
export type { CstaError, CstaErrorCode, ErrorCategory, RefusalReason } from './values/errors.ts';
export { ERROR_CODES, refusalReason } from './values/errors.ts';
export type { CallId, DeviceId, MonitorCrossRefId } from './values/identifiers.ts';
export { toCallId, toDeviceId, toMonitorCrossRefId } from './values/identifiers.ts';
export type { Party } from './values/parties.ts';
export type {
  CallAssociatedService,
  CallControlService,
  ServicesPermitted,
} from './values/services-permitted.ts';
export { CALL_ASSOCIATED_SERVICES, CALL_CONTROL_SERVICES } from './values/services-permitted.ts';
export type {
  ClientDownCode,
  CstaClientEffect,
  CstaClientInput,
  CstaClientOptions,
  CstaClientStatus,
  CstaFailure,
  CstaOutcome,
} from './client/api.ts';
export { CstaClient } from './client/client.ts';
export type { Backoff } from './link/backoff.ts';
export { DEFAULT_BACKOFF } from './link/backoff.ts';
export type { Note } from './link/incoming.ts';
export type { LinkLimit, Millis } from './link/limits.ts';
export { linkLimits } from './link/limits.ts';
export type {
  Applicant,
  CstaServerEffect,
  CstaServerInput,
  CstaServerOptions,
  ServerEndCode,
} from './server/api.ts';
export { CstaServerSession } from './server/session.ts';
