import {
  header,
  parseNameAddr,
  parseReferTo,
  parseSipUri,
  SipEndpoint,
  SipUsageError,
  type Body,
  type EndpointCounts,
  type EndpointEvent,
  type ServerRequestId,
  type SessionId,
  type SipRequest,
} from '@offhook/sip';
import { SipHost, type SeededRandom, type SimulatedNetwork, type VirtualClock } from '@offhook/testkit';
import { textOf } from '../../calls/session-events.ts';
import { describe, describeAnswer } from '../../testing/fake-engine.ts';
import { DOMAIN } from '../office.test-support.ts';
import { SLOT, type Extension, type FakeCall, type LineSide, type Switch } from './switch.test-support.ts';
import { Watchers } from './watchers.test-support.ts';

export const CONNECTOR = { address: '192.0.2.2', port: 5060 };
export const PBX = { address: '192.0.2.1', port: 5060 };

/** Seconds after which a session that nobody refreshes is over: by it a side that has lost its memory is found out. */
const SESSION_EXPIRES = 120;

const sdp = (text: string): Body => ({
  contentType: 'application/sdp',
  bytes: new TextEncoder().encode(text),
});

/** One SIP session of the exchange with the connector. */
interface Leg {
  readonly session: SessionId;
  readonly device: string;
  /** `undefined`: it is to go. */
  call: FakeCall | undefined;
  readonly invitedBy: 'line' | 'exchange';
  readonly port: number;
  readonly offer: string;
  answered: boolean;
  rung: boolean;
  /** What the line was told last: who is at the other side, and whether they hold. */
  told: string;
  /** A new offer of ours is under way. */
  changing: boolean;
  /** The call is at this device until the line has answered. */
  readonly brings: string | undefined;
}

interface TrunkOptions {
  readonly clock: VirtualClock;
  readonly network: SimulatedNetwork;
  readonly random: SeededRandom;
  readonly switch: Switch;
  /** Event packages that the exchange has. */
  readonly hasPackages: boolean;
}

/** The lines of the exchange towards the connector: SIP of its calls, on a real endpoint. */
export class Trunk implements LineSide {
  readonly #options: TrunkOptions;
  readonly #switch: Switch;
  #host: SipHost<SipEndpoint>;
  readonly #legs = new Map<SessionId, Leg>();
  readonly #watchers: Watchers;
  #isArmed = false;
  #port = 40_000;

