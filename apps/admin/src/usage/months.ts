import type { Money, UsageLine } from '@offhook/contract';

/** This month and those before it, newest first, as `2026-11`. */
export function recentMonths(now: number, count: number): readonly string[] {
  const today = new Date(now);
  return Array.from({ length: count }, (_, back) => {
    const month = new Date(today.getFullYear(), today.getMonth() - back, 1);
    return `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`;
  });
}

/** What different currencies come to cannot be added: one sum for each. */
export function totalsOf(lines: readonly UsageLine[]): readonly Money[] {
  const sums = new Map<string, number>();
  for (const { price, amount } of lines) {
    sums.set(price.currency, (sums.get(price.currency) ?? 0) + amount);
  }
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}
