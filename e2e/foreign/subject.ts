import type {
  EndpointCounts,
  EndpointEvent,
  EndpointTimers,
  InviteParams,
  ReferParams,
  ReferrerId,
  RegistrationId,
  RegistrationState,
  ServerRequestId,
  SessionId,
  SubscriptionState,
  Transport,
} from '@offhook/sip';
import { openNodeEndpoint, type NodeEndpoint, type NodeEndpointOptions } from '@offhook/sip-node';
import { Inbox } from './subject/inbox.ts';
import { MessageTrace, type TraceDirection } from './subject/message-trace.ts';
import { OwnAudio } from './subject/own-audio.ts';
import { SubjectCall, type EventOf } from './subject/call.ts';
import { Watch } from './subject/watch.ts';

export interface SubjectOptions extends Partial<
  Pick<NodeEndpointOptions, 'tls' | 'limits' | 'flood' | 'timers' | 'unsolicited'>
> {
  /** User part of its Contact and of its address; `subject` where nothing is said. */
  readonly user?: string;
  /** UDP and TCP where nothing is said. */
  readonly transports?: readonly Transport[];
  /** `false`: over streams it only dials, and takes no connection. */
  readonly accepts?: boolean;
  /** Hz of what it says in its calls; without, it has no voice. */
  readonly tone?: number;
}

export interface CallOptions extends Partial<
  Pick<
    InviteParams,
    'from' | 'credentials' | 'sessionTimer' | 'redirects' | 'reliableProvisionals' | 'replaces'
  >
> {
  /** Leave the offer to the other side. */
  readonly delayedOffer?: boolean;
}

export interface RegisterOptions {
  readonly registrar: string;
  readonly aor: string;
  readonly password: string;
  /** Seconds. */
  readonly expires?: number;
}

/** A call from the other side, and what it came with. */
export interface IncomingCall {
  readonly call: SubjectCall;
  readonly invitation: EventOf<'session.incoming'>;
}

/**
 * RFC 3261's timers at a twelfth, for tests that wait for them: what waits for 64·T1 is over after 2.6 s. On a busy machine
 * messages come again before SIPp has answered them: such scenarios must bear that.
 */
export const fastTimers: Partial<EndpointTimers> = {
  t1: 40,
  t2: 320,
  t4: 400,
  transactionTimeout: 64 * 40,
  failoverTimeout: 64 * 40,
};

const LONGEST_MS = 3_600_000;

/**
 * A user agent made of our stack, in this process and on real sockets: the thing that foreign programs are let loose upon.
 * It does what a test says and nothing by itself.
 */
export class Subject implements AsyncDisposable {
  readonly sip: NodeEndpoint;
  readonly user: string;
  readonly #tone: number | undefined;
  readonly #trace: MessageTrace;
  readonly #watch: Watch;
  readonly #inbox: Inbox<EndpointEvent>;
  readonly #calls = new Map<SessionId, SubjectCall>();
  readonly #audios: OwnAudio[] = [];

  private constructor(
    sip: NodeEndpoint,
    { user = 'subject', tone }: SubjectOptions,
    trace: MessageTrace,
    watch: Watch,
  ) {
    this.sip = sip;
    this.user = user;
    this.#tone = tone;
    this.#trace = trace;
    this.#watch = watch;
    this.#inbox = new Inbox(watch);
  }

  static async open(options: SubjectOptions = {}): Promise<Subject> {
    const { transports = ['udp', 'tcp'], accepts = true, ...rest } = options;
    const { user: _user, tone: _tone, ...given } = rest;
    const trace = new MessageTrace();
    const watch = new Watch(() => trace.lastWords());
    let subject: Subject | undefined;
    const sip = await openNodeEndpoint({
      product: 'Subject',
      listen: transports.map((transport) => ({ transport, address: '127.0.0.1', port: 0, accept: accepts })),
      ...given,
      onEvent: (event) => subject?.onEvent(event),
      onTrace: ({ direction, bytes }) => {
        trace.add(direction, bytes);
        watch.changed();
      },
    });
    subject = new Subject(sip, options, trace, watch);
    return subject;
  }

  /** `127.0.0.1:port`. */
  place(transport: Transport = 'udp'): string {
    const found = this.sip.bound.find((each) => each.transport === transport);
    if (found === undefined) {
      throw new Error(`The subject does not listen for ${transport}.`);
    }
    return `127.0.0.1:${found.port}`;
  }

  /** Its messages that begin with `start`, in order, with all retransmissions. */
  messages(direction: TraceDirection, start: string): readonly string[] {
    return this.#trace.of(direction, start);
  }

  counts(): EndpointCounts {
    return this.sip.counts();
  }

  /** Waits until it has received `count` messages that begin with `start`. */
  heard(start: string, count: number): Promise<readonly string[]> {
    return this.#traced('in', start, count);
  }

  /** Waits until it has sent `count` messages that begin with `start`. */
  said(start: string, count: number): Promise<readonly string[]> {
    return this.#traced('out', start, count);
  }

  /** Whoever it plays with has failed: so does every wait, with what is said of that. */
  giveUp(failure: Error): void {
    this.#watch.fail(failure);
  }

  /** Calls `to`; what becomes of it are the call's events. */
  async call(to: string, options: CallOptions = {}): Promise<SubjectCall> {
    const { from = `sip:${this.user}@${this.place()}`, delayedOffer = false, ...rest } = options;
    const audio = this.#newAudio();
    await audio.open();
    // Its first event comes when this has returned.
    const session = this.sip.run((sip, now) =>
      sip.invite(
        {
          to,
          from,
          contactUser: this.user,
          ...(!delayedOffer && { offer: audio.describe('sendrecv') }),
          ...rest,
        },
        now,
      ),
    );
    return this.#newCall(session, audio);
  }

