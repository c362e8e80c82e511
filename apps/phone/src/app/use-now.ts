import { useSyncExternalStore } from 'react';

const LOOK_EVERY_MS = 250;

/** This device's clock in whole seconds, in milliseconds since the epoch; followed while `running`. */
export function useNow(running = true): number {
  return useSyncExternalStore(running ? followClock : stayStill, wholeSeconds);
}

function followClock(changed: () => void): () => void {
  const timer = window.setInterval(changed, LOOK_EVERY_MS);
  return () => window.clearInterval(timer);
}

function stayStill(): () => void {
  return () => {};
}

function wholeSeconds(): number {
  return Math.floor(Date.now() / 1_000) * 1_000;
}
