/**
 * The wire protocol's version. Client, cloud and connector each say theirs in `hello`; the cloud refuses
 * a version that it does not speak with a `refused` frame (`protocol_unsupported`) and close code
 * {@link CloseCode.ProtocolUnsupported}, so that an old tab reloads and an old connector updates itself.
 */
export const PROTOCOL_VERSION = 2;

/** The oldest version that this build still speaks. */
export const OLDEST_PROTOCOL_VERSION = 2;

/** WebSocket close codes of both sockets (RFC 6455 section 7.4.2: 4000–4999 are private). */
export const CloseCode = {
  /** A frame that is not JSON, fails its schema, or comes before `hello`. */
  BadFrame: 4400,
  /** Cookie session missing, expired or revoked; API key wrong or revoked. Do not retry unchanged. */
  Unauthenticated: 4401,
  /** The peer asked for a protocol version that is not spoken here. Do not retry unchanged. */
  ProtocolUnsupported: 4426,
  /** A newer socket of the same client or connector took this one's place. Do not retry. */
  Replaced: 4409,
  /** The peer did not answer heartbeats. Retry with back-off. */
  HeartbeatLost: 4408,
  /** The peer's outgoing queue is full: it reads too slowly. Retry with back-off. */
  TooSlow: 4429,
  /** This process is stopping. Retry with back-off, another node answers. */
  GoingAway: 1001,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];
