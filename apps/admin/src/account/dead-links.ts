import type { ErrorCode } from '@offhook/contract';

/** Refusals after which trying again is of no use. */
export const deadLinks: ReadonlySet<ErrorCode> = new Set([
  'link_expired',
  'link_used',
  'not_found',
  'bad_request',
]);
