import { describe, expect, it } from 'vitest';
import { DrainWatch } from './drain-watch.ts';

describe('what waits for a peer', () => {
  it('needs no look where nothing waits', () => {
    const watch = new DrainWatch(30_000);
    expect(watch.sent(1_000, 0, 0)).toBeUndefined();
    expect(watch.check(0, 1)).toBeUndefined();
  });

  it('has stalled when some of it is there after its time', () => {
    const watch = new DrainWatch(30_000);
    expect(watch.sent(1_000, 1_000, 0)).toBe(30_000);
    expect(watch.sent(500, 1_500, 10_000)).toBeUndefined();
    expect(watch.check(1_500, 20_000)).toBe(30_000);
    // 999 of the first 1,000 have left.
    expect(watch.check(501, 30_000)).toBe('stalled');
  });

  it('has not where other octets wait meanwhile', () => {
    const watch = new DrainWatch(30_000);
    watch.sent(1_000, 1_000, 0);
    watch.sent(500, 1_500, 10_000);
    expect(watch.check(500, 30_000)).toBe(60_000);
    expect(watch.check(1, 60_000)).toBe('stalled');
  });

  it('is watched anew after all of it has left', () => {
    const watch = new DrainWatch(30_000);
    watch.sent(1_000, 1_000, 0);
    expect(watch.check(0, 30_000)).toBeUndefined();
    expect(watch.sent(10, 10, 100_000)).toBe(130_000);
  });
});
