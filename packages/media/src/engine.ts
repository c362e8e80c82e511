/**
 * The media engine interface: what the connector asks of whatever moves voice between a browser and the PBX.
 *
 * A **bridge** is one call's media: at most one browser side and at most one PBX side. Each side can be
 * opened, replaced and closed while the other stays; the stream towards the PBX keeps its SSRC, sequence numbers
 * and timestamps without a jump when the browser side is replaced. While a side is missing or silent, the
 * other hears comfort (silence in the negotiated codec), so that no peer takes the stream for dead.
 *
 * ```
 *  browser ══ DTLS-SRTP/ICE ══ BrowserLeg ── Bridge ── PbxLeg ══ RTP ══ PBX
 * ```
 *
 * Every implementation passes the suite in `contract-suite.ts`. Nothing transcodes unless `capabilities` says so.
 */
export interface MediaEngine {
  readonly capabilities: EngineCapabilities;
  /** A new bridge. Throws `MediaError` `capacity` at the engine's limit. */
  openBridge(options: BridgeOptions): Bridge;
  counts(): EngineCounts;
  /** Closes every bridge, socket, port and timer. */
  close(): Promise<void>;
}

/** Codecs that browsers and PBXs share. */
export type CodecName = 'G722' | 'PCMA' | 'PCMU' | 'opus';

export interface EngineCapabilities {
  readonly name: string;
  /** In order of preference. */
  readonly codecs: readonly CodecName[];
  readonly transcodes: boolean;
}

export interface EngineCounts {
  readonly bridges: number;
  readonly browserLegs: number;
  readonly pbxLegs: number;
  /** UDP ports held for PBX legs. */
  readonly pbxPorts: number;
}

export interface BridgeOptions {
  /** For logs: the call's correlation id. */
  readonly label: string;
  readonly onEvent: (event: BridgeEvent) => void;
}

export type BridgeEvent =
  /** `connected`: ICE and DTLS are up. `interrupted`: no packet for 3 s. `failed`: will not come back; replace it. */
  | {
      readonly type: 'browser';
      readonly legId: string;
      readonly state: 'connecting' | 'connected' | 'interrupted' | 'failed';
    }
  /** A candidate of ours, for engines that trickle. */
  | { readonly type: 'candidate'; readonly legId: string; readonly candidate: string; readonly mid: string }
  /** First packet from the PBX, and silence on the wire for 5 s or its end. */
  | { readonly type: 'pbx'; readonly state: 'flowing' | 'silent' }
  /** The PBX chose a codec that the browser leg does not send: the browser must attach anew with it. */
  | { readonly type: 'codec_mismatch'; readonly wanted: CodecName }
  /** A digit from the PBX side (RFC 4733), once per press. */
  | { readonly type: 'dtmf'; readonly digit: string };

export interface Bridge {
  /**
   * Takes a browser's offer and gives the answer; replaces the browser leg where there is one. The answer holds one
   * codec (the PBX leg's where it is negotiated, else the first of `capabilities` that the browser offers)
   * and telephone-event. Rejects with `MediaError` `bad_sdp`, `no_common_codec` or `capacity`.
   */
  openBrowserLeg(legId: string, offer: string): Promise<string>;
  /** Candidates for an older leg are passed over. */
  addBrowserCandidate(legId: string, candidate: string, mid: string): void;
  closeBrowserLeg(): void;

  /** Reserves an RTP port and gives our offer for the PBX. */
  createPbxOffer(direction?: MediaDirection): Promise<string>;
  /** The PBX's answer to our last offer (also one in a provisional response). */
  acceptPbxAnswer(answer: string): void;
  /** The PBX's offer (new call or re-INVITE) and our answer to it. */
  answerPbxOffer(offer: string, direction?: MediaDirection): Promise<string>;
  closePbxLeg(): void;

  /** Passes or stops voice: `hold` stops both ways and gives comfort to the PBX. */
  setFlow(flow: 'pass' | 'hold'): void;
  /** Queues digits as RFC 4733 events towards the PBX: 100 ms each, 70 ms apart. False where it has no telephone-event. */
  sendDtmf(digits: string): boolean;
  stats(): BridgeStats;
  /** Idempotent. */
  close(): void;
}

/** As in our own description; the PBX's is its mirror. */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface StreamStats {
  readonly packets: number;
  readonly bytes: number;
  /** Interarrival jitter in milliseconds (RFC 3550 section 6.4.1). */
  readonly jitterMs: number;
  readonly lost: number;
}

export interface BridgeStats {
  readonly codec: CodecName | undefined;
  readonly fromBrowser: StreamStats;
  readonly fromPbx: StreamStats;
  /** Packets that were neither passed on nor understood: wrong source, malformed, not negotiated. */
  readonly discarded?: number;
}

export type MediaErrorCode = 'bad_sdp' | 'no_common_codec' | 'capacity' | 'no_port' | 'closed' | 'engine';

export class MediaError extends Error {
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MediaError';
    this.code = code;
  }

  /** Whatever was thrown, as one of the family. */
  static from(error: unknown): MediaError {
    if (error instanceof MediaError) return error;
    return new MediaError('engine', 'The media engine failed', { cause: error });
  }
}
