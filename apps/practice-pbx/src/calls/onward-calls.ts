import { hasComeRound, loopMark, loopMarkHeader, loopMarks, onward } from '@offhook/sip';
import type { ExtraHeaders, SipRequest } from '@offhook/sip';
import type { Destination, ForkId } from './types.ts';

/** What the calls that go on from an incoming one have to carry, so that no circle of PBXs rings for ever. */
export interface OnwardCalls {
  readonly maxForwards: number;
  /** Each fork's share of the phones that may ring at the same time (RFC 5393 section 5). */
  readonly breadthOf: (fork: ForkId) => number | undefined;
  readonly headers: ExtraHeaders;
}

/** What ends at the PBX itself. */
const goesNowhere: OnwardCalls = { maxForwards: 0, breadthOf: () => undefined, headers: [] };

/**
 * Decides whether a call may go on to its destination: 482 when it has been here before on the same way, 483 when it has
 * been passed on too often, 440 when too many phones ring for it already (RFC 3261 section 16.3, RFC 5393).
 *
 * @param key of the marks by which this PBX knows its own calls again
 */
export function passOn(
  request: SipRequest,
  destination: Destination,
  key: string,
): OnwardCalls | { readonly refuse: number } {
  if (destination.kind !== 'extension') return goesNowhere;
  const mark = loopMark(key, request);
  if (hasComeRound(request, mark)) return { refuse: 482 };
  const may = onward(request, destination.places.length);
  if (may.kind === 'refuse') return { refuse: may.status };
  const { maxForwards, maxBreadth } = may;
  return {
    maxForwards,
    breadthOf: (fork) => maxBreadth[fork],
    headers: [[loopMarkHeader, loopMarks(request, mark)]],
  };
}
