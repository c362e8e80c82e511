/** Reloads into the newest build there is: a page that is merely reloaded would get the old one from its service worker. */
export async function reloadPhone(): Promise<void> {
  try {
    await activateNewest();
  } finally {
    window.location.reload();
  }
}

async function activateNewest(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration === undefined) return;
  await registration.update();
  const { installing } = registration;
  if (installing !== null) await reaches(installing, 'installed');
  const { waiting } = registration;
  if (waiting === null) return;
  const active = reaches(waiting, 'activated');
  waiting.postMessage({ type: 'SKIP_WAITING' });
  await active;
}

/** Also settles where the worker fails and becomes redundant. */
function reaches(worker: ServiceWorker, state: ServiceWorkerState): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state === state || worker.state === 'redundant') resolve();
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
