import type { LinkLimit } from '@offhook/csta';
import { linkLimits } from '@offhook/csta';

/** Bounds of the sockets; those of what goes over them are `linkLimits` of `@offhook/csta`. */
export const socketLimits = [
  /** A connection was not taken: there are too many. */
  'links',
  /** A link was closed: too many octets waited for a peer that does not read. */
  'link_queue',
  /** A link that was dialled did not open in time, or a client did not finish its TLS handshake. */
  'link_time',
] as const;

export type SocketLimit = (typeof socketLimits)[number];
export type CstaLimit = SocketLimit | LinkLimit;

/** How often each bound was met since the start. */
export class LimitCounts {
  readonly #counts = Object.fromEntries(
    [...socketLimits, ...linkLimits].map((limit) => [limit, 0]),
  ) as Record<CstaLimit, number>;

  count(limit: CstaLimit): void {
    this.#counts[limit] += 1;
  }

  get all(): Readonly<Record<CstaLimit, number>> {
    return { ...this.#counts };
  }
}
