import type { SipRequest, SipResponse } from '../message/types.ts';
import type { EndpointLimit, EndpointLimits } from './limits.ts';
import type { SubscriptionCommands, SubscriptionCounts, SubscriptionEvent } from './subscription-api.ts';
import type {
  Body,
  Credentials,
  ExtraHeaders,
  Flow,
  Millis,
  OutgoingRequestId,
  RandomBytes,
  RegistrationId,
  RequestFailure,
  ServerRequestId,
  SessionId,
  Target,
  Transport,
} from './vocabulary.ts';

export type { EndpointLimit, EndpointLimits } from './limits.ts';
export type * from './vocabulary.ts';

/**
 * What a SIP endpoint takes and gives: the seam between the protocol core and everything around it.
 *
 * ```
 *            commands (invite, accept, bye, …, now)
 *   application ───────────────────────────────► ┌──────────────┐
 *               ◄─────────────────────────────── │ SipEndpoint  │
 *            poll(): { kind: 'event' }           │ (pure)       │
 *                                                │              │
 *   sockets,   ──► handle(Input, now) ─────────► │              │
 *   clock, DNS ◄── poll(): send, resolve ─────── └──────────────┘
 *              ◄── deadline(): when to tick
 * ```
 *
 * The core has no socket, timer, clock or randomness of its own. Whoever drives it calls `handle` or a
 * command with the time, then drains `poll()` until it gives `undefined`, then arms one timer for
 * `deadline()` and calls `handle({ kind: 'tick' }, now)` when it fires. `sip-node` does so with real sockets,
 * `testkit` with a simulated network.
 */

export type Input =
  /** A whole datagram, or the next octets of a stream. */
  | {
      readonly kind: 'received';
      readonly flow: Flow;
      readonly bytes: Uint8Array;
      /** The source sends more than it may: its new requests outside dialogs are answered 503 with Retry-After. */
      readonly overloaded?: boolean;
    }
  /** Nothing could be sent to the target, or the connection broke with sends outstanding. */
  | { readonly kind: 'transport_error'; readonly target: Target; readonly text: string }
  /**
   * A stream is closed: forget its half-read message. Or a flow of UDP has failed (RFC 5626 section 4.4.2): what its peer
   * sends does not reach us any more.
   */
  | { readonly kind: 'closed'; readonly flow: Flow }
  | { readonly kind: 'resolved'; readonly resolveId: number; readonly targets: readonly Target[] }
  | { readonly kind: 'tick' };

export type Effect =
  | { readonly kind: 'send'; readonly target: Target; readonly bytes: Uint8Array }
  /** Look up where requests for this host go (RFC 3263) and answer with `resolved`. */
  | {
      readonly kind: 'resolve';
      readonly resolveId: number;
      readonly host: string;
      readonly port: number | undefined;
      readonly transport: Transport | undefined;
      /** From a `sips` URI: TLS, or WebSocket over TLS, and nothing else (RFC 3261 section 26.2.2). */
      readonly secure?: true;
    }
  /** The stream's peer broke the protocol beyond repair. */
  | { readonly kind: 'close'; readonly flow: Flow }
  | { readonly kind: 'event'; readonly event: EndpointEvent };

export interface InviteParams {
  /** Request-URI, e.g. `sip:200@pbx.example`. */
  readonly to: string;
  /** Address of record of the caller, e.g. `sip:100@pbx.example`. */
  readonly from: string;
  readonly fromName?: string;
  /** The offer; absent for a delayed offer. */
  readonly offer?: Body;
  /** Where the request goes at first; else the Request-URI is resolved. */
  readonly target?: Target;
  /** For 401/407 of our own registrar or trunk. */
  readonly credentials?: Credentials;
  /** Initial route set (e.g. a Service-Route). */
  readonly route?: readonly string[];
  /** Contact user part; the driver's address is added by the endpoint. */
  readonly contactUser?: string;
  /** Call-ID, where the application wants to choose it (its correlation id); else made from `random`. */
  readonly callId?: string;
  readonly headers?: ExtraHeaders;
  /** Give up with `no_answer` after this time without a final response; the endpoint cancels. Ten minutes where nothing is said. */
  readonly answerTimeout?: Millis;
  /** Whether the called side makes its provisional responses reliable (RFC 3262): it may (default), it must, it must not. */
  readonly reliableProvisionals?: 'supported' | 'required' | 'off';
  /** Ask for session timers (RFC 4028). Where the other side asks, they are kept in any case. */
  readonly sessionTimer?: SessionTimer;
  /** Contacts of a 3xx to try one after the other, the best first (section 8.1.3.4); none where nothing is said. */
  readonly redirects?: number;
  /** The call that this one shall take the place of at the other side (RFC 3891). */
  readonly replaces?: { readonly callId: string; readonly toTag: string; readonly fromTag: string };
  /** For whoever passes a call on (RFC 3261 section 16.6, RFC 5393 section 5): 70 and none where nothing is said. */
  readonly maxForwards?: number;
  readonly maxBreadth?: number;
}

