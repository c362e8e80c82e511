export interface EndpointLimits {
  readonly transactions: number;
  readonly sessions: number;
  readonly registrations: number;
  /** Forks (dialogs) that one INVITE of ours may create. */
  readonly forksPerInvite: number;
  readonly streams: number;
  /** Subscriptions of others, and REFERs of others that we report about, together. */
  readonly notifiers: number;
  /** Octets of a request that may go over UDP; a larger one goes over TCP where we have it (RFC 3261 section 18.1.1). */
  readonly datagramBytes?: number;
}

/** Room for some thousand calls; an INVITE and its BYE keep about four transactions for half a minute. */
export const defaultLimits: Required<EndpointLimits> = {
  transactions: 100_000,
  sessions: 10_000,
  registrations: 20_000,
  forksPerInvite: 16,
  streams: 10_000,
  notifiers: 20_000,
  datagramBytes: 1_300,
};

/**
 * What a peer can make grow in an endpoint, or make last, is bounded; each bound has a name here, and is counted each time
 * that something is refused, passed over, ended or forgotten because of it.
 */
export const endpointLimits = [
  /** A request was answered 503 without a transaction: there are too many. */
  'transactions',
  /** A new request of a source that floods was answered 503. */
  'overload',
  /** An INVITE was answered 503: there are too many sessions. */
  'sessions',
  /** A provisional response, or a 2xx after the first, of one fork too many was passed over. */
  'forks',
  /** A reliable provisional response was passed over until it comes again: too many PRACKs of its fork have no answer. */
  'pracks',
  /** A SUBSCRIBE or REFER was answered 503: there are too many subscriptions. */
  'notifiers',
  /** A message had too many octets or headers: refused 513 or 400, and on a stream the end of it. */
  'message_size',
  /** A message on a stream did not come to its end in time. */
  'message_time',
  /** A stream was closed: there are too many with something half read. */
  'streams',
  /** A target that has failed was forgotten because of too many others. */
  'failed_targets',
] as const;

export type EndpointLimit = (typeof endpointLimits)[number];

/** How often each bound was met since the start. */
export class LimitCounts {
  readonly #counts = Object.fromEntries(endpointLimits.map((limit) => [limit, 0])) as Record<
    EndpointLimit,
    number
  >;

  count(limit: EndpointLimit): void {
    this.#counts[limit] += 1;
  }

  get all(): Readonly<Record<EndpointLimit, number>> {
    return { ...this.#counts };
  }
}