  constructor(options: TrunkOptions) {
    this.#options = options;
    this.#switch = options.switch;
    this.#switch.lines = this;
    this.#host = this.#open();
    this.#watchers = new Watchers({
      switch: options.switch,
      hasPackages: options.hasPackages,
      shown: (device) => this.#shown(device),
      callIdOf: (call, device) => this.#callIdOf(call, device),
      run: (command) => this.#run(command),
    });
  }

  /** Of the line's session in this call, once it has a dialog; empty before. */
  #callIdOf(call: FakeCall, device: string): string | undefined {
    const leg = [...this.#legs.values()].find((one) => one.call === call && one.device === device);
    return leg === undefined ? undefined : (this.#host.endpoint.dialogOf(leg.session)?.callId ?? '');
  }

  counts(): EndpointCounts {
    return this.#host.endpoint.counts();
  }

  restart(): void {
    this.#host[Symbol.dispose]();
    this.#legs.clear();
    this.#watchers.forget();
    this.#host = this.#open();
  }

  close(): void {
    this.#host[Symbol.dispose]();
  }

  #open(): SipHost<SipEndpoint> {
    const { network, clock, random } = this.#options;
    return new SipHost({
      network,
      clock,
      place: PBX,
      endpoint: new SipEndpoint({
        random: random.fork().bytes,
        product: 'exchange',
        local: [{ transport: 'udp', ...PBX }],
      }),
      onEvent: (event) => {
        this.#onSip(event);
      },
    });
  }

  // ── LineSide ──

  changed(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#options.clock.after(0, () => {
      this.#isArmed = false;
      this.#settle();
    });
  }

  bring(call: FakeCall, from: string, line: string): void {
    this.#invite(call, line, from);
  }

  joined(old: readonly FakeCall[], merged: FakeCall): void {
    const devices = new Set<string>();
    const [, active] = old;
    const [first, second] = [true, false].map((isActive) =>
      [...this.#legs.values()].filter(({ call }) => (call === active) === isActive),
    );
    for (const leg of [...(first ?? []), ...(second ?? [])]) {
      if (leg.call === undefined || !old.includes(leg.call)) continue;
      // Of two legs of one device one is enough: the one at which they talk.
      leg.call = devices.has(leg.device) ? undefined : merged;
      devices.add(leg.device);
    }
    this.changed();
  }

  // ── what the lines are to see ──

  #settle(): void {
    for (const leg of this.#legs.values()) this.#adjust(leg);
    for (const call of this.#switch.calls.values()) {
      for (const [device, state] of call.parts) {
        const hasLeg = [...this.#legs.values()].some((leg) => leg.call === call && leg.device === device);
        if (state === 'alerting' && this.#switch.isLine(device) && !hasLeg)
          this.#invite(call, device, undefined);
      }
    }
    this.#watchers.changed();
  }

  #adjust(leg: Leg): void {
    const { call, session, device, brings } = leg;
    if (call === undefined || !this.#switch.isAlive(call)) {
      this.#drop(leg);
      return;
    }
    if (brings !== undefined && !call.parts.has(device)) {
      if (!call.parts.has(brings)) this.#drop(leg);
      return;
    }
    const own = call.parts.get(device);
    if (own === undefined) {
      this.#drop(leg);
      return;
    }
    const others = [...call.parts].filter(([other]) => other !== device);
    if (!leg.answered) {
      if (leg.invitedBy === 'exchange') return;
      if (others.some(([, state]) => state === 'connected' || state === 'hold')) {
        leg.answered = true;
        leg.told = this.#toldOf(leg);
        const answer = describeAnswer(leg.port, leg.offer, this.#wanted(leg));
        const headers = this.#asserted(leg);
        this.#run((endpoint, now) =>
          endpoint.accept(session, sdp(answer), now, { headers, sessionTimer: { expires: SESSION_EXPIRES } }),
        );
      } else if (!leg.rung && others.some(([, state]) => state === 'alerting')) {
        leg.rung = true;
        this.#run((endpoint, now) => endpoint.ring(session, now));
      }
      return;
    }
    const wanted = this.#toldOf(leg);
    if (leg.changing || wanted === leg.told) return;
    leg.told = wanted;
    leg.changing = true;
    const headers = this.#asserted(leg);
    const offer = describe(leg.port, this.#wanted(leg));
    const isDone = this.#run((endpoint, now) => endpoint.reoffer(session, sdp(offer), now, { headers }));
    if (!isDone) {
      leg.changing = false;
      leg.told = '';
      this.#options.clock.after(500, () => this.changed());
    }
  }

  #remoteOf({ call, device }: Leg): string {
    const others = [...(call?.parts ?? [])].filter(
      ([other, state]) => other !== device && state !== 'alerting',
    );
    const [only] = others;
    const number = only?.[0] ?? call?.calling ?? '';
    return this.#shown(number === device ? (call?.called ?? '') : number);
  }

  /** A line is hidden behind the number that people call. */
  #shown(device: string): string {
    const extension = this.#switch.extensions.find(({ line }) => line === device);
    return extension?.main ?? device;
  }

  #isHeldByOthers({ call, device }: Leg): boolean {
    const others = [...(call?.parts ?? [])].filter(([other]) => other !== device);
    return others.length > 0 && others.every(([, state]) => state === 'hold' || state === 'queued');
  }

  readonly #toldOf = (leg: Leg): string => `${this.#remoteOf(leg)} ${String(this.#isHeldByOthers(leg))}`;

  readonly #wanted = (leg: Leg): 'sendonly' | 'sendrecv' =>
    this.#isHeldByOthers(leg) ? 'sendonly' : 'sendrecv';

  readonly #asserted = (leg: Leg): [string, string][] => [
    ['P-Asserted-Identity', `<sip:${encodeURIComponent(this.#remoteOf(leg))}@${DOMAIN}>`],
  ];

  #drop(leg: Leg): void {
    this.#legs.delete(leg.session);
    const { session, call } = leg;
    const talking = [...(call?.parts.values() ?? [])].filter(
      (state) => state === 'connected' || state === 'hold',
    );
    const isTaken = talking.length > 1;
    if (leg.invitedBy === 'line' && !leg.answered) {
      const status = statusOf(call === undefined ? undefined : this.#switch.causes.get(call));
      this.#run((endpoint, now) => endpoint.refuse(session, status, now));
      return;
    }
    const reason: [string, string][] =
      isTaken && !leg.answered ? [['Reason', 'SIP;cause=200;text="Call completed elsewhere"']] : [];
    this.#run((endpoint, now) => endpoint.end(session, now, { headers: reason }));
  }

  #invite(call: FakeCall, device: string, brings: string | undefined): void {
    const extension = this.#switch.extensionOf(device);
    if (extension === undefined) return;
    this.#port += 2;
    const port = this.#port;
    const [talks] = [...call.parts].find(
      ([other, state]) => other !== device && other !== brings && state !== 'alerting',
    ) ?? [call.calling];
    const from = this.#shown(talks);
    const session = this.#host.run((endpoint, now) =>
      endpoint.invite(
        {
          to: `sip:line-${extension.name}@${CONNECTOR.address}:${String(CONNECTOR.port)}`,
          from: `sip:${encodeURIComponent(from)}@${DOMAIN}`,
          offer: sdp(describe(port)),
          target: { transport: 'udp', ...CONNECTOR },
          answerTimeout: 60_000,
          sessionTimer: { expires: SESSION_EXPIRES },
        },
        now,
      ),
    );
    this.#legs.set(session, {
      session,
      device,
      call,
      invitedBy: 'exchange',
      port,
      offer: '',
      answered: false,
      rung: true,
      told: `${from} false`,
      changing: false,
      brings,
    });
  }

  // ── what the lines do ──

  #onSip(event: EndpointEvent): void {
    switch (event.type) {
      case 'session.incoming':
        this.#onInvite(event);
        return;
      case 'session.accepted':
        this.#onAnswer(event.session);
        return;
      case 'session.ended':
        this.#onEnd(event);
        return;
      case 'session.reoffer':
        this.#onReoffer(event.session, event.offer === undefined ? undefined : textOf(event.offer));
        return;
      case 'session.reoffer_result': {
        const leg = this.#legs.get(event.session);
        if (leg === undefined) return;
        leg.changing = false;
        this.changed();
        return;
      }
      case 'session.request':
        this.#onRequestInSession(event.session, event.requestId, event.request);
        return;
      case 'request':
        this.#watchers.onRequest(event.requestId, event.request);
        return;
      case 'notifier.wanted':
        this.#watchers.notify(event.notifier, true);
        return;
      case 'notifier.ended':
        this.#watchers.ended(event.notifier);
        return;
      case 'session.progress':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'session.confirmed':
      case 'response':
      case 'registration.changed':
      case 'subscription.changed':
      case 'subscription.notified':
      case 'referral.changed':
    }
  }

  #onInvite({ session, request, offer }: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const from = parseSipUri(parseNameAddr(header(request, 'From') ?? '')?.uri ?? '')?.user ?? '';
    const to = decodeURIComponent(parseSipUri(request.uri)?.user ?? '');
    const own = this.#switch.extensions.find(({ line }) => line === from);
    if (own === undefined) {
      this.#run((endpoint, now) => endpoint.refuse(session, 403, now));
      return;
    }
    if (to === '*25' || to === '#25') {
      this.#onFeatureCode(session, own, to, offer);
      return;
    }
    const call = this.#callFor(own, to);
    if (call === undefined) {
      this.#run((endpoint, now) => endpoint.refuse(session, 404, now));
      return;
    }
    this.#port += 2;
    this.#legs.set(session, {
      session,
      device: own.line,
      call,
      invitedBy: 'line',
      port: this.#port,
      offer: offer === undefined ? '' : textOf(offer),
      answered: false,
      rung: false,
      told: '',
      changing: false,
      brings: undefined,
    });
    this.changed();
  }

  #onFeatureCode(session: SessionId, own: Extension, code: string, offer: Body | undefined): void {
    if (code === '*25') this.#switch.disturb.add(own.main);
    else this.#switch.disturb.delete(own.main);
    const answer = describeAnswer(41_000, offer === undefined ? '' : textOf(offer));
    this.#run((endpoint, now) => endpoint.accept(session, sdp(answer), now));
    this.#options.clock.after(300, () => this.#run((endpoint, now) => endpoint.end(session, now)));
  }

  /** The call that somebody comes into who dials this; `undefined`: there is none. */
  #callFor(own: Extension, to: string): FakeCall | undefined {
    const { line, main } = own;
    if (to === SLOT || to.startsWith('*8')) {
      const wanted = to === SLOT ? this.#parked(line) : this.#ringingAt(to.slice(2), own);
      if (wanted === undefined) return undefined;
      this.#switch.takeRinging(wanted);
      this.#switch.set(wanted, line, 'connected', 'EstablishedEvent', 'callPickup');
      // What rings at this line has been taken by it.
      for (const leg of this.#legs.values()) if (leg.call === wanted && leg.device === line) this.#drop(leg);
      return wanted;
    }
    if (to === main || !/^\+?\d+$/u.test(to)) return undefined;
    const call = this.#switch.dial(line, to);
    this.#switch.ring(call, to);
    return call;
  }

  #parked(line: string): FakeCall | undefined {
    return this.#switch.callsAt(SLOT).find(({ parts }) => !parts.has(line));
  }

  #ringingAt(number: string, { main, line, mobile }: Extension): FakeCall | undefined {
    if (number === '') return this.#switch.ringingElsewhere([main, line, mobile]);
    return this.#switch
      .callsAt(number)
      .find(({ parts }) => parts.get(number) === 'alerting' && (!parts.has(line) || number === main));
  }

  #onAnswer(session: SessionId): void {
    const leg = this.#legs.get(session);
    if (leg === undefined || leg.answered) return;
    leg.answered = true;
    const { call, device, brings } = leg;
    if (call === undefined || !this.#switch.isAlive(call)) this.changed();
    else if (brings !== undefined && call.parts.has(brings) && !call.parts.has(device)) {
      this.#switch.move(call, brings, device, true);
    } else if (call.parts.get(device) === 'alerting') this.#switch.answer(call, device);
    this.changed();
  }

  #onEnd({ session, end }: Extract<EndpointEvent, { type: 'session.ended' }>): void {
    const leg = this.#legs.get(session);
    this.#legs.delete(session);
    if (leg?.call === undefined || !this.#switch.isAlive(leg.call)) return;
    const { call, device, answered } = leg;
    if (!call.parts.has(device)) return;
    const status = end.by === 'refused' ? end.response.status : 0;
    const contact =
      end.by === 'refused' ? parseNameAddr(header(end.response, 'Contact') ?? '')?.uri : undefined;
    const onward = decodeURIComponent(parseSipUri(contact ?? '')?.user ?? '');
    if (!answered && status === 302 && this.#switch.mayJoin(call, onward)) {
      this.#switch.divert(call, device, onward);
      return;
    }
    if (status === 486) this.#switch.causes.set(call, 'busy');
    this.#switch.clear(call, device, status === 486 ? 'busy' : 'normalClearing');
  }

  #onReoffer(session: SessionId, offer: string | undefined): void {
    const leg = this.#legs.get(session);
    if (leg === undefined) {
      this.#run((endpoint, now) => endpoint.refuseOffer(session, 488, now));
      return;
    }
    const answer =
      offer === undefined
        ? describe(leg.port, this.#wanted(leg))
        : describeAnswer(leg.port, offer, this.#wanted(leg));
    this.#run((endpoint, now) => endpoint.acceptOffer(session, sdp(answer), now));
    const { call, device } = leg;
    if (offer === undefined || call === undefined) return;
    const holds = /a=(?:sendonly|inactive)/u.test(offer);
    const state = call.parts.get(device);
    if (holds && state === 'connected') this.#switch.hold(call, device);
    else if (!holds && state === 'hold') this.#switch.retrieve(call, device);
  }

  #onRequestInSession(session: SessionId, requestId: ServerRequestId, request: SipRequest): void {
    const leg = this.#legs.get(session);
    const referTo = request.method === 'REFER' ? parseReferTo(request) : undefined;
    const { call, device } = leg ?? {};
    if (referTo === undefined || call === undefined || device === undefined) {
      this.#run((endpoint, now) => endpoint.respond(requestId, request.method === 'INFO' ? 200 : 405, now));
      return;
    }
    this.#run((endpoint, now) => {
      const referrer = endpoint.acceptRefer(requestId, now);
      const isDone =
        referTo.replaces === undefined
          ? this.#transfer(call, device, decodeURIComponent(parseSipUri(referTo.uri)?.user ?? ''))
          : this.#joinBy(call, device, referTo.replaces.callId);
      if (referrer !== undefined) endpoint.report(referrer, isDone ? 200 : 404, now);
    });
    this.changed();
  }

  #transfer(call: FakeCall, device: string, to: string): boolean {
    const state = call.parts.get(device);
    if (state !== 'connected' && state !== 'hold') return false;
    if (to === '*70') {
      this.#switch.park(call, device, SLOT);
      return true;
    }
    const extension = this.#switch.extensionOf(device);
    if (extension?.main === to) {
      // To their own number: the desk phone rings, and the line that is in the call is not called.
      if (call.parts.has(to)) return false;
      this.#switch.set(call, device, 'null', 'ConnectionClearedEvent', 'transfer');
      this.#switch.ring(call, to, 'singleStepTransfer');
      return true;
    }
    if (!this.#switch.mayJoin(call, to)) return false;
    this.#switch.set(call, device, 'null', 'ConnectionClearedEvent', 'transfer');
    this.#switch.ring(call, to, 'singleStepTransfer');
    return true;
  }

  #joinBy(held: FakeCall, device: string, callId: string): boolean {
    const other = [...this.#legs.values()].find(
      (leg) => leg.answered && this.#host.endpoint.dialogOf(leg.session)?.callId === callId,
    );
    const active = other?.call;
    if (active === undefined || active === held || other?.device !== device) return false;
    const shared = [...held.parts.keys()].some((one) => one !== device && active.parts.has(one));
    if (shared || !held.parts.has(device) || !active.parts.has(device)) return false;
    this.#switch.join(held, active, device, false);
    return true;
  }

  /** @returns whether the endpoint could; what has ended with its event still on the way cannot */
  #run(command: (endpoint: SipEndpoint, now: number) => void): boolean {
    try {
      this.#host.run(command);
      return true;
    } catch (error) {
      if (!(error instanceof SipUsageError)) throw error;
      return false;
    }
  }
}

const STATUSES: Readonly<Record<string, number>> = { busy: 486, invalidNumber: 404, noAnswer: 480 };

const statusOf = (cause = ''): number => STATUSES[cause] ?? 603;
