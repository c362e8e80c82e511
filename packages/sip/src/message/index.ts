export type * from './types.ts';
export {
  createRequest,
  createResponse,
  withHeader,
  withHeaderSet,
  withoutHeader,
  withTopVia,
  withTopViaReplaced,
} from './build.ts';
export type { RequestParts, ResponseOptions } from './build.ts';
export { StreamFramer } from './framer.ts';
export type { StreamItem } from './framer.ts';
export {
  callId,
  contentType,
  cseq,
  fromTag,
  hasToken,
  header,
  headerFields,
  headerValues,
  numberHeader,
  parseContactList,
  parseCSeq,
  parseReason,
  parseWarning,
  retryAfter,
  splitValues,
  topVia,
  toTag,
} from './headers.ts';
export type { CSeq } from './core-fields.ts';
export type { ContactList, ReasonValue, WarningValue, WithHeaders } from './headers.ts';
export { DEFAULT_MESSAGE_LIMITS, messageLimits } from './limits.ts';
export { formatNameAddr, parseNameAddr } from './name-addr.ts';
export type { NameAddr } from './name-addr.ts';
export { canonicalName, usualName } from './names.ts';
export {
  formatParams,
  NO_PARAMS,
  parseParams,
  parseValueAndParams,
  quote,
  tokenOrQuoted,
  unquote,
  withParam,
} from './params.ts';
export type { Params } from './params.ts';
export { isKeepalive, parseMessage } from './parse.ts';
export { reasonPhrase } from './reasons.ts';
export { serialise } from './serialise.ts';
export {
  decodeEscapes,
  escapeUser,
  formatHostPort,
  formatUri,
  parseHostPort,
  parseSipUri,
  parseUri,
  uriEquals,
} from './uri.ts';
export type { OtherUri, SipUri, TelUri, Uri } from './uri.ts';
export { formatVia, parseVia, stampVia, viaReceived } from './via.ts';
export type { Via } from './via.ts';
