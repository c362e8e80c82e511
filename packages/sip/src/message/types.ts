/**
 * A SIP message (RFC 3261 section 7) as data. Header values stay the octets that came (as a string), in
 * the order that they came; structure is parsed when somebody asks for it (`headers.ts`), because most
 * headers of most messages are never looked at.
 */
export type SipMessage = SipRequest | SipResponse;

export interface SipRequest {
  readonly kind: 'request';
  /** Case-sensitive (section 7.1). */
  readonly method: string;
  /** The Request-URI as it stands in the message. */
  readonly uri: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

export interface SipResponse {
  readonly kind: 'response';
  /** 100–699. */
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

export interface HeaderField {
  /** Canonical lower-case long name: `v` becomes `via`, `Call-ID` becomes `call-id`. */
  readonly name: string;
  /** Unfolded, without leading and trailing white space. */
  readonly value: string;
}

/** Why octets are not a message. A value, never an exception: the endpoint answers 400 where it can. */
export interface ParseFault {
  readonly kind: 'fault';
  readonly code:
    | 'start_line'
    | 'version'
    | 'header'
    | 'missing_header'
    | 'duplicate_header'
    | 'content_length'
    | 'too_large'
    | 'too_many_headers'
    | 'truncated';
  /** For the log and the reason phrase; no octets of the message in it. */
  readonly text: string;
  /** Set when the start line and enough headers were read to answer 400/505 statelessly. */
  readonly answerable?: SipRequest;
}

/** Bounds for what a peer may send; defaults in `limits.ts`. */
export interface MessageLimits {
  /** Octets of a whole message. */
  readonly messageBytes: number;
  readonly headerCount: number;
  /** Octets of one header's value, unfolded. */
  readonly headerBytes: number;
  readonly bodyBytes: number;
}