/** RFC 4028; seconds. */
export interface SessionTimer {
  /** Whole seconds, up to 2^32 - 1; less than 90 is taken for 90. */
  readonly expires: number;
  /** Who refreshes; the one who sees fit where nothing is said. */
  readonly refresher?: 'local' | 'remote';
}

/** What the other side's INVITE, or our own, tells about its dialog. */
export interface SessionInfo {
  readonly callId: string;
  readonly localUri: string;
  readonly remoteUri: string;
  readonly remoteName?: string;
}

export type EndReason =
  /** We sent BYE or CANCEL, or refused. */
  | { readonly by: 'local' }
  /** BYE, or CANCEL before we answered, with the Reason header (RFC 3326) where there was one. */
  | { readonly by: 'remote'; readonly reason?: string }
  /** An INVITE of ours was answered with a final failure. */
  | { readonly by: 'refused'; readonly response: SipResponse }
  /**
   * No final answer: transaction time-out (timer B/F) or `answerTimeout`; an ACK or PRACK that never came; or nobody has
   * refreshed the session (RFC 4028).
   */
  | {
      readonly by: 'timeout';
      readonly which: 'transaction' | 'no_answer' | 'no_ack' | 'no_prack' | 'session_expired';
    }
  /** Another call has taken its place (RFC 3891). */
  | { readonly by: 'replaced'; readonly session: SessionId }
  | { readonly by: 'transport'; readonly text: string };

export type EndpointEvent =
  /** A new INVITE. Answer with `ring`, `accept` or `refuse`; 100 Trying goes out by itself where nothing else does in 200 ms. */
  | {
      readonly type: 'session.incoming';
      readonly session: SessionId;
      readonly request: SipRequest;
      readonly info: SessionInfo;
      readonly flow: Flow;
      /** Absent for a delayed offer: then `accept` carries our offer and the answer comes with `session.confirmed`. */
      readonly offer?: Body;
      /** The call that this one takes the place of when it is accepted (RFC 3891); the endpoint ends it then. */
      readonly replaces?: SessionId;
    }
  /**
   * A provisional response to our INVITE (101–199). `body` is early media's description, where there is one. Where it came
   * reliably, `body` is the answer, or after a delayed offer the offer: then call `acknowledge` (RFC 3262 section 5).
   */
  | {
      readonly type: 'session.progress';
      readonly session: SessionId;
      readonly response: SipResponse;
      readonly body?: Body;
      readonly reliable: boolean;
      readonly needsAnswer: boolean;
    }
  /**
   * The PRACK of the reliable response that carried our description has come, with the answer where ours was the offer: from
   * now on `reoffer` is possible before the call is answered.
   */
  | { readonly type: 'session.early_confirmed'; readonly session: SessionId; readonly body?: Body }
  /** The call goes on to another contact (section 8.1.3.4, `redirects`). */
  | { readonly type: 'session.redirected'; readonly session: SessionId; readonly to: string }
  /**
   * Our INVITE was answered 2xx. `body` is the other side's answer, or its offer after a delayed offer of ours
   * (then call `acknowledge` with our answer; otherwise ACK is already sent).
   */
  | {
      readonly type: 'session.accepted';
      readonly session: SessionId;
      readonly response: SipResponse;
      readonly info: SessionInfo;
      readonly body?: Body;
      readonly needsAnswer: boolean;
    }
  /** The ACK of a call that we accepted has come, with the answer after a delayed offer. */
  | { readonly type: 'session.confirmed'; readonly session: SessionId; readonly body?: Body }
  /** A re-INVITE, UPDATE or PRACK with an offer: `acceptOffer` or `refuseOffer`. Without a body: answer with our offer. */
  | {
      readonly type: 'session.reoffer';
      readonly session: SessionId;
      /** For what it says besides, e.g. who the other side is from now on (P-Asserted-Identity). */
      readonly request: SipRequest;
      readonly offer?: Body;
    }
  /** The outcome of our own `reoffer`. After a refusal the session stands as it stood before (RFC 3261 section 14.1). */
  | {
      readonly type: 'session.reoffer_result';
      readonly session: SessionId;
      readonly ok: boolean;
      readonly answer?: Body;
      readonly status?: number;
    }
  /** The last event of a session, exactly once. Nothing of it is left in the endpoint but absorbing transactions. */
  | { readonly type: 'session.ended'; readonly session: SessionId; readonly end: EndReason }
  /**
   * A request inside a session's dialog that the endpoint does not handle itself (INFO, REFER, …): `respond`, or
   * `acceptRefer`, `acceptSubscription`.
   */
  | {
      readonly type: 'session.request';
      readonly session: SessionId;
      readonly requestId: ServerRequestId;
      readonly request: SipRequest;
    }
  /**
   * A request outside sessions (REGISTER, MESSAGE, SUBSCRIBE, …; OPTIONS is answered by the endpoint): `respond`, or
   * `acceptSubscription`, `acceptRefer`.
   */
  | {
      readonly type: 'request';
      readonly requestId: ServerRequestId;
      readonly request: SipRequest;
      readonly flow: Flow;
    }
  /** A final response to a `request` command, or why there is none. */
  | {
      readonly type: 'response';
      readonly outgoing: OutgoingRequestId;
      readonly result: { readonly kind: 'response'; readonly response: SipResponse } | RequestFailure;
    }
  | {
      readonly type: 'registration.changed';
      readonly registration: RegistrationId;
      readonly state: RegistrationState;
    }
  | SubscriptionEvent;

