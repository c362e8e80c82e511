import type { Agent } from '../agent/agent.ts';
import { ClientRequest } from '../agent/client-request.ts';
import { Identifiers } from '../agent/identifiers.ts';
import { LocalAddresses } from '../agent/local.ts';
import { GuardedDigest } from '../auth/guarded-digest.ts';
import { createRequest, createResponse, withHeader } from '../message/build.ts';
import { encode, octetsOf } from '../message/serialise.ts';
import type { WireMessage } from '../message/serialise.ts';
import { Registration } from '../registration/registration.ts';
import { Subscriptions } from '../subscription/subscriptions.ts';
import { TimerQueue } from '../timing/timer-queue.ts';
import { defaultTimers } from '../timing/timing.ts';
import { TransactionLayer } from '../transaction/layer.ts';
import type {
  Body,
  Credentials,
  Effect,
  EndpointCounts,
  EndpointOptions,
  ExtraHeaders,
  Input,
  InviteParams,
  Millis,
  OutgoingRequestId,
  RegisterParams,
  RegistrationId,
  ServerRequestId,
  SessionId,
  SessionTimer,
  SipEndpointApi,
  Target,
} from './api.ts';
import {
  assertBody,
  assertDescription,
  assertHeaders,
  assertInvite,
  assertRegister,
  assertRequest,
  assertSessionTimer,
} from './arguments.ts';
import { DialogTable } from './dialog-table.ts';
import { SipUsageError } from './errors.ts';
import { IncomingMessages } from './incoming-messages.ts';
import { defaultLimits, LimitCounts } from './limits.ts';
import { Receiver } from './receiver.ts';
import { Resolver } from './resolver.ts';
import { ServerRequests } from './server-requests.ts';
import { SessionTable } from './session-table.ts';
import type {
  NotifierId,
  ReferParams,
  ReferralId,
  ReferrerId,
  SubscribeParams,
  SubscriptionId,
} from './subscription-api.ts';

/** The SIP user agent behind {@link SipEndpointApi}: wires the layers together and holds what they share. */
export class SipEndpoint implements SipEndpointApi {
  readonly #agent: Agent;
  readonly #timers = new TimerQueue();
  readonly #transactions: TransactionLayer;
  readonly #limits = new LimitCounts();
  readonly #dialogs = new DialogTable();
  readonly #sessions: SessionTable;
  readonly #registrations = new Map<RegistrationId, Registration>();
  /** The first of each Contact user. */
  readonly #byContactUser = new Map<string, Registration>();
  readonly #serverRequests: ServerRequests;
  readonly #subscriptions: Subscriptions;
  readonly #resolver: Resolver;
  readonly #receiver: Receiver;
  readonly #incoming: IncomingMessages;
  readonly #effects: Effect[] = [];
  #nextEffect = 0;
  #lastRegistration = 0;
  #lastOutgoing = 0;
  #sent = 0;
  #retransmitted = 0;

