import { SeededRandom } from '@offhook/testkit';
import { describe, expect, test } from 'vitest';
import { amountOf, userMonths } from './user-months.ts';

describe('examples that invoices have to keep to', () => {
  test.each([
    // One seat all of a month is one user-month, whatever the month.
    { userDays: 28, daysInMonth: 28, price: 990, months: 1, amount: 990 },
    { userDays: 31, daysInMonth: 31, price: 990, months: 1, amount: 990 },
    { userDays: 0, daysInMonth: 30, price: 990, months: 0, amount: 0 },
    { userDays: 1, daysInMonth: 30, price: 990, months: 0.0333, amount: 33 },
    // 0.16666… is rounded up.
    { userDays: 5, daysInMonth: 30, price: 600, months: 0.1667, amount: 100 },
    // Exactly half goes up: 0.5 × 1 = 0.5 → 1, and 1.5 × 999 = 1498.5 → 1499.
    { userDays: 15, daysInMonth: 30, price: 1, months: 0.5, amount: 1 },
    { userDays: 45, daysInMonth: 30, price: 999, months: 1.5, amount: 1499 },
    { userDays: 14, daysInMonth: 28, price: 0, months: 0.5, amount: 0 },
    // The largest subscription there is, beyond what a double can count.
    { userDays: 3_100_000, daysInMonth: 31, price: 10_000_000, months: 100_000, amount: 1_000_000_000_000 },
  ])('$userDays days of $daysInMonth at $price', ({ months, amount, ...counted }) => {
    expect(userMonths(counted)).toBe(months);
    expect(amountOf(counted)).toBe(amount);
  });
});

test('whatever was counted: four decimals, never off by more than half of the last one, and the amount is theirs', () => {
  const seed = 20_261_124;
  const random = new SeededRandom(seed);
  const below = (limit: number) => random.uint32() % limit;
  for (let round = 0; round < 5_000; round += 1) {
    const counted = { userDays: below(100_000), daysInMonth: 28 + below(4), price: below(100_000) };
    const months = userMonths(counted);
    const tenThousandths = Math.round(months * 10_000);
    expect(months).toBe(tenThousandths / 10_000);
    // 2 × |t × days − userDays × 10,000| ≤ days, half up: the upper neighbour at exactly half.
    const error = 2 * (tenThousandths * counted.daysInMonth - counted.userDays * 10_000);
    expect(error).toBeGreaterThan(-counted.daysInMonth);
    expect(error).toBeLessThanOrEqual(counted.daysInMonth);
    const amount = amountOf(counted);
    const off = 2 * (amount * 10_000 - tenThousandths * counted.price);
    expect(off).toBeGreaterThan(-10_000);
    expect(off).toBeLessThanOrEqual(10_000);
  }
});
