import type { VirtualClock } from '@offhook/testkit';
import type { Clock } from '../clock.ts';

/** The wall clock of virtual time zero. */
export const EPOCH = 1_700_000_000_000;

/** The connector's clock on the test kit's virtual time. */
export const clockOn = (clock: VirtualClock): Clock => ({
  now: () => ({ at: clock.now, instant: EPOCH + Math.floor(clock.now) }),
  after(delay, callback) {
    const timer = clock.after(delay, callback);
    return () => {
      timer.cancel();
    };
  },
});

/** Lets everything run that promises have ready: media engines answer with promises. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets virtual time pass in small steps, with promises settled between them. */
export async function pass(clock: VirtualClock, duration: number, stepBy = 5): Promise<void> {
  const until = clock.now + duration;
  await settle();
  while (clock.now < until) {
    clock.advance(Math.min(stepBy, until - clock.now));
    await settle();
  }
}
