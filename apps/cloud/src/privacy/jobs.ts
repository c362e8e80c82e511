import type { Database } from '../database/database.ts';
import type { Metrics } from '../operations/metrics.ts';
import { erasePeople, expireCallQuality, expireCallRecords, type Batch } from './erase.ts';

const PEOPLE_AT_ONCE = 100;
const RECORDS_AT_ONCE = 2_000;

export type PrivacyJobs = {
  /** Do all that is due now. Rejects where the database is away; what was done until then stays done. */
  run: () => Promise<void>;
  /** Ends after the batch that runs. */
  close: () => Promise<void>;
};

/** @param options.every milliseconds between two runs */
export function startPrivacyJobs(options: {
  database: Database;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  every: number;
  now?: () => number;
  batch?: { people: number; records: number };
}): PrivacyJobs {
  const { database, metrics, log, now = Date.now } = options;
  const { people, records } = options.batch ?? { people: PEOPLE_AT_ONCE, records: RECORDS_AT_ONCE };
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  /** Batch after batch, so that nobody waits long for what a batch holds. */
  const all = async (work: () => Promise<Batch>, count: (done: number) => void): Promise<number> => {
    let total = 0;
    let more = true;
    while (more && !closing.signal.aborted) {
      const batch = await work();
      count(batch.done);
      total += batch.done;
      more = batch.more;
    }
    return total;
  };

  const once = async (): Promise<void> => {
    const erased = await all(
      () =>
        erasePeople(database, now(), people, (who, err) =>
          log.warn({ ...who, err }, 'a person whose time is over was not removed; tried again later'),
        ),
      (done) => metrics.erasedPeople.inc(done),
    );
    const expired = await all(
      () => expireCallRecords(database, now(), records),
      (done) => metrics.expiredCallRecords.inc(done),
    );
    await all(
      () => expireCallQuality(database, now(), records),
      () => {},
    );
    metrics.privacyRunAt.set(now() / 1000);
    if (erased + expired > 0) log.info({ erased, expired }, 'data whose time is over was removed');
  };

  const run = (): Promise<void> => {
    running ??= once().finally(() => {
      running = undefined;
    });
    return running;
  };

  const timer = setInterval(() => {
    run().catch((err: unknown) =>
      log.warn({ err }, 'data whose time is over was not removed; tried again later'),
    );
  }, options.every);
  timer.unref();

  return {
    run,
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await running?.catch(() => {});
    },
  };
}
