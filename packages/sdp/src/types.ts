/**
 * A session description (RFC 8866) as far as voice needs it, with everything else kept as lines, so that what
 * is parsed and serialised again says the same. Pure.
 *
 * `parseSdp(text): SessionDescription | SdpFault` · `serialiseSdp(description): string` ·
 * `negotiateAudio(offer, capabilities): AudioAnswer` live beside this file.
 */
export interface SessionDescription {
  readonly version: 0;
  readonly origin: Origin;
  readonly sessionName: string;
  readonly connection?: string;
  /** In order; `a=` lines before the first `m=`. */
  readonly attributes: readonly Attribute[];
  /** Other session-level lines (`b=`, `i=`, `u=`, …) as they came. */
  readonly otherLines: readonly string[];
  readonly timing: readonly string[];
  readonly media: readonly MediaDescription[];
}

export interface Origin {
  readonly username: string;
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly address: string;
}

export interface Attribute {
  readonly name: string;
  readonly value?: string;
}

export interface MediaDescription {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  /** Payload types, or whatever the protocol puts there. */
  readonly formats: readonly string[];
  readonly connection?: string;
  readonly attributes: readonly Attribute[];
  readonly otherLines: readonly string[];
}

export interface SdpFault {
  readonly kind: 'sdp_fault';
  readonly text: string;
}
