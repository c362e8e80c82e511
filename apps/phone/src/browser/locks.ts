import type { Locks } from '@offhook/phone-core';

export const browserLocks: Locks = {
  hold(name, waitMs) {
    // Absent on pages without HTTPS: there a duplicated tab cannot be told from a reloaded one.
    const manager = navigator.locks as LockManager | undefined;
    if (manager === undefined) return Promise.resolve(true);
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), waitMs);
    return new Promise((resolve) => {
      manager
        .request(name, { signal: patience.signal }, () => {
          window.clearTimeout(timer);
          resolve(true);
          return untilThePageEnds;
        })
        .catch(() => resolve(false));
    });
  },
};

const untilThePageEnds = new Promise<never>(() => {});
