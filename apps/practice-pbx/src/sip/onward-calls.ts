import { hasComeRound, loopMark, loopMarkHeader, loopMarks, onward } from '@offhook/sip';
import type { SipRequest } from '@offhook/sip';
import type { Onward, PassOn } from '../switch/model.ts';

/**
 * Whether an incoming call may go on: 482 when it has been here before on the same way, 483 when it has been passed on too
 * often, 440 when too many phones ring for it already (RFC 3261 section 16.3, RFC 5393).
 *
 * @param key of the marks by which this PBX knows its own calls again
 */
export function passOn(request: SipRequest, key: string): PassOn {
  return (branches) => {
    const mark = loopMark(key, request);
    if (hasComeRound(request, mark)) return { kind: 'refuse', status: 482 };
    const may = onward(request, branches);
    if (may.kind === 'refuse') return { kind: 'refuse', status: may.status };
    const { maxForwards, maxBreadth } = may;
    const onwardCalls: Onward = {
      maxForwards,
      breadthOf: (branch) => maxBreadth[branch],
      headers: [[loopMarkHeader, loopMarks(request, mark)]],
    };
    return { kind: 'pass', onward: onwardCalls };
  };
}
