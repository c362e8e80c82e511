import type { Attention } from '@offhook/phone-core';

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

export const browserAttention: Attention = {
  onSign(listener) {
    const listeners = new AbortController();
    const { signal } = listeners;
    for (const sign of signs) {
      window.addEventListener(sign, listener, { signal, capture: true, passive: true });
    }
    window.addEventListener('focus', listener, { signal });
    return () => listeners.abort();
  },
};
