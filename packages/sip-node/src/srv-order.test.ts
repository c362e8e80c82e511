import { describe, expect, it } from 'vitest';
import { SeededRandom } from '@offhook/testkit';
import { orderSrv } from './srv-order.ts';

const record = (name: string, priority: number, weight: number) => ({ name, priority, weight, port: 5060 });

describe('the order of SRV records', () => {
  it('[RFC2782] the lowest priority comes first, whatever the weights', () => {
    const records = [record('c', 30, 100), record('a', 10, 0), record('b', 20, 65_535)];
    expect(orderSrv(records, () => 0.99).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('[RFC2782] within a priority each comes first as often as its weight says', () => {
    const random = new SeededRandom(1);
    const records = [record('a', 1, 10), record('b', 1, 30), record('c', 1, 60), record('z', 1, 0)];
    const first: Record<string, number> = { a: 0, b: 0, c: 0, z: 0 };
    for (let round = 0; round < 10_000; round += 1) {
      const [winner] = orderSrv(records, () => random.fraction());
      if (winner !== undefined) first[winner.name] = (first[winner.name] ?? 0) + 1;
    }
    expect(first['a']).toBeGreaterThan(850);
    expect(first['a']).toBeLessThan(1_150);
    expect(first['b']).toBeGreaterThan(2_800);
    expect(first['b']).toBeLessThan(3_200);
    expect(first['z']).toBeGreaterThan(0);
    expect(first['z']).toBeLessThan(200);
  });

  it('keeps every record once', () => {
    const random = new SeededRandom(2);
    const records = Array.from({ length: 20 }, (_, at) => record(`n${at}`, at % 3, at % 5));
    const ordered = orderSrv(records, () => random.fraction());
    expect(ordered.map(({ name }) => name).toSorted()).toEqual(records.map(({ name }) => name).toSorted());
  });
});
