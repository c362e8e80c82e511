import type { PlatformKind } from '@offhook/contract';
import type { KnownService } from './services/knowledge.ts';

/** How a platform is asked for what the standard has no service for. */
export interface CstaProfile {
  readonly kind: PlatformKind;
  /** As people call it. */
  readonly name: string;
  /** Of the services that we use, those that are tried where the platform does not say what it has; the first refusal tells. */
  readonly tries: readonly KnownService[];
  /**
   * Where the alternative number is kept: at the platform (SetForwarding with the static target in private data), or by the
   * connector alone.
   */
  readonly alternative: 'static_forwarding' | 'connector';
  /** How the clients are kept from ringing: their line's agent is not ready, or the connector does not ring them. */
  readonly deskOnly: 'agent_state' | 'connector';
  /** What cannot be checked without the platform itself; shown in the capability matrix. */
  readonly unverified: readonly string[];
}
