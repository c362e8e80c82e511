import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gatherTouches } from './touches.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TIMINGS = { gather: 250, every: 1_000 };

function world() {
  const told: string[] = [];
  const begun = Date.now();
  const touches = gatherTouches(TIMINGS, (thing) => told.push(`${thing} ${Date.now() - begun}`));
  return { told, touches };
}

test('many touches of one thing are told once, and again no sooner than a second later', () => {
  const { told, touches } = world();
  for (let at = 0; at < 3_000; at += 10) {
    touches.touch('calls');
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['calls 250', 'calls 1250', 'calls 2250', 'calls 3250']);
});

test('one thing does not hold back another', () => {
  const { told, touches } = world();
  touches.touch('a');
  vi.advanceTimersByTime(300);
  touches.touch('a');
  touches.touch('b');
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual(['a 250', 'b 550', 'a 1250']);
});

test('after the end nothing is told', () => {
  const { told, touches } = world();
  touches.touch('a');
  touches.close();
  vi.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
