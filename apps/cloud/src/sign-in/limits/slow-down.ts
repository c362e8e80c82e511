/**
 * Failures of each key, which are let through as fast as they come up to a number, and after that each only after a wait that doubles. Nobody is shut out
 * for good: an attempt is let through after every wait. Bounded: when `keys` are known the one touched least recently is forgotten.
 */
export type SlowDown = {
  /** Count one. Milliseconds until the next is allowed; 0 says that this one is. */
  take: (key: string) => number;
  /** It turned out to be no failure. */
  giveBack: (key: string) => void;
  forget: (key: string) => void;
  /** Has the next attempt to wait? */
  isSlow: (key: string) => boolean;
};

export type SlowDownOptions = {
  /** Failures without a wait. */
  free: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** After so long without an attempt that was let through everything is forgotten. */
  forgetAfterMs: number;
  keys: number;
  now?: (() => number) | undefined;
};

type Failures = { count: number; last: number };

export function createSlowDown(options: SlowDownOptions): SlowDown {
  const { free, firstWaitMs, longestWaitMs, forgetAfterMs, keys } = options;
  const now = options.now ?? Date.now;
  const known = new Map<string, Failures>();

  const find = (key: string): Failures | undefined => {
    const found = known.get(key);
    return found === undefined || now() - found.last >= forgetAfterMs ? undefined : found;
  };
  const waitAfter = (count: number) =>
    count < free ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(30, count - free));

  return {
    take: (key) => {
      const at = now();
      const failures = find(key) ?? { count: 0, last: at };
      known.delete(key);
      known.set(key, failures);
      if (known.size > keys) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      const wait = failures.last + waitAfter(failures.count) - at;
      if (failures.count >= free && wait > 0) return wait;
      failures.count += 1;
      failures.last = at;
      return 0;
    },
    giveBack: (key) => {
      const failures = known.get(key);
      if (failures !== undefined && failures.count > 0) failures.count -= 1;
    },
    forget: (key) => void known.delete(key),
    isSlow: (key) => (find(key)?.count ?? 0) >= free,
  };
}
