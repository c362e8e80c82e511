import { describe, expect, it } from 'vitest';
import { chosenSeeds, SeededRandom } from './random.ts';

function draw(seed: number): number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: 5 }, () => random.uint32());
}

describe('SeededRandom', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(0).some((word) => word !== 0)).toBe(true);
  });

  it('spreads evenly over a range, ends included', () => {
    const random = new SeededRandom(1);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let index = 0; index < 60_000; index += 1) {
      const drawn = random.integer(0, 5);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('a fork does not disturb the generator that it came from', () => {
    const [one, two] = [new SeededRandom(3), new SeededRandom(3)];
    const fork = one.fork();
    two.fork();
    for (let index = 0; index < 10; index += 1) fork.uint32();
    expect(one.uint32()).toBe(two.uint32());
  });
});

describe('chosenSeeds', () => {
  it('takes those of the test, or one or a range from the environment', () => {
    expect(chosenSeeds([1, 2], {})).toEqual([1, 2]);
    expect(chosenSeeds([1, 2], { OFFHOOK_SEED: '9' })).toEqual([9]);
    expect(chosenSeeds([1, 2], { OFFHOOK_SEED: '9-11' })).toEqual([9, 10, 11]);
    expect(chosenSeeds([1, 2], { OFFHOOK_SEED: 'nonsense' })).toEqual([1, 2]);
  });
});
