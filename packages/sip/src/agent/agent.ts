import type {
  EndpointEvent,
  EndpointLimits,
  EndpointTimers,
  Millis,
  OutgoingRequestId,
  RandomBytes,
  ServerRequestId,
  SessionId,
  Target,
} from '../endpoint/api.ts';
import type { EndpointLimit } from '../endpoint/limits.ts';
import type { TargetHealth } from '../endpoint/target-health.ts';
import type { ResponseOptions } from '../message/build.ts';
import type { SipRequest, SipResponse } from '../message/types.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { TransactionLayer } from '../transaction/layer.ts';
import type { TimerQueue } from '../timing/timer-queue.ts';
import type { Identifiers } from './identifiers.ts';
import type { LocalAddresses } from './local.ts';

/** What sessions, registrations and single requests find around them: the user agent core of RFC 3261 section 8. */
export interface Agent {
  readonly timers: TimerQueue;
  readonly timing: EndpointTimers;
  readonly limits: Required<EndpointLimits>;
  readonly identifiers: Identifiers;
  readonly random: RandomBytes;
  readonly local: LocalAddresses;
  readonly transactions: TransactionLayer;
  readonly health: TargetHealth;
  readonly product: string;

  emit(event: EndpointEvent): void;
  /** A bound was met because of a peer. */
  limited(limit: EndpointLimit): void;
  /** Finds where requests for a URI go; no targets where nobody knows. May call back at once. */
  locate(uri: string, found: (targets: readonly Target[], now: Millis) => void, now: Millis): void;
  /** Sends a request that makes no transaction: the ACK to a 2xx. */
  transmit(target: Target, request: SipRequest): void;
  /** A response with Server and the headers of section 8.2.6. */
  response(
    request: SipRequest,
    status: number,
    options?: ResponseOptions & { readonly reason?: string },
  ): SipResponse;
  /** Hands a request to the application, which answers with `respond`; the session is the one that it belongs to. */
  offerRequest(
    transaction: ServerTransaction,
    session: SessionId | undefined,
    event: (requestId: ServerRequestId) => EndpointEvent,
  ): void;
  newOutgoingRequestId(): OutgoingRequestId;
}
