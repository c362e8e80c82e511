// The package does no I/O; hashing is a pure function of its input, so node's is used rather than one of our own.
import { createHmac } from 'node:crypto';
import { headerValues } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';
import type { SipRequest } from '../message/types.ts';
import { formatUri, parseUri } from '../message/uri.ts';
import { parseVia } from '../message/via.ts';

/**
 * Telling that a request has come round (RFC 5393 section 4.2), for whoever forks.
 *
 * A request that is back with everything the same that decides its way is a loop, and is answered 482; with another
 * Request-URI it is a spiral, and legal. So a mark is made of what decides: the Request-URI as it came, Route, and
 * whatever else the caller's routing looks at.
 *
 * - A **proxy** puts the mark into the branch of its Via, behind what makes it unique ({@link branchWithMark}).
 * - A **back-to-back user agent** cannot rely on that: the calls that it makes are new ones, with a Via, Call-ID, tags and
 *   CSeq of their own, and behind another back-to-back user agent its Via is gone. (So none of these fields is in the mark,
 *   unlike RFC 3261 section 16.6 step 8 proposes for proxies.) It writes the mark into a header field,
 *   {@link loopMarkHeader}, with the marks that the incoming call has brought ({@link loopMarks}): proxies pass unknown
 *   headers on, and so do most back-to-back user agents. Where one does not, Max-Forwards still ends the loop (`onward`).
 *
 * The mark is keyed, so that it tells nothing of our routing, and marks of another process are never taken for ours.
 */
export function loopMark(key: string, request: SipRequest, alsoDecides: readonly string[] = []): string {
  const hash = createHmac('sha256', key);
  for (const part of [plainUri(request.uri), ...headerValues(request, 'route'), '', ...alsoDecides]) {
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  }
  return hash.digest('hex').slice(0, 24);
}

/** The header field of our own in which marks travel with a call. */
export const loopMarkHeader = 'Offhook-Loop';

/** Marks that are taken from a request and passed on: a call has not been here more often than it may hop. */
const mostMarks = 70;

/** Whether the request has been here before, with this mark, in a Via of a proxy or in the header of marks. */
export function hasComeRound(request: WithHeaders, mark: string): boolean {
  if (marksOf(request).includes(mark)) return true;
  return headerValues(request, 'via').some((value) => {
    const branch = value.includes(mark) ? parseVia(value)?.params.get('branch') : undefined;
    return branch?.endsWith(`.${mark}`) ?? false;
  });
}

/** The value of {@link loopMarkHeader} for what goes out: the mark of this pass before those of earlier ones. */
export function loopMarks(request: WithHeaders, mark: string): string {
  return [mark, ...marksOf(request)].slice(0, mostMarks).join(', ');
}

/** @param branch unique, with the magic cookie, as it would be without a mark */
export function branchWithMark(branch: string, mark: string): string {
  return `${branch}.${mark}`;
}

function marksOf(request: WithHeaders): string[] {
  return headerValues(request, loopMarkHeader)
    .filter((mark) => /^[0-9a-f]{24}$/.test(mark))
    .slice(0, mostMarks);
}

/** One spelling for what is the same, as far as that can be had without knowing the domain. */
function plainUri(text: string): string {
  const uri = parseUri(text);
  return uri?.kind === 'sip' ? formatUri({ ...uri, host: uri.host.toLowerCase() }) : text;
}
