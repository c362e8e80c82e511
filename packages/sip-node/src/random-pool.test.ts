import { expect, test } from 'vitest';
import { pooledRandom } from './random-pool.ts';

test('[RFC3261-19.3] every octet of the source is given out once, in order, whatever the lengths', () => {
  let next = 0;
  let fetched = 0;
  const random = pooledRandom((length) => {
    fetched += 1;
    return Uint8Array.from({ length }, () => next++ & 0xff);
  });
  const lengths = [8, 12, 16, 4, 255, 1, 256];
  const taken = lengths.map((length) => random(length));
  expect(taken.map(({ length }) => length)).toEqual(lengths);
  expect(taken.flatMap((bytes) => [...bytes])).toEqual(
    Array.from({ length: 552 }, (_, index) => index & 0xff),
  );
  expect(fetched).toBe(1);
  for (let round = 0; round < 20; round += 1) random(256);
  expect(fetched).toBe(2);
  expect(random(1_000)).toHaveLength(1_000);
  expect(fetched).toBe(3);
});

test('the default source is the system', () => {
  const random = pooledRandom();
  expect(random(16)).not.toEqual(random(16));
});
