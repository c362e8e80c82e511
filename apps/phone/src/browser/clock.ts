import type { Clock } from '@offhook/phone-core';
import TimerWorker from './timer-worker.ts?worker';

/**
 * Timers that keep time in a hidden window: browsers let a hidden page's own timers run once a minute, which would
 * break the heartbeat and make the phone miss calls. A worker's timers are not slowed down.
 */
export function createBrowserClock(): Clock {
  const waiting = new Map<number, () => void>();
  let lastId = 0;
  let worker: Worker;
  try {
    worker = new TimerWorker();
  } catch {
    return pageClock;
  }
  worker.addEventListener('message', (event: MessageEvent<number>) => {
    const run = waiting.get(event.data);
    waiting.delete(event.data);
    run?.();
  });
  return {
    now: () => Date.now(),
    after(ms, run) {
      lastId += 1;
      const id = lastId;
      waiting.set(id, run);
      worker.postMessage({ id, ms });
      return () => {
        if (waiting.delete(id)) worker.postMessage({ id, ms: undefined });
      };
    },
  };
}

const pageClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = window.setTimeout(run, ms);
    return () => window.clearTimeout(timer);
  },
};
