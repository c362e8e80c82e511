let waiting: ServiceWorker | undefined;

/** A new build that is installed and waits to be used. */
export function setWaitingWorker(worker: ServiceWorker | undefined): void {
  waiting = worker;
}

/** Reloads into the newest build that is here. */
export async function reloadPhone(): Promise<void> {
  const worker = waiting;
  if (worker !== undefined) {
    const taken = new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
    worker.postMessage({ type: 'SKIP_WAITING' });
    await taken;
  }
  window.location.reload();
}
