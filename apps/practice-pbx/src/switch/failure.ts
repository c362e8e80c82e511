/** Final answers that tell the caller something and are passed on as they are. */
const TELLING = new Set([486, 488, 600, 603, 606]);

/** What the caller is told when one device answered with this: what is wrong with a device is not the caller's business. */
export function statusForCaller(status: number): number {
  return TELLING.has(status) ? status : 480;
}

/**
 * The better of two final answers (in the spirit of RFC 3261 section 16.7 step 6): 6xx speaks for the
 * person and wins; busy says more than absent.
 */
export function betterFailure(one: number, other: number): number {
  return rank(one) >= rank(other) ? one : other;
}

/** 6xx: the person does not want the call, on any device (RFC 3261 section 21.6). */
export function isFinalForAll(status: number): boolean {
  return status >= 600;
}

function rank(status: number): number {
  if (isFinalForAll(status)) return 3;
  if (status === 486) return 2;
  return status === 488 ? 1 : 0;
}
