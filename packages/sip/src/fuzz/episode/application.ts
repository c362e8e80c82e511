import type {
  EndpointEvent,
  RegistrationId,
  ServerRequestId,
  SessionId,
  SessionTimer,
  SipEndpointApi,
} from '../../endpoint/api.ts';
import type {
  NotifierId,
  ReferParams,
  ReferralId,
  ReferrerId,
  SubscriptionId,
} from '../../endpoint/subscription-api.ts';
import { SipUsageError } from '../../endpoint/errors.ts';
import type { Entropy } from '../entropy.ts';
import { demand } from '../entropy.ts';
import { sdp } from '../grammar/sdp.ts';

const target = { transport: 'udp', address: '192.0.2.2', port: 5060 } as const;
const credentials = { username: 'alice', password: 'secret' };

/**
 * The application of an episode: every command at any time, and the promises of the events watched. Only `SipUsageError`
 * may come back from a command.
 */
export class WildApplication {
  readonly #endpoint: SipEndpointApi;
  readonly #entropy: Entropy;
  readonly #live = new Set<SessionId>();
  readonly #ended = new Set<SessionId>();
  readonly #requests: ServerRequestId[] = [];
  readonly #registrations: RegistrationId[] = [];
  readonly #subscriptions = new Set<SubscriptionId>();
  readonly #notifiers = new Set<NotifierId>();
  readonly #referrals = new Set<ReferralId>();
  readonly #referrers = new Set<ReferrerId>();
  /** Of subscriptions, notifiers and referrals. */
  readonly #over = new Set<number>();

  constructor(endpoint: SipEndpointApi, entropy: Entropy) {
    this.#endpoint = endpoint;
    this.#entropy = entropy;
  }

  get sessions(): number {
    return this.#live.size;
  }

