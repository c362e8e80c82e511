import type { PrivateData } from '@offhook/csta';

/** SIP allows more; no Call-ID that was ever seen is longer. */
const LONGEST = 255;

/**
 * The SIP Call-ID of the connection's dialog: an element `sipCallId` in private data, of whichever namespace. Not of any
 * OpenScape that is known; where it is missing, number and state tell which leg a connection belongs to.
 */
export function sipCallIdOf(data: PrivateData | undefined): string | undefined {
  const text = data?.find(({ name }) => name === 'sipCallId')?.text;
  return text === undefined || text === '' || text.length > LONGEST ? undefined : text;
}
