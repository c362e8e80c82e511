import type { LineBook } from '../calls/lines.ts';
import type { SipDriver } from '../calls/leg-sip.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { PlatformEvents } from './platform.ts';

/** What every adapter is given. */
export interface PlatformOptions {
  readonly sip: SipDriver;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** A new id, of characters that the contract allows. */
  readonly newId: () => string;
  readonly log: Log;
  readonly lines: LineBook;
  readonly events: PlatformEvents;
  /** PEM: whom the control link over TLS trusts in the place of the system's CAs. */
  readonly ctiCa?: string;
  /** Whether a leg of the connector has this SIP Call-ID. Absent: known only from what the PBX answers. */
  readonly isOwnLeg?: (sipCallId: string) => boolean;
}
