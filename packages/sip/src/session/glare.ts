import type { Identifiers } from '../agent/identifiers.ts';
import type { Millis } from '../endpoint/api.ts';

/**
 * How long to wait after a 491 before the re-INVITE is tried again (RFC 3261 section 14.1): the owner of the Call-ID
 * 2.1 to 4 seconds, the other side 0 to 2 seconds, in units of 10 ms. So the two do not collide again.
 */
export function glareDelay(ownsCallId: boolean, identifiers: Identifiers): Millis {
  return 10 * (ownsCallId ? identifiers.integer(210, 400) : identifiers.integer(0, 200));
}