  hears(event: EndpointEvent): void {
    if ('session' in event) {
      demand(!this.#ended.has(event.session), 'nothing follows session.ended');
      if (event.type === 'session.incoming') {
        demand(!this.#live.has(event.session), 'a session comes in once');
        this.#live.add(event.session);
      } else if (event.type === 'session.ended') {
        this.#live.delete(event.session);
        this.#ended.add(event.session);
      }
    }
    if (event.type === 'request' || event.type === 'session.request') this.#requests.push(event.requestId);
    this.#hearsOfSubscription(event);
  }

  #hearsOfSubscription(event: EndpointEvent): void {
    if (event.type === 'subscription.changed' || event.type === 'subscription.notified') {
      demand(!this.#over.has(event.subscription), 'nothing follows the end of a subscription');
      if (event.type === 'subscription.notified' || event.state.name !== 'ended') return;
      this.#subscriptions.delete(event.subscription);
      this.#over.add(event.subscription);
    } else if (event.type === 'notifier.wanted' || event.type === 'notifier.ended') {
      demand(!this.#over.has(event.notifier), 'nothing follows the end of a notifier');
      if (event.type === 'notifier.wanted') return;
      this.#notifiers.delete(event.notifier);
      this.#over.add(event.notifier);
    } else if (event.type === 'referral.changed') {
      demand(!this.#over.has(event.referral), 'nothing follows the end of a referral');
      const { state } = event;
      if (state.name !== 'ended' && (state.name !== 'accepted' || state.reports)) return;
      this.#referrals.delete(event.referral);
      this.#over.add(event.referral);
    }
  }

  /** What a sane application would do about an event, so that calls get somewhere. */
  reflex(event: EndpointEvent, now: number): void {
    const sip = this.#endpoint;
    if (event.type === 'session.incoming') {
      if (this.#entropy.chance(0.3)) this.#ring(event.session, now);
      permitted(() => sip.accept(event.session, this.#body(), now));
    } else if (event.type === 'session.reoffer')
      permitted(() => sip.acceptOffer(event.session, this.#body(), now));
    else if ((event.type === 'session.accepted' || event.type === 'session.progress') && event.needsAnswer) {
      permitted(() => sip.acknowledge(event.session, this.#body(), now));
    } else if (event.type === 'session.request' || event.type === 'request') {
      const { method } = event.request;
      if (method === 'SUBSCRIBE') permitted(() => this.#acceptSubscription(event.requestId, now));
      else if (method === 'REFER') permitted(() => this.#acceptRefer(event.requestId, now));
      else permitted(() => sip.respond(event.requestId, 200, now));
    } else if (event.type === 'notifier.wanted') {
      permitted(() => sip.notify(event.notifier, this.#body(), now));
    }
  }

  /** One random command. */
  acts(now: number): void {
    const sip = this.#endpoint;
    const session = this.#anySession();
    const commands: readonly (() => void)[] = [
      () => this.#invite(now),
      () => this.#register(now),
      () => this.#respond(now),
      () => this.#respond(now),
      () => this.#ring(session, now),
      () => this.#ring(session, now),
      () => sip.accept(session, this.#body(), now),
      () => sip.accept(session, this.#entropy.chance(0.7) ? this.#body() : undefined, now, this.#timer()),
      () => sip.refuse(session, this.#entropy.pick([302, 404, 486, 503, 603]), now),
      () => sip.acknowledge(session, this.#body(), now),
      () => sip.end(session, now),
      () => sip.reoffer(session, this.#body(), now),
      () => sip.reoffer(session, this.#body(), now, { update: true }),
      () => sip.acceptOffer(session, this.#body(), now),
      () => sip.refuseOffer(session, 488, now),
      () =>
        void sip.requestInSession(session, { method: this.#entropy.pick(['INFO', 'REFER', 'MESSAGE']) }, now),
      () =>
        void sip.request(
          { method: 'OPTIONS', to: this.#to(), from: 'sip:alice@192.0.2.1', target, credentials },
          now,
        ),
      () => this.#unregister(now),
      ...this.#subscriptionCommands(now),
    ];
    permitted(this.#entropy.pick(commands));
  }

  #subscriptionCommands(now: number): readonly (() => void)[] {
    const sip = this.#endpoint;
    const entropy = this.#entropy;
    const notifier = this.#anyOf(this.#notifiers);
    const referrer = this.#anyOf(this.#referrers);
    const request = (entropy.chance(0.9) ? this.#requests.shift() : undefined) ?? (1 as ServerRequestId);
    return [
      () => this.#subscribe(now),
      () => sip.unsubscribe(this.#anyOf(this.#subscriptions), now),
      () => this.#acceptSubscription(request, now),
      () => sip.notify(notifier, entropy.chance(0.8) ? this.#body() : undefined, now),
      () =>
        sip.endSubscription(notifier, now, {
          reason: entropy.pick(['deactivated', 'rejected', 'a b']),
          ...(entropy.chance(0.3) && { retryAfter: entropy.pick([0, 5, -1]) }),
        }),
      () => this.#refer(now),
      () => this.#acceptRefer(request, now),
      () =>
        sip.report(referrer, entropy.pick([100, 180, 200, 486, 700]), now, entropy.pick(['OK', 'a\r\nb: c'])),
    ];
  }

  #subscribe(now: number): void {
    const entropy = this.#entropy;
    const subscription = this.#endpoint.subscribe(
      {
        to: this.#to(),
        from: 'sip:alice@192.0.2.1',
        event: entropy.pick(['dialog', 'message-summary', 'dialog;id=1', 'refer', 'a b']),
        accept: ['application/x'],
        expires: entropy.pick([0, 1, 60, 3_600]),
        ...(entropy.chance(0.7) && { target }),
        ...(entropy.chance(0.5) && { credentials }),
      },
      now,
    );
    this.#subscriptions.add(subscription);
  }

  #acceptSubscription(request: ServerRequestId, now: number): void {
    const entropy = this.#entropy;
    const options = {
      leastExpires: entropy.pick([0, 60]),
      ...(entropy.chance(0.3) && { expires: entropy.pick([0, 10, 600]) }),
      ...(entropy.chance(0.3) && { pending: true }),
    };
    this.#notifiers.add(this.#endpoint.acceptSubscription(request, now, options));
  }

  #refer(now: number): void {
    const entropy = this.#entropy;
    const params: ReferParams = {
      ...(entropy.chance(0.7)
        ? { session: this.#anySession() }
        : { to: this.#to(), from: 'sip:alice@192.0.2.1', target }),
      ...(entropy.chance(0.8) && { referTo: entropy.pick(['sip:carol@192.0.2.3', 'tel:1', 'nobody']) }),
      ...(entropy.chance(0.3) && { replaces: this.#anySession() }),
      ...(entropy.chance(0.3) && { referredBy: entropy.pick(['sip:a@b', 'nobody']) }),
      ...(entropy.chance(0.3) && { report: false }),
    };
    this.#referrals.add(this.#endpoint.refer(params, now));
  }

  #acceptRefer(request: ServerRequestId, now: number): void {
    const referrer = this.#endpoint.acceptRefer(request, now);
    if (referrer !== undefined) this.#referrers.add(referrer);
  }

  #anyOf<Id extends number>(ids: ReadonlySet<Id>): Id {
    return ids.size === 0 || this.#entropy.chance(0.02) ? (987_654 as Id) : this.#entropy.pick([...ids]);
  }

  /** Subscriptions, notifiers and referrals whose last event has not come. */
  get subscriptions(): number {
    return this.#subscriptions.size + this.#notifiers.size + this.#referrals.size;
  }

  /** Ends and withdraws everything. */
  leaves(now: number): void {
    for (const subscription of this.#subscriptions)
      permitted(() => this.#endpoint.unsubscribe(subscription, now));
    for (const notifier of this.#notifiers) permitted(() => this.#endpoint.endSubscription(notifier, now));
    for (const session of this.#live) permitted(() => this.#endpoint.end(session, now));
    for (const registration of this.#registrations.splice(0)) {
      permitted(() => this.#endpoint.unregister(registration, now));
    }
  }

  #ring(session: SessionId, now: number): void {
    const entropy = this.#entropy;
    const options = {
      status: entropy.pick([180, 181, 183]),
      ...(entropy.chance(0.4) && { body: this.#body() }),
      ...(entropy.chance(0.5) && { reliable: entropy.chance(0.8) }),
    };
    permitted(() => this.#endpoint.ring(session, now, options));
  }

  #timer(): { readonly sessionTimer?: SessionTimer } {
    const entropy = this.#entropy;
    if (entropy.chance(0.7)) return {};
    const refresher = entropy.pick(['local', 'remote'] as const);
    const expires = entropy.pick([0, 90, 600]);
    return { sessionTimer: { expires, ...(entropy.chance(0.6) && { refresher }) } };
  }

  #invite(now: number): void {
    const session = this.#endpoint.invite(
      {
        to: this.#to(),
        from: 'sip:alice@192.0.2.1',
        ...(this.#entropy.chance(0.8) && { offer: this.#body() }),
        ...(this.#entropy.chance(0.7) && { target }),
        ...(this.#entropy.chance(0.5) && { credentials }),
        ...(this.#entropy.chance(0.3) && { answerTimeout: this.#entropy.integer(1, 40_000) }),
        ...(this.#entropy.chance(0.3) && { redirects: this.#entropy.integer(0, 3) }),
        ...(this.#entropy.chance(0.2) && { reliableProvisionals: this.#entropy.pick(['required', 'off']) }),
        ...(this.#entropy.chance(0.1) && { replaces: { callId: 'c1', toTag: 'a', fromTag: 'b' } }),
        ...this.#timer(),
      },
      now,
    );
    this.#live.add(session);
  }

  #register(now: number): void {
    const registration = this.#endpoint.register(
      {
        registrar: 'sip:192.0.2.2',
        aor: 'sip:alice@192.0.2.2',
        contactUser: this.#entropy.pick(['alice', 'bob']),
        expires: this.#entropy.pick([0, 60, 3_600]),
        credentials,
        target,
      },
      now,
    );
    this.#registrations.push(registration);
  }

  #unregister(now: number): void {
    const registration = this.#registrations.pop();
    if (registration !== undefined) this.#endpoint.unregister(registration, now);
  }

  #respond(now: number): void {
    const request = this.#requests.shift();
    if (request === undefined) return;
    this.#endpoint.respond(request, this.#entropy.pick([100, 200, 202, 403, 404, 500]), now);
  }

  #to(): string {
    return this.#entropy.pick([
      'sip:bob@192.0.2.2',
      'sip:bob@[2001:db8::2]',
      'sip:bob@pbx.example',
      'sips:bob@192.0.2.2',
      'tel:1',
    ]);
  }

  #anySession(): SessionId {
    const live = [...this.#live];
    // Now and then one that has never been.
    return live.length === 0 || this.#entropy.chance(0.02)
      ? (987_654 as SessionId)
      : this.#entropy.pick(live);
  }

  #body() {
    return { contentType: 'application/sdp', bytes: Buffer.from(sdp(this.#entropy), 'latin1') };
  }
}

function permitted(command: () => void): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof SipUsageError)) throw error;
  }
}
