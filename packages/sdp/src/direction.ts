import { attributeValue } from './attributes.ts';
import type { MediaDescription, SessionDescription } from './types.ts';

/** Who sends, as the describing side sees itself (RFC 3264 section 5.1). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';

export function directionOf(sending: boolean, receiving: boolean): Direction {
  if (sending) return receiving ? 'sendrecv' : 'sendonly';
  return receiving ? 'recvonly' : 'inactive';
}

/** The same stream seen from the other side. */
export function mirror(direction: Direction): Direction {
  return directionOf(receives(direction), sends(direction));
}

/** What an answer may say: at most the mirror of the offer, at most what is wanted (RFC 3264 section 6.1). */
export function answerDirection(offered: Direction, wanted: Direction): Direction {
  return directionOf(sends(wanted) && receives(offered), receives(wanted) && sends(offered));
}

/** Of the media line, else of the session, else `sendrecv` (RFC 8866 section 6.7). */
export function readDirection(description: SessionDescription, media: MediaDescription): Direction {
  for (const level of [media, description]) {
    const found = DIRECTIONS.find((direction) => attributeValue(level, direction) !== undefined);
    if (found !== undefined) return found;
  }
  return 'sendrecv';
}