  constructor(options: EndpointOptions) {
    const timing = { ...defaultTimers, ...timersFrom(options.timers) };
    const limits = { ...defaultLimits, ...options.limits };
    const local = new LocalAddresses(options.local);
    const effect = (next: Effect): void => {
      this.#effects.push(next);
    };
    const transmit = (target: Target, message: WireMessage, isRetransmission: boolean): void => {
      this.#sent += 1;
      if (isRetransmission) this.#retransmitted += 1;
      effect({ kind: 'send', target, bytes: octetsOf(message) });
    };
    this.#transactions = new TransactionLayer({
      timers: this.#timers,
      timing,
      limit: limits.transactions,
      trying: (invite) => this.#agent.response(invite, 100),
      transmit,
    });
    this.#resolver = new Resolver(local, this.#timers, effect, () => this.#limits.count('failed_targets'));
    this.#agent = {
      timers: this.#timers,
      timing,
      limits,
      identifiers: new Identifiers(options.random),
      random: options.random,
      local,
      transactions: this.#transactions,
      health: this.#resolver.health,
      product: options.product,
      emit: (event) => effect({ kind: 'event', event }),
      limited: (limit) => this.#limits.count(limit),
      locate: (uri, found, now) => this.#resolver.locate(uri, found, now),
      transmit: (target, request) =>
        transmit(target, encode(withHeader(request, 'User-Agent', options.product)), false),
      response: (request, status, parts = {}) =>
        createResponse(request, status, parts.reason, parts, options.product),
      offerRequest: (...request) => this.#serverRequests.offer(...request),
      newOutgoingRequestId: () => this.#newOutgoingRequestId(),
    };
    this.#serverRequests = new ServerRequests(this.#agent);
    const digestFor = (user: string) => this.#byContactUser.get(user)?.digest;
    this.#sessions = new SessionTable({
      agent: this.#agent,
      dialogs: this.#dialogs,
      digestFor,
      onEnded: (session, now) => this.#serverRequests.endSession(session, now),
    });
    this.#subscriptions = new Subscriptions({
      agent: this.#agent,
      dialogs: this.#dialogs,
      sessions: this.#sessions,
      requests: this.#serverRequests,
      digestFor,
      unsolicited: options.unsolicited ?? [],
    });
    this.#incoming = new IncomingMessages({
      agent: this.#agent,
      sessions: this.#sessions,
      dialogs: this.#dialogs,
      subscriptions: this.#subscriptions,
      respondStateless: (target, response) =>
        transmit(target, encode(withHeader(response, 'Server', options.product)), false),
      sendOctets: (target, bytes) => effect({ kind: 'send', target, bytes }),
      close: (flow) => effect({ kind: 'close', flow }),
    });
    this.#receiver = new Receiver(this.#incoming, {
      streams: limits.streams,
      messageTimeout: timing.messageTimeout,
      timers: this.#timers,
    });
  }

  handle(input: Input, now: Millis): void {
    switch (input.kind) {
      case 'received':
        this.#incoming.at(now, input.overloaded === true, () =>
          this.#receiver.receive(input.flow, input.bytes, now),
        );
        break;
      case 'closed':
        this.#receiver.closed(input.flow);
        for (const registration of this.#registrations.values()) registration.flowClosed(input.flow, now);
        this.#subscriptions.flowClosed(input.flow, now);
        break;
      case 'transport_error':
        this.#transactions.transportError(input.target, input.text, now);
        break;
      case 'resolved':
        this.#resolver.resolved(input.resolveId, input.targets, now);
        break;
      case 'tick':
        this.#timers.fire(now);
        break;
    }
  }

  poll(): Effect | undefined {
    const effect = this.#effects[this.#nextEffect];
    if (effect === undefined) {
      this.#effects.length = 0;
      this.#nextEffect = 0;
      return undefined;
    }
    this.#nextEffect += 1;
    return effect;
  }

  deadline(): Millis | undefined {
    return this.#timers.deadline();
  }

  counts(): EndpointCounts {
    const incoming = this.#incoming.counts();
    return {
      transactions: this.#transactions.size,
      dialogs: this.#dialogs.size,
      sessions: this.#sessions.size,
      registrations: this.#registrations.size,
      timers: this.#timers.size,
      sent: this.#sent,
      retransmitted: this.#retransmitted,
      ...this.#subscriptions.counts(),
      ...incoming,
      limits: this.#limits.all,
    };
  }

  invite(params: InviteParams, now: Millis): SessionId {
    assertInvite(params);
    if (this.#sessions.isFull) throw new SipUsageError('limit', 'too many sessions');
    return this.#sessions.invite(params, now);
  }

  ring(
    session: SessionId,
    now: Millis,
    options: { status?: number; body?: Body; headers?: ExtraHeaders; reliable?: boolean } = {},
  ): void {
    assertDescription(options.body);
    assertHeaders(options.headers);
    this.#sessions.get(session).ring(options, now);
  }

  accept(
    session: SessionId,
    body: Body | undefined,
    now: Millis,
    options: { headers?: ExtraHeaders; sessionTimer?: SessionTimer; focus?: string } = {},
  ): void {
    assertDescription(body);
    assertHeaders(options.headers);
    assertSessionTimer(options.sessionTimer);
    this.#sessions.get(session).accept(body, options, now);
  }

  refuse(
    session: SessionId,
    status: number,
    now: Millis,
    options: { reason?: string; headers?: ExtraHeaders } = {},
  ): void {
    assertHeaders(options.headers);
    this.#sessions.get(session).refuse(status, options, now);
  }

  acknowledge(session: SessionId, answer: Body, now: Millis): void {
    assertDescription(answer);
    this.#sessions.get(session).acknowledge(answer, now);
  }

  end(session: SessionId, now: Millis, options: { headers?: ExtraHeaders } = {}): void {
    assertHeaders(options.headers);
    this.#sessions.find(session)?.end(options.headers ?? [], now);
  }

  reoffer(
    session: SessionId,
    offer: Body,
    now: Millis,
    options: { update?: boolean; headers?: ExtraHeaders } = {},
  ): void {
    assertDescription(offer);
    assertHeaders(options.headers);
    this.#sessions.get(session).reoffer(offer, options, now);
  }

  acceptOffer(session: SessionId, body: Body, now: Millis): void {
    assertDescription(body);
    this.#sessions.get(session).acceptOffer(body, now);
  }

  refuseOffer(session: SessionId, status: number, now: Millis): void {
    this.#sessions.get(session).refuseOffer(status, now);
  }

  dialogOf(session: SessionId): ReturnType<SipEndpointApi['dialogOf']> {
    const dialog = this.#sessions.findDialogOf(session)?.dialog;
    if (dialog === undefined) return undefined;
    const { callId, localTag, remoteTag } = dialog;
    return { callId, localTag, remoteTag };
  }

  requestInSession(
    session: SessionId,
    request: { method: string; body?: Body; headers?: ExtraHeaders },
    now: Millis,
  ): OutgoingRequestId {
    assertRequest(request);
    return this.#sessions.get(session).request(request, now);
  }

  register(params: RegisterParams, now: Millis): RegistrationId {
    assertRegister(params);
    if (this.#registrations.size >= this.#agent.limits.registrations) {
      throw new SipUsageError('limit', 'too many registrations');
    }
    this.#lastRegistration += 1;
    const id = this.#lastRegistration as RegistrationId;
    const onGone = (): void => {
      this.#registrations.delete(id);
      if (this.#byContactUser.get(params.contactUser) === registration) this.#forget(params.contactUser);
    };
    const registration = new Registration(this.#agent, id, params, onGone, now);
    this.#registrations.set(id, registration);
    if (!this.#byContactUser.has(params.contactUser)) {
      this.#byContactUser.set(params.contactUser, registration);
    }
    return id;
  }

  refreshRegistration(registration: RegistrationId, now: Millis): void {
    this.#registration(registration).refresh(now);
  }

  unregister(registration: RegistrationId, now: Millis): void {
    this.#registration(registration).unregister(now);
  }

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
  ): OutgoingRequestId {
    assertRequest(request);
    const { identifiers, random, local } = this.#agent;
    const outgoing = this.#newOutgoingRequestId();
    const { method, to, target, credentials, body, headers } = request;
    const from = { uri: request.from, params: new Map([['tag', identifiers.tag()]]) };
    const callId = identifiers.callId();
    let cseq = 0;
    const client = new ClientRequest(
      this.#agent,
      {
        nextHop: target === undefined ? { uri: to } : { uri: to, preferred: target },
        digest: credentials === undefined ? undefined : new GuardedDigest(credentials, random),
        purpose: 'trunk',
        build: (towards) => {
          cseq += 1;
          const contact = method === 'MESSAGE' ? {} : { contact: local.contact(towards, undefined) };
          const parts = { ...contact, ...(body && { body }), ...(headers && { headers }) };
          const address = { uri: to, params: new Map() };
          return createRequest({ method, uri: to, from, to: address, callId, cseq, ...parts });
        },
        onResponse: (response) => {
          if (response.status < 200) return;
          this.#agent.emit({ type: 'response', outgoing, result: { kind: 'response', response } });
        },
        onFailure: (result) => this.#agent.emit({ type: 'response', outgoing, result }),
      },
      now,
    );
    void client;
    return outgoing;
  }

  subscribe(params: SubscribeParams, now: Millis): SubscriptionId {
    return this.#subscriptions.subscribe(params, now);
  }

  unsubscribe(subscription: SubscriptionId, now: Millis): void {
    this.#subscriptions.unsubscribe(subscription, now);
  }

  acceptSubscription(
    ...[requestId, now, options]: Parameters<SipEndpointApi['acceptSubscription']>
  ): NotifierId {
    return this.#subscriptions.acceptSubscription(requestId, now, options);
  }

  notify(notifier: NotifierId, body: Body | undefined, now: Millis): void {
    this.#subscriptions.notify(notifier, body, now);
  }

  endSubscription(...[notifier, now, options]: Parameters<SipEndpointApi['endSubscription']>): void {
    this.#subscriptions.endSubscription(notifier, now, options);
  }

  refer(params: ReferParams, now: Millis): ReferralId {
    return this.#subscriptions.refer(params, now);
  }

  acceptRefer(requestId: ServerRequestId, now: Millis): ReferrerId | undefined {
    return this.#subscriptions.acceptRefer(requestId, now);
  }

  report(referrer: ReferrerId, status: number, now: Millis, reason?: string): void {
    this.#subscriptions.report(referrer, status, now, reason);
  }

  respond(
    requestId: ServerRequestId,
    status: number,
    now: Millis,
    options: { reason?: string; headers?: ExtraHeaders; body?: Body } = {},
  ): void {
    assertBody(options.body);
    assertHeaders(options.headers);
    this.#serverRequests.respond(requestId, status, options, now);
  }

  /** The next registration of this Contact user takes the place of the one that is gone. */
  #forget(user: string): void {
    const next = this.#registrations.values().find(({ contactUser }) => contactUser === user);
    if (next === undefined) this.#byContactUser.delete(user);
    else this.#byContactUser.set(user, next);
  }

  #registration(id: RegistrationId): Registration {
    const found = this.#registrations.get(id);
    if (found === undefined)
      throw new SipUsageError('no_such_registration', `there is no registration ${id}`);
    return found;
  }

  #newOutgoingRequestId(): OutgoingRequestId {
    this.#lastOutgoing += 1;
    return this.#lastOutgoing as OutgoingRequestId;
  }
}

/** Timers B and F follow T1 where only T1 is given. */
function timersFrom(timers: EndpointOptions['timers']): EndpointOptions['timers'] {
  return timers?.t1 === undefined || timers.transactionTimeout !== undefined
    ? timers
    : { ...timers, transactionTimeout: 64 * timers.t1 };
}
