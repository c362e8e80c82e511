import type { Logger } from 'pino';
import type { UsageStore } from './usage-store.ts';

export type UsageRecorder = {
  /** Record what is over of every tenant; resolves when all were tried. A round that runs already is joined. */
  record: () => Promise<void>;
  /** Ends what runs before it resolves. */
  close: () => Promise<void>;
};

/** A day that is over is recorded within this time. Nothing depends on it: what is not recorded is counted. */
const EVERY = 60 * 60_000;

/** Records days and months that are over, now and every hour. Several nodes may do so beside each other. */
export function recordUsage(store: UsageStore, log: Logger): UsageRecorder {
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  const round = async () => {
    const until = Date.now();
    for (const tenantId of await store.customers()) {
      if (closing.signal.aborted) return;
      try {
        await store.record(tenantId, until);
      } catch (err) {
        // The others are billed nevertheless, and this one the next time.
        log.warn({ err, tenantId }, 'usage of a tenant not recorded');
      }
    }
  };
  const record = () => {
    running ??= round()
      .catch((err: unknown) => log.warn({ err }, 'usage not recorded'))
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  const timer = setInterval(() => void record(), EVERY);
  timer.unref();
  void record();
  return {
    record,
    close: async () => {
      closing.abort();
      clearInterval(timer);
      await running;
    },
  };
}
