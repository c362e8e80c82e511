import { expect, test } from 'vitest';
import { createAttempts } from './attempts.ts';

function attempts(options: { limit?: number; keys?: number } = {}) {
  const clock = { now: 0 };
  const made = createAttempts({ limit: 3, windowMs: 1_000, keys: 100, now: () => clock.now, ...options });
  return { clock, ...made };
}

test('the limit is let through, then the rest of the window must be waited for', () => {
  const { clock, take } = attempts();
  expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 0]);
  clock.now = 400;
  expect(take('a')).toBe(600);
  expect(take('b')).toBe(0);
  clock.now = 1_000;
  expect(take('a')).toBe(0);
});

test('waiting attempts do not lengthen the wait', () => {
  const { clock, take } = attempts({ limit: 1 });
  take('a');
  for (clock.now = 0; clock.now < 1_000; clock.now += 100) expect(take('a')).toBe(1_000 - clock.now);
  expect(take('a')).toBe(0);
});

test('one that is given back does not count', () => {
  const { take, giveBack } = attempts({ limit: 1 });
  take('a');
  giveBack('a');
  expect(take('a')).toBe(0);
  expect(take('a')).toBeGreaterThan(0);
});

test('memory is bounded: the key that was touched least recently is forgotten', () => {
  const { take } = attempts({ limit: 1, keys: 2 });
  take('a');
  take('b');
  take('a');
  take('c');
  expect(take('a')).toBeGreaterThan(0);
  expect(take('b')).toBe(0);
});