export type RegistrationState =
  | { readonly name: 'registering' }
  /**
   * `serviceRoute` is for `route` of calls that belong to this registration (RFC 3608); empty where there is none. `server`: what the
   * registrar calls itself (`Server`, or `User-Agent`, which some send instead).
   */
  | {
      readonly name: 'registered';
      readonly expiresAt: Millis;
      readonly serviceRoute: readonly string[];
      readonly server?: string;
    }
  /** The next attempt comes by itself at `retryAt` (back-off with jitter, Retry-After honoured). */
  | {
      readonly name: 'failed';
      readonly retryAt: Millis;
      readonly why:
        | {
            readonly kind: 'response';
            readonly status: number;
            readonly reason: string;
            readonly warning?: string;
            readonly server?: string;
          }
        | { readonly kind: 'timeout' }
        | { readonly kind: 'transport'; readonly text: string };
    }
  | { readonly name: 'unregistered' };

export interface RegisterParams {
  /** Request-URI of the registrar, e.g. `sip:pbx.example`. */
  readonly registrar: string;
  /** Address of record, e.g. `sip:100@pbx.example`. */
  readonly aor: string;
  readonly contactUser: string;
  /**
   * No other user agent at our address binds this `contactUser`: then one at another port is what an earlier process
   * of ours left behind, and is removed. Several phones of one extension on one host must not say so.
   */
  readonly ownsContactUser?: boolean;
  readonly expires: number;
  readonly credentials: Credentials;
  readonly target?: Target;
}

export interface EndpointOptions {
  readonly random: RandomBytes;
  /** User-Agent of requests, Server of responses. */
  readonly product: string;
  /** Our addresses by transport, for Via and Contact; `advertised` where a NAT stands between. */
  readonly local: readonly {
    readonly transport: Transport;
    readonly address: string;
    readonly port: number;
  }[];
  /**
   * Event packages whose NOTIFY may come without a subscription, as many PBXs send `message-summary`: these are given to the
   * application, which answers. All others are answered 481 (RFC 6665 section 4.1.3).
   */
  readonly unsolicited?: readonly string[];
  readonly limits?: Partial<EndpointLimits>;
  readonly timers?: Partial<EndpointTimers>;
}

/** RFC 3261 table 4, and what is beside it, in milliseconds. */
export interface EndpointTimers {
  readonly t1: Millis;
  readonly t2: Millis;
  readonly t4: Millis;
  /** Timer B and F: 64·T1 by the RFC; OpenScape Voice recommends 3,700 for fail-over. */
  readonly transactionTimeout: Millis;
  /** The same while another target is left to try (RFC 3263 section 4.3); 4,000 where nothing is said. */
  readonly failoverTimeout: Millis;
  /** From the first octet of a message on a stream to its last; the stream is closed after it. 30,000. */
  readonly messageTimeout: Millis;
}

/** Counts for metrics, and for tests that nothing is left over. */
export interface EndpointCounts extends SubscriptionCounts {
  readonly transactions: number;
  readonly dialogs: number;
  readonly sessions: number;
  readonly registrations: number;
  readonly timers: number;
  /** Since the start. */
  readonly received: number;
  readonly sent: number;
  readonly retransmitted: number;
  readonly malformed: number;
  /** Responses without a transaction and ACKs without a dialog: dropped. */
  readonly stray: number;
  /** How often each bound was met. */
  readonly limits: Readonly<Record<EndpointLimit, number>>;
}

