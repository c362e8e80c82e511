import { eventOf, header, headerValues, messageSummaryType, parseMessageSummary } from '@offhook/sip';
import type {
  Credentials,
  EndpointEvent,
  RegistrationId,
  RegistrationState,
  SessionId,
  SipRequest,
  Target,
} from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import type { NodeEndpoint } from '@offhook/sip-node';
import type { FeatureCodes } from '../config/exchange.ts';
import { attempt } from '../sip/commands.ts';
import { addressOf, assertedPerson, numberOf } from '../sip/numbers.ts';
import type { ForwardingType } from '../switch/api.ts';
import type { Pacer } from '../voice/pacer.ts';
import { randomStreamStart } from '../voice/ports.ts';
import type { RtpPort, RtpPorts } from '../voice/ports.ts';
import { endedInput } from './ended.ts';
import { DEAF } from './hearing.ts';
import type { Hearing } from './hearing.ts';
import { forwardCode, IndicatorLamps } from './indicators.ts';
import type { Indicators } from './indicators.ts';
import { PhoneMachine } from './machine.ts';
import { PhoneSound } from './phone-sound.ts';
import { command } from './session-commands.ts';
import type {
  PhoneCallId,
  PhoneCallInput,
  PhoneEffect,
  PhoneInput,
  PhoneSituation,
  PlainAction,
} from './types.ts';

export interface DeskPhoneOptions {
  readonly id: string;
  /** `mobile`: a telephone of the public network. */
  readonly kind: 'desk' | 'mobile';
  readonly number: string;
  readonly name: string;
  readonly credentials: Credentials;
  readonly transport: 'udp' | 'tcp';
  readonly toneHz: number;
  readonly autoAnswerMs: number | undefined;
  readonly codes: FeatureCodes;
  /** The PBX as the phone sees it. */
  readonly pbx: { readonly address: string; readonly port: number };
  readonly ports: RtpPorts;
  readonly pacer: Pacer;
  readonly onChange: () => void;
}

export type PhoneRegistration = 'registering' | 'registered' | 'failed' | 'unregistered';

/** A desk phone as the page and the API show it. */
export interface PhoneView extends PhoneSituation {
  readonly id: string;
  readonly kind: 'desk' | 'mobile';
  readonly extension: string;
  readonly name: string;
  readonly registration: PhoneRegistration;
  /** The phone's own voice. */
  readonly toneHz: number;
  readonly hears: Hearing;
  readonly indicators: Indicators;
}

/** Seconds; refreshed by the endpoint. */
const REGISTRATION_SECONDS = 120;
/** What the phone obeys (a practice of many makers, in no RFC). */
const OBEDIENT = [['Allow-Events', 'talk, hold']] as const;

interface Call {
  readonly session: SessionId;
  readonly sound: PhoneSound;
}

/**
 * A virtual desk phone: a SIP user agent of its own, on a port of its own, that knows the PBX only by its address. Thin:
 * what a phone does when is in {@link PhoneMachine}.
 */
export class DeskPhone {
  readonly id: string;
  readonly #options: DeskPhoneOptions;
  readonly #machine: PhoneMachine;
  readonly #lamps = new IndicatorLamps();
  readonly #rtp: RtpPort;
  readonly #host: string;
  readonly #calls = new Map<PhoneCallId, Call>();
  readonly #bySession = new Map<SessionId, PhoneCallId>();
  /** What a feature code changes once the PBX has taken it. */
  readonly #codes = new Map<PhoneCallId, () => void>();
  #sip: NodeEndpoint | undefined;
  #registration: RegistrationId | undefined;
  #registrationName: PhoneRegistration = 'unregistered';
  #watchesBox = false;
  #timer: NodeJS.Timeout | undefined;
  #closing: (() => void) | undefined;

  private constructor(options: DeskPhoneOptions, rtp: RtpPort) {
    const { pbx } = options;
    this.id = options.id;
    this.#options = options;
    this.#rtp = rtp;
    this.#host = `${pbx.address.includes(':') ? `[${pbx.address}]` : pbx.address}:${pbx.port}`;
    this.#machine = new PhoneMachine(
      { address: rtp.address, port: rtp.port, sessionId: String(randomStreamStart().ssrc) },
      { autoAnswer: options.autoAnswerMs, conference: options.codes.conference },
    );
    rtp.onDatagram = (datagram, from) => {
      for (const { sound } of this.#calls.values()) if (sound.receive(datagram, from)) return;
    };
  }

