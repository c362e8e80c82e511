import type { CDPSession, Page } from 'playwright-core';
import type { Window } from '../src/person.ts';
import { SOON } from '../src/until.ts';

/** Milliseconds from the navigation to the search field with a connected line, noted in the page at each frame. */
export async function readyMs(page: Page): Promise<number> {
  await page.goto('about:blank');
  await page.goto(READY_URL.get(page) ?? '');
  const handle = await page.waitForFunction(
    () => {
      const online = [...document.querySelectorAll('header span')].some((one) =>
        one.textContent.startsWith('Online'),
      );
      return online && document.querySelector('#search-field') !== null ? performance.now() : undefined;
    },
    undefined,
    { polling: 'raf', timeout: SOON },
  );
  return Number(await handle.jsonValue());
}

const READY_URL = new WeakMap<Page, string>();
export function measuredAt(page: Page, url: string): Page {
  READY_URL.set(page, url);
  return page;
}

/** Milliseconds from a text, typed at one stroke, to the first frame that shows a person found by it. */
export async function searchMs({ page }: Window, text: string): Promise<number> {
  const field = page.locator('#search-field');
  await field.fill('');
  await page.getByRole('option').first().waitFor({ state: 'hidden' });
  await field.focus();
  await page.evaluate((wanted) => {
    const scope = globalThis as unknown as { offhookFound: Promise<number> };
    scope.offhookFound = new Promise((resolve, reject) => {
      let typedAt = 0;
      document.addEventListener('input', (event) => (typedAt = event.timeStamp), {
        capture: true,
        once: true,
      });
      const end = performance.now() + 10_000;
      const look = (): void => {
        const found = [...document.querySelectorAll('[role=option]')].some(
          (one) => one.checkVisibility() && one.textContent.toLowerCase().includes(wanted),
        );
        if (typedAt > 0 && found) resolve(performance.now() - typedAt);
        else if (performance.now() > end) reject(new Error(`Nobody was found by "${wanted}".`));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }, text.toLowerCase());
  await page.keyboard.insertText(text);
  return await page.evaluate(() => (globalThis as unknown as { offhookFound: Promise<number> }).offhookFound);
}

/**
 * Each interaction's time to the next paint (Event Timing, `interactionId`), of what `act` does. The browser tells those of 16 ms and more, in steps of 8;
 * the faster ones count as 16.
 */
export async function interactionsMs({ page }: Window, act: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(() => {
    const longest = new Map<number, number>();
    const scope = globalThis as unknown as { offhookInteractions: () => readonly number[] };
    const before = performance.interactionCount;
    const note = (entries: PerformanceEntryList): void => {
      for (const entry of entries as PerformanceEventTiming[]) {
        const { interactionId: id, duration } = entry;
        if (id > 0) longest.set(id, Math.max(longest.get(id) ?? 0, duration));
      }
    };
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    scope.offhookInteractions = () => {
      note(observer.takeRecords());
      observer.disconnect();
      const quick = Math.max(0, performance.interactionCount - before - longest.size);
      return [...longest.values(), ...Array.from({ length: quick }, () => 16)];
    };
  });
  await act();
  // Two frames: the last interaction has been painted and told.
  return await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    return (globalThis as unknown as { offhookInteractions: () => readonly number[] }).offhookInteractions();
  });
}

/** Bytes of JavaScript objects that are reachable. */
export async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

/** Share of one processor that the page's main thread was busy, in per mille, over so many milliseconds. */
export async function busyPerMille(page: Page, milliseconds: number): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const before = await busy();
  await page.waitForTimeout(milliseconds);
  const after = await busy();
  await session.detach();
  return ((after - before) * 1e6) / milliseconds;
}
