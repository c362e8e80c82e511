import { parseDecimal } from '../message/chars.ts';
import { headerFields } from '../message/headers.ts';
import type { WithHeaders } from '../message/headers.ts';

/** Max-Forwards where a request has none (RFC 3261 section 16.6 step 3). */
export const defaultMaxForwards = 70;
/** Max-Breadth where a request has none (RFC 5393 section 5.3.3). */
export const defaultMaxBreadth = 60;

/** Max-Forwards is at most 255 (RFC 3261 section 20.22). */
const greatestMaxForwards = 255;

export type Onward =
  /** `maxBreadth` has one number for each branch. */
  | { readonly kind: 'go'; readonly maxForwards: number; readonly maxBreadth: readonly number[] }
  /** 483 Too Many Hops, or 440 Max-Breadth Exceeded. */
  | { readonly kind: 'refuse'; readonly status: 483 | 440 };

/**
 * What whoever passes a request on writes into what it sends: a proxy, and a back-to-back user agent just as well, because
 * without it a circle of them never ends (RFC 7332 section 4). Max-Forwards falls by one; the breadth is shared out
 * among the branches that are out at the same time, one at least to each (RFC 5393 section 5.3.3). Branches one after
 * another have all of it each: ask with `branches` 1.
 *
 * A value that cannot be read, or that comes twice, counts as 0: whoever could break the count could make a loop endless.
 * More than the default breadth is cut down to it.
 */
export function onward(request: WithHeaders, branches: number): Onward {
  const maxForwards = countOf(request, 'max-forwards', defaultMaxForwards, greatestMaxForwards);
  if (maxForwards === 0) return { kind: 'refuse', status: 483 };
  const breadth = countOf(request, 'max-breadth', defaultMaxBreadth, defaultMaxBreadth);
  if (breadth === 0 || breadth < branches) return { kind: 'refuse', status: 440 };
  const share = Math.floor(breadth / branches);
  const rest = breadth % branches;
  return {
    kind: 'go',
    maxForwards: maxForwards - 1,
    maxBreadth: Array.from({ length: branches }, (_, at) => (at < rest ? share + 1 : share)),
  };
}

function countOf(request: WithHeaders, name: string, byDefault: number, most: number): number {
  const fields = headerFields(request, name);
  const [value] = fields;
  if (value === undefined) return byDefault;
  if (fields.length > 1) return 0;
  return Math.min(parseDecimal(value, 0xffff_ffff) ?? 0, most);
}
