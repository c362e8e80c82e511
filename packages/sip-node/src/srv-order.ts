import type { SrvRecord } from 'node:dns';

/**
 * The order of RFC 2782: lowest priority first; within one priority drawn by weight, those of weight 0 with a small chance.
 *
 * @param fraction gives numbers in [0, 1)
 */
export function orderSrv(records: readonly SrvRecord[], fraction: () => number): SrvRecord[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawByWeight(
      records.filter((record) => record.priority === priority),
      fraction,
    ),
  );
}

function drawByWeight(records: readonly SrvRecord[], fraction: () => number): SrvRecord[] {
  // Weight 0 goes first, so that it is drawn only by the number 0.
  const left = records.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const drawn: SrvRecord[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const number = Math.floor(fraction() * (total + 1));
    let sum = 0;
    const at = left.findIndex(({ weight }) => (sum += weight) >= number);
    drawn.push(...left.splice(Math.max(0, at), 1));
  }
  return drawn;
}
