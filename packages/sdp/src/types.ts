/**
 * A session description (RFC 8866) as far as voice needs it, with everything else kept as lines, so that what
 * is parsed and serialised again says the same. Pure.
 *
 * `parseSdp(text): SessionDescription | SdpFault` · `serialiseSdp(description): string` ·
 * `negotiateAudio(offer, capabilities, local): AudioAnswer` live beside this file.
 */
export interface SessionDescription {
  readonly version: 0;
  readonly origin: Origin;
  readonly sessionName: string;
  /** The value of the `c=` line as it came, e.g. `IN IP4 192.0.2.1`; `connectionAddress` reads it. */
  readonly connection?: string;
  /** In order; `a=` lines before the first `m=`. */
  readonly attributes: readonly Attribute[];
  /** Other session-level lines (`b=`, `i=`, `u=`, …) as they came. */
  readonly otherLines: readonly string[];
  /** `t=`, `r=` and `z=` lines as they came. */
  readonly timing: readonly string[];
  readonly media: readonly MediaDescription[];
}

export interface Origin {
  readonly username: string;
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly address: string;
  /** Where it is not what the address looks like (a host name on IPv6). */
  readonly addressType?: 'IP4' | 'IP6';
}

export interface Attribute {
  readonly name: string;
  readonly value?: string;
}

export interface MediaDescription {
  readonly kind: string;
  /** 0: rejected or switched off (RFC 3264 section 6). */
  readonly port: number;
  /** The `/n` after the port, for layered streams. */
  readonly portCount?: number;
  readonly protocol: string;
  /** Payload types, or whatever the protocol puts there. */
  readonly formats: readonly string[];
  /** As in `SessionDescription`; over this media line alone. */
  readonly connection?: string;
  readonly attributes: readonly Attribute[];
  readonly otherLines: readonly string[];
}

/** Why a text is no session description, in words for a log. */
export interface SdpFault {
  readonly kind: 'sdp_fault';
  readonly text: string;
}

export function isSdpFault(value: object): value is SdpFault {
  return 'kind' in value && value.kind === 'sdp_fault';
}