  /** Waits for a call from the other side. */
  async incoming(): Promise<IncomingCall> {
    const invitation = await this.next('session.incoming');
    const call = this.#calls.get(invitation.session);
    if (call === undefined) {
      throw new Error('An incoming call has no session.');
    }
    return { call, invitation };
  }

  /** Waits for a call from the other side and answers it at once; it talks when the ACK has come. */
  async answerNext(): Promise<SubjectCall> {
    const { call, invitation } = await this.incoming();
    await call.answer(invitation);
    await call.confirmed();
    return call;
  }

  register({ registrar, aor, password, expires = 120 }: RegisterOptions): RegistrationId {
    const contactUser = this.user;
    const credentials = { username: this.user, password };
    return this.sip.run((sip, now) =>
      sip.register({ registrar, aor, contactUser, expires, credentials }, now),
    );
  }

  /** Waits until a registration comes to a state. */
  async registration<N extends RegistrationState['name']>(
    name: N,
  ): Promise<Extract<RegistrationState, { name: N }>> {
    const { state } = await this.#inbox.take(
      `registration that is ${name}`,
      (event): event is EventOf<'registration.changed'> =>
        event.type === 'registration.changed' && event.state.name === name,
    );
    return state as Extract<RegistrationState, { name: N }>;
  }

  /** Waits until nothing is registered any more, and the registrar has said so. */
  async unregister(registration: RegistrationId): Promise<void> {
    this.sip.run((sip, now) => sip.unregister(registration, now));
    await this.registration('unregistered');
  }

  /** Waits until a subscription comes to a state. */
  async subscription<N extends SubscriptionState['name']>(
    name: N,
  ): Promise<Extract<SubscriptionState, { name: N }>> {
    const { state } = await this.#inbox.take(
      `subscription that is ${name}`,
      (event): event is EventOf<'subscription.changed'> =>
        event.type === 'subscription.changed' && event.state.name === name,
    );
    return state as Extract<SubscriptionState, { name: N }>;
  }

  /** Sends REFER; what becomes of it are `referral.changed` events. */
  refer(params: ReferParams): void {
    this.sip.run((sip, now) => sip.refer(params, now));
  }

  /** 202 to a REFER; gives nothing where nobody wants a report. */
  acceptRefer(requestId: ServerRequestId): ReferrerId | undefined {
    return this.sip.run((sip, now) => sip.acceptRefer(requestId, now));
  }

  /** Tells whoever sent the REFER how the call that it asked for gets on. */
  report(referrer: ReferrerId | undefined, status: number): void {
    if (referrer === undefined) {
      throw new Error('Nobody wants to be told of this REFER.');
    }
    this.sip.run((sip, now) => sip.report(referrer, status, now));
  }

  /** Takes the next event of a type that belongs to no call. */
  next<T extends EndpointEvent['type']>(type: T, within?: number): Promise<EventOf<T>> {
    return this.#inbox.take(type, (event): event is EventOf<T> => event.type === type, within);
  }

  /** Whether such an event has come and was not taken. */
  has(type: EndpointEvent['type']): boolean {
    return this.#inbox.has((event) => event.type === type);
  }

  /**
   * Lets the endpoint's time pass at once, from deadline to deadline, until it holds nothing any more: no session, dialog,
   * transaction, registration, subscription or timer. To be called when all is over, for whoever still sends comes too late.
   * Throws with the counts where something stays for more than an hour.
   */
  settle(): EndpointCounts {
    return this.sip.run((sip, now) => {
      let time = now;
      for (;;) {
        const counts = sip.counts();
        const { sessions, dialogs, transactions, registrations, subscriptions, notifiers } = counts;
        const held = sessions + dialogs + transactions + registrations + subscriptions + notifiers;
        if (held + counts.referrals + counts.referrers + counts.timers === 0) {
          return counts;
        }
        const deadline = sip.deadline();
        if (deadline === undefined || deadline > now + LONGEST_MS) {
          throw new Error(`Something is left over: ${JSON.stringify(counts)}\n${this.#trace.lastWords()}`);
        }
        time = Math.max(time, deadline);
        sip.handle({ kind: 'tick' }, time);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sip.close();
    await Promise.all(this.#audios.map((audio) => audio.close()));
  }

  /** For its own sockets alone. */
  onEvent(event: EndpointEvent): void {
    if (event.type === 'registration.changed' || event.type === 'session.ended') {
      this.#trace.note(event);
    }
    if (event.type === 'session.incoming') {
      this.#newCall(event.session, this.#newAudio());
      this.#inbox.put(event);
    } else if ('session' in event) {
      this.#calls.get(event.session)?.put(event);
    } else {
      this.#inbox.put(event);
    }
  }

  #traced(direction: TraceDirection, start: string, count: number): Promise<readonly string[]> {
    return this.#watch.until(`${count} × "${start}" ${direction}`, () => {
      const messages = this.messages(direction, start);
      return messages.length >= count ? messages : undefined;
    });
  }

  #newAudio(): OwnAudio {
    const audio = new OwnAudio(this.#tone);
    this.#audios.push(audio);
    return audio;
  }

  #newCall(session: SessionId, audio: OwnAudio): SubjectCall {
    const call = new SubjectCall({ sip: this.sip, session, audio, watch: this.#watch });
    this.#calls.set(session, call);
    return call;
  }
}
