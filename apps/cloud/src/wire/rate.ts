/** Frames that a peer may send: `perSecond` for ever, `burst` at once. */
export type Rate = { perSecond: number; burst: number };

/** A token bucket that goes into debt: who is over the rate and goes on for another burst is told apart. */
export type Bucket = {
  /** A frame has come. `within` the rate, `over` it, or so far over that nobody listens to refusals: `flood`. */
  take: () => 'within' | 'over' | 'flood';
  /** Milliseconds until a frame is within the rate again; 0: now. */
  wait: () => number;
};

/** @param now milliseconds of a clock that never goes back */
export function createBucket(
  { perSecond, burst }: Rate,
  now: () => number = () => performance.now(),
): Bucket {
  let tokens = burst;
  let filledAt = now();

  const fill = () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * perSecond);
    filledAt = at;
  };

  return {
    take: () => {
      fill();
      tokens -= 1;
      return tokens >= 0 ? 'within' : tokens >= -burst ? 'over' : 'flood';
    },
    wait: () => {
      fill();
      return tokens >= 1 ? 0 : ((1 - tokens) / perSecond) * 1000;
    },
  };
}
