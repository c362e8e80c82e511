import type { Target } from '../endpoint/api.ts';
import type { TargetHealth } from '../endpoint/target-health.ts';
import { serialise } from '../message/serialise.ts';
import type { SipRequest } from '../message/types.ts';
import type { LocalAddresses } from './local.ts';

/**
 * RFC 3261 section 18.1.1: a request that may not fit into one packet has to go over a transport that takes care of it. The
 * TCP target to try before `target`; `undefined` where the request fits, or where TCP is not to be had.
 */
export function streamForSize(
  request: SipRequest,
  target: Target,
  around: {
    readonly local: LocalAddresses;
    readonly health: TargetHealth;
    readonly datagramBytes: number;
    readonly now: number;
  },
): Target | undefined {
  if (target.transport !== 'udp') return undefined;
  const stream: Target = { ...target, transport: 'tcp' };
  const { local, health, datagramBytes, now } = around;
  if (local.towards(stream) === undefined || serialise(request).length <= datagramBytes) return undefined;
  // It refused a moment ago: over UDP again, as the section wants it.
  return health.isResting(stream, now) ? undefined : stream;
}