/** Commands throw `SipUsageError` when the session or request does not exist or its state does not permit them. */
export interface SipEndpointApi extends SubscriptionCommands {
  handle(input: Input, now: Millis): void;
  poll(): Effect | undefined;
  deadline(): Millis | undefined;
  counts(): EndpointCounts;

  invite(params: InviteParams, now: Millis): SessionId;
  /**
   * 180 (or 183 with a body, or another 1xx). Sent reliably (RFC 3262) where the peer demands it, and, unless `reliable` says
   * otherwise, where it carries a description and the peer can: then that is our answer, or after a delayed offer our offer.
   */
  ring(
    session: SessionId,
    now: Millis,
    options?: { status?: number; body?: Body; headers?: ExtraHeaders; reliable?: boolean },
  ): void;
  /**
   * 200 with our answer (or our offer, after a delayed offer). Retransmitted until ACK. Where offer and answer were exchanged
   * reliably before, the body is left out; where a reliable response still waits for its PRACK, the 200 waits, too.
   */
  accept(
    session: SessionId,
    body: Body | undefined,
    now: Millis,
    options?: {
      headers?: ExtraHeaders;
      sessionTimer?: SessionTimer;
      /** The call is in a conference: the user part of its own address, and `isfocus`, in our Contact (RFC 4579 section 5.1). */
      focus?: string;
    },
  ): void;
  /** A final 3xx–6xx to an INVITE that is not answered yet. */
  refuse(
    session: SessionId,
    status: number,
    now: Millis,
    options?: { reason?: string; headers?: ExtraHeaders },
  ): void;
  /** ACK (or PRACK) with our answer, after `session.accepted` (or `session.progress`) with `needsAnswer`. */
  acknowledge(session: SessionId, answer: Body, now: Millis): void;
  /**
   * End a session whatever its state: CANCEL before the answer, BYE after it, 603/487 to an unanswered INVITE
   * from the other side. A 2xx that crosses our CANCEL is acknowledged and ended with BYE. Calling it twice is no error.
   */
  end(session: SessionId, now: Millis, options?: { headers?: ExtraHeaders }): void;
  /**
   * A new offer: by re-INVITE in a call that is answered, by UPDATE (RFC 3311) before, or where `update` says so. 491 is
   * retried by RFC 3261 section 14.1 before a result comes.
   */
  reoffer(
    session: SessionId,
    offer: Body,
    now: Millis,
    options?: { update?: boolean; headers?: ExtraHeaders },
  ): void;
  acceptOffer(session: SessionId, body: Body, now: Millis): void;
  /** With a final 3xx–6xx; what was agreed before stands. */
  refuseOffer(session: SessionId, status: number, now: Millis): void;
  /** What names an answered call's dialog, for who shall replace it or watch it; undefined for any other. */
  dialogOf(
    session: SessionId,
  ): { readonly callId: string; readonly localTag: string; readonly remoteTag: string } | undefined;
  /**
   * Any other request inside the session's dialog, or in the newest early dialog of a call of ours; its result comes as `response`. INVITE, ACK, CANCEL, BYE, PRACK and UPDATE have
   * commands of their own (`bad_argument`).
   */
  requestInSession(
    session: SessionId,
    request: { method: string; body?: Body; headers?: ExtraHeaders },
    now: Millis,
  ): OutgoingRequestId;

  /** Keeps an address of record bound: refreshed before it expires, again after failures. */
  register(params: RegisterParams, now: Millis): RegistrationId;
  /** Registers at once, e.g. because the registrar seems to have forgotten us; no error where that is under way already. */
  refreshRegistration(registration: RegistrationId, now: Millis): void;
  /** Removes the binding (Expires: 0) and ends with `unregistered`. */
  unregister(registration: RegistrationId, now: Millis): void;

  /** A request outside dialogs that begins none; credentials as for INVITE. Not what has commands of its own (`bad_argument`). */
  request(
    request: {
      method: string;
      to: string;
      from: string;
      target?: Target;
      credentials?: Credentials;
      body?: Body;
      headers?: ExtraHeaders;
    },
    now: Millis,
  ): OutgoingRequestId;
  respond(
    requestId: ServerRequestId,
    status: number,
    now: Millis,
    options?: { reason?: string; headers?: ExtraHeaders; body?: Body },
  ): void;
}
