import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

/** Rows drawn above and below what is seen: for fast scrolling, and so that the Tab key finds the next one. */
const BESIDE = 4;

export interface Slice {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/**
 * Which rows of a long list are near the window, where each has a known height: the others are not drawn, and the page is as high as if they were.
 * @param tops the top of each row in pixels, and at the end the height of all
 */
export function useWindow(tops: readonly number[]): {
  readonly ref: RefObject<HTMLUListElement | null>;
  readonly slice: Slice;
} {
  const ref = useRef<HTMLUListElement>(null);
  const [slice, setSlice] = useState<Slice>({ from: 0, to: 40 });
  const measure = useCallback(() => {
    const { current } = ref;
    if (current === null) return;
    const top = -current.getBoundingClientRect().top;
    const next = sliceOf(tops, top, top + window.innerHeight);
    setSlice((before) => (before.from === next.from && before.to === next.to ? before : next));
  }, [tops]);
  useEffect(() => {
    measure();
    let asked = 0;
    const soon = (): void => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(measure);
    };
    window.addEventListener('scroll', soon, { passive: true });
    window.addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(asked);
      window.removeEventListener('scroll', soon);
      window.removeEventListener('resize', soon);
    };
  }, [measure]);
  return { ref, slice };
}

export function sliceOf(tops: readonly number[], top: number, bottom: number): Slice {
  const rows = Math.max(0, tops.length - 1);
  const first = rowAt(tops, top);
  return { from: Math.max(0, first - BESIDE), to: Math.min(rows, rowAt(tops, bottom) + 1 + BESIDE) };
}

/** The last row that begins at or above this line. */
function rowAt(tops: readonly number[], line: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}
