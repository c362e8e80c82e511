/** Where values come to lie in a chart, without anything that draws. */

/** Round steps from 0 up to at least `most`: at most five lines. */
export function ticksUpTo(most: number): readonly number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((one) => one >= rough) ?? rough,
  );
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** At most `wanted` of so many labels, the last one always, evenly apart. */
export function labelledIndexes(count: number, wanted: number): readonly number[] {
  if (count === 0) return [];
  const step = Math.max(1, Math.ceil(count / Math.max(1, wanted)));
  const indexes: number[] = [];
  for (let index = count - 1; index >= 0; index -= step) indexes.unshift(index);
  return indexes;
}
