import { expect, test } from 'vitest';
import { createBucket } from './rate.ts';

function bucketAt(rate: { perSecond: number; burst: number }) {
  const clock = { now: 1_000 };
  const bucket = createBucket(rate, () => clock.now);
  return { clock, bucket, take: (times: number) => Array.from({ length: times }, () => bucket.take()) };
}

test('a burst is within the rate, what follows at once is over it, and a flood is told apart', () => {
  const { take } = bucketAt({ perSecond: 1, burst: 3 });
  expect(take(3)).toEqual(['within', 'within', 'within']);
  expect(take(3)).toEqual(['over', 'over', 'over']);
  expect(take(2)).toEqual(['flood', 'flood']);
});

test('tokens come back with time, never more than the burst, and a debt is paid first', () => {
  const { clock, bucket, take } = bucketAt({ perSecond: 10, burst: 3 });
  take(4);
  expect(bucket.wait()).toBeCloseTo(200);
  clock.now += 199;
  expect(bucket.take()).toBe('over');
  clock.now += 3_600_000;
  expect(take(4)).toEqual(['within', 'within', 'within', 'over']);
});

test('whoever waits as long as it is told to keeps the rate in the long run', () => {
  const { clock, bucket, take } = bucketAt({ perSecond: 10, burst: 3 });
  let frames = 0;
  for (let chunk = 0; chunk < 20; chunk += 1) {
    frames += take(50).length;
    clock.now += bucket.wait();
  }
  expect(bucket.wait()).toBeCloseTo(0);
  expect(frames / ((clock.now - 1_000) / 1000)).toBeCloseTo(10, 1);
});