  /** Opens the sockets and registers. Rejects where a socket cannot be opened. */
  static async open(options: DeskPhoneOptions): Promise<DeskPhone> {
    const rtp = await options.ports.open();
    if (rtp === undefined) throw new Error('No RTP port is free for a desk phone.');
    const phone = new DeskPhone(options, rtp);
    phone.#sip = await openNodeEndpoint({
      product: 'Offhook practice phone',
      listen: [{ transport: options.transport, address: options.pbx.address, port: 0 }],
      unsolicited: ['talk', 'hold'],
      onEvent: (event) => phone.#event(event),
    });
    phone.#register();
    return phone;
  }

  get view(): PhoneView {
    const { kind, number, name, toneHz } = this.#options;
    return {
      id: this.id,
      kind,
      extension: number,
      name,
      registration: this.#registrationName,
      toneHz,
      ...this.#machine.situation,
      hears: this.hearing,
      indicators: this.#lamps.view,
    };
  }

  /** Of the call in front. */
  get hearing(): Hearing {
    const { front } = this.#machine;
    const call = front === undefined ? undefined : this.#calls.get(front);
    return call?.sound.hearing ?? DEAF;
  }

  /** False where the phone's state does not permit it. */
  act(action: PlainAction): boolean {
    if (!this.#machine.may(action)) return false;
    this.#input({ kind: action });
    return true;
  }

  dial(to: string): boolean {
    return this.#dialFor('call', to);
  }

  /** A second call: the first is held. */
  consult(to: string): boolean {
    return this.#dialFor('consult', to);
  }

  /** Sends the other side there without asking first. */
  blindTransfer(to: string): boolean {
    return this.#dialFor('blindTransfer', to);
  }

  press(digits: string): boolean {
    const { front } = this.#machine;
    if (!this.#machine.may('dtmf') || front === undefined) return false;
    this.#calls.get(front)?.sound.press(digits);
    return true;
  }

  /** By feature code, as the key of a phone does; the lamp shows what the PBX has taken. */
  setDoNotDisturb(on: boolean): boolean {
    const { doNotDisturb, doNotDisturbOff } = this.#options.codes;
    return this.#dialCode(on ? doNotDisturb : doNotDisturbOff, () => this.#lamps.doNotDisturb(on));
  }

  /** Without a number it is switched off. */
  setForwarding(type: ForwardingType, to: string | undefined): boolean {
    const code = forwardCode(this.#options.codes, type, to);
    return this.#dialCode(code, () => this.#lamps.forwarding(type, to));
  }

  /** Hangs up, removes its binding at the PBX where that answers within `grace` ms, and closes its sockets. */
  async close(grace = 1000): Promise<void> {
    while (this.#machine.may('hangup') || this.#machine.may('reject')) {
      this.#input({ kind: this.#machine.may('hangup') ? 'hangup' : 'reject' });
    }
    const registration = this.#registration;
    if (registration !== undefined && this.#registrationName === 'registered') {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, grace);
        this.#closing = () => {
          clearTimeout(timer);
          resolve();
        };
        this.#sip?.run((endpoint, now) => endpoint.unregister(registration, now));
      });
    }
    clearTimeout(this.#timer);
    for (const { sound } of this.#calls.values()) sound.stop();
    this.#rtp.close();
    await this.#sip?.close();
  }

  #dialFor(kind: 'call' | 'consult' | 'blindTransfer', to: string): boolean {
    if (!this.#machine.may(kind)) return false;
    this.#input({ kind, to });
    return true;
  }

  #dialCode(code: string, onTaken: () => void): boolean {
    if (!this.dial(code)) return false;
    const { front } = this.#machine;
    if (front !== undefined) this.#codes.set(front, onTaken);
    return true;
  }

  #register(): void {
    const { number, credentials } = this.#options;
    this.#registration = this.#sip?.run((endpoint, now) =>
      endpoint.register(
        {
          registrar: `sip:${this.#host}`,
          aor: this.#addressOf(number),
          contactUser: number,
          expires: REGISTRATION_SECONDS,
          credentials,
          target: this.#target(),
        },
        now,
      ),
    );
  }

  /** The lamp of the mailbox (RFC 3842). */
  #watchBox(): void {
    const { kind, number, credentials } = this.#options;
    if (this.#watchesBox || kind === 'mobile') return;
    this.#watchesBox = true;
    this.#sip?.run((endpoint, now) =>
      endpoint.subscribe(
        {
          to: this.#addressOf(number),
          from: this.#addressOf(number),
          event: 'message-summary',
          accept: [messageSummaryType],
          expires: REGISTRATION_SECONDS,
          target: this.#target(),
          credentials,
          contactUser: number,
        },
        now,
      ),
    );
  }

  #event(event: EndpointEvent): void {
    switch (event.type) {
      case 'registration.changed':
        this.#registered(event.state);
        break;
      case 'session.incoming':
        this.#incoming(event);
        break;
      case 'session.request':
        this.#ordered(event);
        break;
      case 'request':
        this.#sip?.run((endpoint, now) => endpoint.respond(event.requestId, 501, now));
        break;
      case 'session.progress':
        if (event.response.status >= 180) {
          this.#ofSession(event.session, { kind: 'alerting', peer: assertedPerson(event.response) });
        }
        break;
      case 'session.accepted':
        this.#ofSession(event.session, {
          kind: 'accepted',
          peer: assertedPerson(event.response),
          body: event.body,
        });
        break;
      case 'session.confirmed':
        this.#ofSession(event.session, { kind: 'confirmed', body: event.body });
        break;
      case 'session.reoffer':
        this.#ofSession(event.session, {
          kind: 'offered',
          peer: assertedPerson(event.request),
          offer: event.offer,
        });
        break;
      case 'session.reoffer_result':
        this.#ofSession(event.session, { kind: 'offer_result', ok: event.ok, answer: event.answer });
        break;
      case 'session.ended':
        this.#ofSession(event.session, endedInput(event.end));
        this.#bySession.delete(event.session);
        break;
      case 'referral.changed':
        this.#referred(event);
        break;
      case 'subscription.notified':
        this.#lamps.messages(event.body && parseMessageSummary(event.body.bytes));
        this.#options.onChange();
        break;
      case 'response':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'subscription.changed':
      case 'notifier.wanted':
      case 'notifier.ended':
        break;
      default:
        event satisfies never;
    }
  }

  readonly #referrals = new Map<number, PhoneCallId>();

  #referred({ referral, state }: Extract<EndpointEvent, { type: 'referral.changed' }>): void {
    const call = this.#referrals.get(referral);
    if (state.name !== 'ended' || call === undefined) return;
    this.#referrals.delete(referral);
    const { outcome } = state;
    const ok = outcome.kind === 'reported' && outcome.status < 300;
    this.#input({ kind: 'of_call', call, input: { kind: 'referred', ok } });
  }

  #registered(state: RegistrationState): void {
    this.#registrationName = state.name;
    if (state.name === 'registered') this.#watchBox();
    if (state.name === 'unregistered') this.#closing?.();
    this.#options.onChange();
  }

  #incoming(event: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const { session, request, info, offer } = event;
    if (!this.#machine.hasRoom) {
      if (this.#sip !== undefined) attempt(this.#sip, (endpoint, now) => endpoint.refuse(session, 486, now));
      return;
    }
    const call = this.#machine.newCallId();
    this.#begin(call, session);
    const number = numberOf(info.remoteUri) ?? info.remoteUri;
    const from = info.remoteName === undefined ? { number } : { number, name: info.remoteName };
    this.#input({ kind: 'incoming', call, from, offer, autoAnswer: asksToAnswer(request) });
  }

  /** NOTIFY with the events talk and hold, inside a call. */
  #ordered({ session, requestId, request }: Extract<EndpointEvent, { type: 'session.request' }>): void {
    const order = request.method === 'NOTIFY' ? eventOf(request)?.package : undefined;
    const isKnown = order === 'talk' || order === 'hold';
    this.#sip?.run((endpoint, now) => endpoint.respond(requestId, isKnown ? 200 : 501, now));
    if (isKnown) this.#ofSession(session, { kind: 'order', order });
  }

  /** Events of a session that the phone has already given up change nothing. */
  #ofSession(session: SessionId, input: PhoneCallInput): void {
    const call = this.#bySession.get(session);
    if (call === undefined) return;
    if (input.kind === 'accepted') this.#codes.get(call)?.();
    this.#input({ kind: 'of_call', call, input });
  }

  #input(input: PhoneInput): void {
    const sip = this.#sip;
    if (sip === undefined) return;
    sip.run((_, now) => this.#machine.handle(input, now));
    for (const effect of this.#machine.takeEffects()) this.#effect(sip, effect);
    this.#arm(sip);
    this.#options.onChange();
  }

  #effect(sip: NodeEndpoint, { call: id, effect }: PhoneEffect): void {
    const call = this.#calls.get(id);
    switch (effect.kind) {
      case 'invite':
        this.#invite(sip, id, effect);
        break;
      case 'agree':
        call?.sound.agree(effect.voice);
        break;
      case 'speak':
        call?.sound.speak(effect.on);
        break;
      case 'refer':
      case 'refer_to_call':
        if (call !== undefined) this.#refer(sip, id, call.session, effect);
        break;
      case 'over':
        call?.sound.stop();
        this.#calls.delete(id);
        this.#codes.delete(id);
        break;
      case 'ring':
      case 'accept':
      case 'refuse':
      case 'end':
      case 'reoffer':
      case 'accept_offer':
      case 'refuse_offer':
        if (call !== undefined) command(sip, call.session, effect, OBEDIENT);
        break;
      default:
        effect satisfies never;
    }
  }

  #invite(
    sip: NodeEndpoint,
    id: PhoneCallId,
    effect: Extract<PhoneEffect['effect'], { kind: 'invite' }>,
  ): void {
    const { number, name, credentials } = this.#options;
    const session = sip.run((endpoint, now) =>
      endpoint.invite(
        {
          to: this.#addressOf(effect.to),
          from: this.#addressOf(number),
          fromName: name,
          contactUser: number,
          offer: effect.offer,
          target: this.#target(),
          credentials,
          headers: OBEDIENT,
        },
        now,
      ),
    );
    this.#begin(id, session);
  }

  #refer(
    sip: NodeEndpoint,
    id: PhoneCallId,
    session: SessionId,
    effect: Extract<PhoneEffect['effect'], { kind: 'refer' | 'refer_to_call' }>,
  ): void {
    const replaces = effect.kind === 'refer' ? undefined : this.#calls.get(effect.other)?.session;
    attempt(sip, (endpoint, now) => {
      const target =
        effect.kind === 'refer'
          ? { referTo: this.#addressOf(effect.to) }
          : replaces !== undefined && { replaces };
      const referral = endpoint.refer({ session, ...target }, now);
      this.#referrals.set(referral, id);
    });
  }

  #begin(id: PhoneCallId, session: SessionId): void {
    const { pacer, toneHz } = this.#options;
    this.#calls.set(id, { session, sound: new PhoneSound(this.#rtp, pacer, toneHz) });
    this.#bySession.set(session, id);
  }

  #arm(sip: NodeEndpoint): void {
    clearTimeout(this.#timer);
    const deadline = this.#machine.deadline();
    if (deadline === undefined) return;
    const delay = sip.run((_, now) => Math.max(0, deadline - now));
    this.#timer = setTimeout(() => this.#input({ kind: 'tick' }), Math.ceil(delay));
  }

  #addressOf(number: string): string {
    return addressOf(number, this.#host);
  }

  #target(): Target {
    const { address, port } = this.#options.pbx;
    return { transport: this.#options.transport, address, port };
  }
}

/** Alert-Info or Call-Info as PBXs write them for a phone that shall answer by itself. */
function asksToAnswer(request: SipRequest): boolean {
  const alert = header(request, 'alert-info')?.toLowerCase() ?? '';
  if (alert.includes('alert-autoanswer') || alert.includes('auto-answer')) return true;
  return headerValues(request, 'call-info').some((value) => /;\s*answer-after\s*=\s*0\b/i.test(value));
}
