import type { BrowserPort } from './browser-port.ts';
import type { Endpoint, SameHost } from '../rtp/source-latch.ts';

/** The shape of pino's loggers. Never a key press, never a password of ICE. */
export interface EngineLog {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export interface EngineLimits {
  readonly bridges: number;
  /** ICE candidates of one browser leg; further ones are passed over. */
  readonly candidatesPerLeg: number;
}

export interface EmbeddedEngineOptions {
  /** The one UDP port for all browsers; 0 takes a free one. */
  readonly browserUdpPort: number;
  /** Interface for browsers; all where absent. */
  readonly browserAddress?: string;
  /** Addresses that answers name as host candidates; those of the interfaces where absent or empty. */
  readonly announcedAddresses?: readonly string[];
  /** Numeric address for RTP with the PBX: bound and announced. */
  readonly pbxAddress: string;
  /** RTP takes the even ports, RTCP the next one. Both ends included. */
  readonly pbxPortRange: { readonly first: number; readonly last: number };
  readonly limits?: Partial<EngineLimits>;
  readonly log?: EngineLog;
  /** 0 ≤ x < 1; for SSRCs, first numbers, ports. */
  readonly random?: () => number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  /** Milliseconds since the Unix epoch, for RTCP. */
  readonly wallClock?: () => number;
}

/** What the parts of one engine share. */
export interface EngineContext {
  readonly log: EngineLog;
  readonly limits: EngineLimits;
  readonly random: () => number;
  readonly now: () => number;
  readonly wallClock: () => number;
  /** Where browsers reach us, best first. */
  readonly browserEndpoints: readonly Endpoint[];
  readonly browserPort: BrowserPort;
  readonly pbxAddress: string;
  readonly sameHost: SameHost;
}

export const DEFAULT_LIMITS: EngineLimits = { bridges: 1000, candidatesPerLeg: 64 };

export const randomUint32 = (random: () => number): number => Math.floor(random() * 2 ** 32) >>> 0;
