import { Limits } from '@offhook/contract';

/** Bytes of items in one page: they fit in a frame with room to spare for the envelope. */
export const PAGE_BYTES = Limits.frameBytes / 2;

/** The items in their order, cut where their JSON would grow beyond `bytes`. No items: one empty page. */
export function pagesOf<T>(items: readonly T[], bytes = PAGE_BYTES): T[][] {
  let page: T[] = [];
  const pages = [page];
  let size = 0;
  for (const item of items) {
    const itemBytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (page.length > 0 && size + itemBytes > bytes) {
      page = [];
      pages.push(page);
      size = 0;
    }
    page.push(item);
    size += itemBytes;
  }
  return pages;
}
