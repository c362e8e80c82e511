import type { TabStorage } from '@offhook/phone-core';

/** Private windows and policies may forbid storage: then a reload makes a new window, and nothing worse. */
export const browserTabStorage: TabStorage = {
  read(key) {
    try {
      return window.sessionStorage.getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(key, value) {
    try {
      window.sessionStorage.setItem(key, value);
    } catch {
      // Nothing to keep it in.
    }
  },
};
