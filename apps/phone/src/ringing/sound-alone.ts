const LOCK = 'offhook.ring-tone';

/**
 * Several windows of one browser ring for the same call: one of them sounds, lest they sound out of step. Where that
 * one is closed, the next takes over.
 */
export function soundAlone(play: () => () => void): () => void {
  const manager = navigator.locks as LockManager | undefined;
  if (manager === undefined) return play();
  const over = new AbortController();
  manager
    .request(LOCK, { signal: over.signal }, async () => {
      const stop = play();
      await new Promise((resolve) => over.signal.addEventListener('abort', resolve, { once: true }));
      stop();
    })
    .catch(() => {
      // It stopped ringing before this window's turn came.
    });
  return () => over.abort();
}
