import { randomUUID } from 'node:crypto';
import { OffhookError } from '@offhook/contract';
import type { Logger } from 'pino';
import { ClaimLost, ImportFailed, Stale, type Job } from './model.ts';
import type { ImportUpdate } from './store.ts';
import { workAt, type WorkParts } from './work.ts';

/**
 * Milliseconds. How often work of other nodes that have gone is looked for; how long a claim holds without a sign of life; how long an import that
 * nobody touches is kept; how often those are removed.
 */
export type ImportTimings = { lookEvery: number; lease: number; keep: number; removeEvery: number };
export const importTimings: ImportTimings = {
  lookEvery: 5_000,
  lease: 30_000,
  keep: 7 * 24 * 3_600_000,
  removeEvery: 3_600_000,
};

/** Milliseconds. Whoever looks on sees the progress of a long step so often. */
const SEEN_EVERY = 1_000;

export type ImportWorker = {
  /** There is something to do. */
  wake: () => void;
  /** Stops between two batches; what was not finished is taken up by whoever comes next. */
  close: () => Promise<void>;
};

/** Work of this process stops: it closes. */
class Stopping extends Error {}

/** Does the long work of imports, one at a time on each node. */
export function createImportWorker(
  parts: WorkParts & { log: Pick<Logger, 'info' | 'warn' | 'error'>; timings?: Partial<ImportTimings> },
): ImportWorker {
  const { store, log, now } = parts;
  const timings = { ...importTimings, ...parts.timings };
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let again = false;

  const run = async () => {
    do {
      again = false;
      const due = await store.due(10);
      for (const { tenantId, importId } of due) {
        if (stopping.signal.aborted) return;
        const claim = randomUUID();
        const job = await store.claim(tenantId, importId, claim, timings.lease);
        if (job === undefined) continue;
        if ('unreadable' in job) {
          log.error({ err: job.unreadable, tenantId, importId }, 'an import cannot be read, and has failed');
          continue;
        }
        await work(job, claim);
        // What it ended with may want more: a preview made anew, invitations.
        again = true;
      }
    } while (again && !stopping.signal.aborted);
  };
  const wake = () => {
    again = true;
    if (stopping.signal.aborted || running !== undefined) return;
    running = run()
      .catch((err: unknown) => log.warn({ err }, 'imports could not be looked for'))
      .finally(() => {
        running = undefined;
      });
  };

  const work = async (job: Job, claim: string) => {
    const { tenantId, importId, state } = job;
    let lost = false;
    let progress: { done: number; of: number } | undefined;
    const beat = setInterval(
      () => {
        store.renew(job, claim, timings.lease, progress).catch((err: unknown) => {
          if (err instanceof ClaimLost) lost = true;
          else log.warn({ err, tenantId, importId }, 'a sign of life of an import was not written');
        });
      },
      Math.min(timings.lease / 10, SEEN_EVERY),
    );
    const began = performance.now();
    try {
      await workAt(parts, {
        job,
        claim,
        checkpoint: () => {
          if (lost) throw new ClaimLost();
          if (stopping.signal.aborted) throw new Stopping();
        },
        progress: (done, of) => {
          progress = { done, of: of ?? progress?.of ?? job.of };
        },
      });
      const seconds = (performance.now() - began) / 1_000;
      log.info({ tenantId, importId, state, seconds }, 'a step of an import is done');
    } catch (error) {
      clearInterval(beat);
      await settle(job, claim, error).catch((err: unknown) => {
        if (!(err instanceof ClaimLost))
          log.warn({ err, tenantId, importId }, 'an import waits for its next try');
      });
    } finally {
      clearInterval(beat);
    }
  };

  /** What becomes of an import whose work did not come to its end. */
  const settle = async (job: Job, claim: string, error: unknown): Promise<void> => {
    const { tenantId, importId, state } = job;
    const write = (update: ImportUpdate) =>
      store.whileClaimed(job, claim, async () => ({ result: undefined, update, release: true }));
    if (error instanceof ClaimLost) return;
    if (error instanceof Stopping) return write({});
    if (error instanceof ImportFailed) return write({ state: 'failed', failure: error.failure });
    if (error instanceof Stale) {
      log.info({ tenantId, importId, err: error }, 'what an import would change has changed: compared anew');
      return write({ state: 'reading', failure: 'stale', done: 0 });
    }
    // The database is away: the claim ends, and somebody tries again.
    if (error instanceof OffhookError && error.code === 'unavailable') throw error;
    log.error({ err: error, tenantId, importId, state }, 'an import failed');
    if (state === 'undoing') return write({ state: 'applied', failure: 'internal' });
    if (state === 'applied') return write({ inviting: false, failure: 'internal' });
    return write({ state: 'failed', failure: 'internal' });
  };

  const removeOld = async () => {
    for (const old of await store.stale(now() - timings.keep)) {
      await (old.remove
        ? store.remove(old.tenantId, old.importId)
        : store.forget(old.tenantId, old.importId));
    }
  };
  const looking = setInterval(wake, timings.lookEvery);
  const removing = setInterval(() => {
    removeOld().catch((err: unknown) => log.warn({ err }, 'old imports were not removed'));
  }, timings.removeEvery);
  wake();
  return {
    wake,
    close: async () => {
      stopping.abort();
      clearInterval(looking);
      clearInterval(removing);
      await running;
    },
  };
}
