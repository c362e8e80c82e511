/**
 * Attempts of each key in a time window that begins with the first. Bounded: when `keys` are known the one
 * touched least recently is forgotten.
 */
export type Attempts = {
  /** Count one. Milliseconds until the next is allowed; 0 says that this one is. */
  take: (key: string) => number;
  /** Take one back: it turned out to be none. */
  giveBack: (key: string) => void;
  forget: (key: string) => void;
};

export type AttemptsOptions = { limit: number; windowMs: number; keys: number; now?: () => number };

export function createAttempts(options: AttemptsOptions): Attempts {
  const { limit, windowMs, keys } = options;
  const now = options.now ?? Date.now;
  const windows = new Map<string, { until: number; count: number }>();
  return {
    take: (key) => {
      const at = now();
      const found = windows.get(key);
      const window = found !== undefined && found.until > at ? found : { until: at + windowMs, count: 0 };
      windows.delete(key);
      windows.set(key, window);
      if (windows.size > keys) {
        const [oldest] = windows.keys();
        if (oldest !== undefined) windows.delete(oldest);
      }
      if (window.count >= limit) return window.until - at;
      window.count += 1;
      return 0;
    },
    giveBack: (key) => {
      const window = windows.get(key);
      if (window !== undefined && window.count > 0) window.count -= 1;
    },
    forget: (key) => void windows.delete(key),
  };
}
