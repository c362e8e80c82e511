import { expect, test } from 'vitest';
import { pagesOf } from './pages.ts';

test('no page is larger than its bound, and no item is lost or moved', () => {
  const items = Array.from({ length: 200 }, (_, index) => 'ü'.repeat(index % 40));
  const pages = pagesOf(items, 500);
  expect(pages.flat()).toEqual(items);
  expect(pages.length).toBeGreaterThan(10);
  for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(502);
});

test('an item larger than a page has one of its own; nothing at all is one empty page', () => {
  expect(pagesOf(['a', 'x'.repeat(100), 'b'], 10)).toEqual([['a'], ['x'.repeat(100)], ['b']]);
  expect(pagesOf([])).toEqual([[]]);
});
