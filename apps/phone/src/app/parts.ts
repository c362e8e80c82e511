import { loadNumberFormat } from '../words/number-format.ts';
import { part } from './use-part.ts';

/**
 * What the phone loads after it is ready to dial. What a call may need is fetched in the first idle moment, so that a press finds it here
 * and a running call does not depend on a build that has been replaced meanwhile.
 */
export const parts = {
  menu: part(async () => (await import('./menu-part.ts')).Menu),
  quality: part(async () => (await import('../quality/QualityPopover.tsx')).QualityPopover),
  account: part(async () => (await import('../shell/AccountPopover.tsx')).AccountPopover),
};

/** Long enough for the first paint, short enough for the first call. */
const AT_THE_LATEST_MS = 2_000;

function loadAll(): void {
  // Whoever presses before it is here asks again, and is told.
  for (const each of [loadNumberFormat, ...Object.values(parts).map(({ load }) => load)])
    each().catch(() => undefined);
}

export function loadPartsWhenIdle(): void {
  // Safari has no idle callbacks.
  if ('requestIdleCallback' in window) requestIdleCallback(loadAll, { timeout: AT_THE_LATEST_MS });
  else setTimeout(loadAll, AT_THE_LATEST_MS / 2);
}
