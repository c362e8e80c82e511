import type { Millis } from '../endpoint/api.ts';

/**
 * Nobody lets a phone ring for longer, on either side: so an application that forgets a call, or a peer that goes away after a
 * provisional response (which ends timer B, RFC 3261 section 17.1.1.2), does not keep it for ever.
 */
export const longestRinging: Millis = 600_000;
