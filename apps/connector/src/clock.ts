/** One reading of both clocks, taken once for each input. */
export interface Now {
  /** Milliseconds of a clock that only goes forward; its origin means nothing. Deadlines are in it. */
  readonly at: number;
  /** Milliseconds since the epoch, for people and records. It may jump. */
  readonly instant: number;
}

/** What needs time takes this, so that tests bring their own. */
export interface Clock {
  now(): Now;
  /** Calls back once after so many milliseconds. The returned function calls it off; twice is no error. */
  after(delay: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => ({ at: performance.now(), instant: Date.now() }),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.max(0, delay));
    return () => {
      clearTimeout(timer);
    };
  },
};
