import { parseReason } from '@offhook/sip';
import type { EndpointEvent, RegistrationId, RegistrationState, SessionId, Target } from '@offhook/sip';
import { openNodeEndpoint } from '@offhook/sip-node';
import type { NodeEndpoint } from '@offhook/sip-node';
import { addressOf, assertedPerson, numberOf } from '../calls/numbers.ts';
import { authUserOf } from '../config/directory.ts';
import type { ExtensionConfig, PhoneConfig } from '../config/exchange.ts';
import { attempt } from '../sip-commands.ts';
import { VoiceLeg } from '../voice/leg.ts';
import type { Pacer } from '../voice/pacer.ts';
import { randomStreamStart } from '../voice/ports.ts';
import type { RtpPort, RtpPorts } from '../voice/ports.ts';
import { DEAF, Ear } from './hearing.ts';
import type { Hearing } from './hearing.ts';
import { PhoneMachine } from './machine.ts';
import { PhoneVoice } from './phone-voice.ts';
import type { PhoneAction, PhoneEffect, PhoneInput, PhoneSituation } from './types.ts';

export interface DeskPhoneOptions {
  readonly config: PhoneConfig;
  readonly extension: ExtensionConfig;
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
  readonly extension: string;
  readonly name: string;
  readonly registration: PhoneRegistration;
  /** The phone's own voice. */
  readonly toneHz: number;
  readonly hears: Hearing;
}

/** Seconds; refreshed by the endpoint. */
const REGISTRATION_SECONDS = 120;

interface Call {
  readonly session: SessionId;
  readonly leg: VoiceLeg;
  readonly voice: PhoneVoice;
  ear: Ear | undefined;
}

/**
 * A virtual desk phone: a SIP user agent of its own, on a port of its own, that knows the PBX only by its address. Thin:
 * what a phone does when is in {@link PhoneMachine}.
 */
export class DeskPhone {
  readonly id: string;
  readonly #options: DeskPhoneOptions;
  readonly #machine: PhoneMachine;
  readonly #rtp: RtpPort;
  readonly #host: string;
  #sip: NodeEndpoint | undefined;
  #registration: RegistrationId | undefined;
  #registrationName: PhoneRegistration = 'unregistered';
  #call: Call | undefined;
  #playing: Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing: (() => void) | undefined;

  private constructor(options: DeskPhoneOptions, rtp: RtpPort) {
    const { config, pbx } = options;
    this.id = config.id ?? config.extension;
    this.#options = options;
    this.#rtp = rtp;
    this.#host = `${pbx.address.includes(':') ? `[${pbx.address}]` : pbx.address}:${pbx.port}`;
    this.#machine = new PhoneMachine(
      { address: rtp.address, port: rtp.port, sessionId: String(randomStreamStart().ssrc) },
      { autoAnswer: config.autoAnswerMs },
    );
    rtp.onDatagram = (datagram, from) => {
      const call = this.#call;
      const now = performance.now();
      const received = call?.leg.receive(datagram, from, now);
      if (call === undefined || received === undefined) return;
      if (received.kind === 'event') call.ear?.event(received.pressed);
      else call.ear?.hear(call.leg.decode(received.packet), now);
    };
  }

  /** Opens the sockets and registers. Rejects where a socket cannot be opened. */
  static async open(options: DeskPhoneOptions): Promise<DeskPhone> {
    const rtp = await options.ports.open();
    if (rtp === undefined) throw new Error('No RTP port is free for a desk phone.');
    const phone = new DeskPhone(options, rtp);
    phone.#sip = await openNodeEndpoint({
      product: 'Offhook practice phone',
      listen: [{ transport: options.config.transport, address: options.pbx.address, port: 0 }],
      onEvent: (event) => phone.#event(event),
    });
    phone.#register();
    return phone;
  }

  get view(): PhoneView {
    const { config, extension } = this.#options;
    return {
      id: this.id,
      extension: extension.number,
      name: extension.name,
      registration: this.#registrationName,
      toneHz: config.toneHz,
      ...this.#machine.situation,
      hears: this.hearing,
    };
  }

  get hearing(): Hearing {
    return this.#call?.ear?.report(performance.now()) ?? DEAF;
  }

  /** False where the phone's state does not permit it. */
  act(action: Exclude<PhoneAction, 'call' | 'dtmf'>): boolean {
    if (!this.#machine.may(action)) return false;
    this.#input({ kind: action });
    return true;
  }

  dial(to: string): boolean {
    if (!this.#machine.may('call')) return false;
    this.#input({ kind: 'call', to });
    return true;
  }

  press(digits: string): boolean {
    if (!this.#machine.may('dtmf')) return false;
    this.#call?.voice.press(digits);
    return true;
  }

  /** Hangs up, removes its binding at the PBX where that answers within `grace` ms, and closes its sockets. */
  async close(grace = 1000): Promise<void> {
    if (this.#machine.may('hangup')) this.#input({ kind: 'hangup' });
    if (this.#machine.may('reject')) this.#input({ kind: 'reject' });
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
    this.#playing?.[Symbol.dispose]();
    this.#rtp.close();
    await this.#sip?.close();
  }

  #register(): void {
    const { extension } = this.#options;
    this.#registration = this.#sip?.run((endpoint, now) =>
      endpoint.register(
        {
          registrar: `sip:${this.#host}`,
          aor: this.#addressOf(extension.number),
          contactUser: extension.number,
          expires: REGISTRATION_SECONDS,
          credentials: this.#credentials(),
          target: this.#target(),
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
      case 'request':
      case 'session.request':
        this.#sip?.run((endpoint, now) => endpoint.respond(event.requestId, 501, now));
        break;
      case 'response':
      case 'session.early_confirmed':
      case 'session.redirected':
      case 'subscription.changed':
      case 'subscription.notified':
      case 'notifier.wanted':
      case 'notifier.ended':
      case 'referral.changed':
        break;
      case 'session.progress':
        if (event.response.status >= 180) {
          this.#ofCall(event.session, { kind: 'alerting', peer: assertedPerson(event.response) });
        }
        break;
      case 'session.accepted':
        this.#ofCall(event.session, {
          kind: 'accepted',
          peer: assertedPerson(event.response),
          body: event.body,
        });
        break;
      case 'session.confirmed':
        this.#ofCall(event.session, { kind: 'confirmed', body: event.body });
        break;
      case 'session.reoffer':
        this.#ofCall(event.session, { kind: 'offered', offer: event.offer });
        break;
      case 'session.reoffer_result':
        this.#ofCall(event.session, { kind: 'offer_result', ok: event.ok, answer: event.answer });
        break;
      case 'session.ended': {
        const { end } = event;
        const reason = end.by === 'remote' ? parseReason(end.reason ?? '') : undefined;
        this.#ofCall(event.session, {
          kind: 'ended',
          status: end.by === 'refused' ? end.response.status : undefined,
          elsewhere: reason?.protocol.toUpperCase() === 'SIP' && reason.cause === 200,
        });
        break;
      }
      default:
        event satisfies never;
    }
  }

  #registered(state: RegistrationState): void {
    this.#registrationName = state.name;
    if (state.name === 'unregistered') this.#closing?.();
    this.#options.onChange();
  }

  #incoming(event: Extract<EndpointEvent, { type: 'session.incoming' }>): void {
    const { session, info, offer } = event;
    if (this.#machine.situation.state !== 'idle') {
      if (this.#sip !== undefined) attempt(this.#sip, (endpoint, now) => endpoint.refuse(session, 486, now));
      return;
    }
    this.#begin(session);
    const number = numberOf(info.remoteUri) ?? info.remoteUri;
    const from = info.remoteName === undefined ? { number } : { number, name: info.remoteName };
    this.#input({ kind: 'incoming', from, offer });
  }

  /** Events of a session that the phone has already given up change nothing. */
  #ofCall(session: SessionId, input: PhoneInput): void {
    if (this.#call?.session === session) this.#input(input);
  }

  #input(input: PhoneInput): void {
    const sip = this.#sip;
    if (sip === undefined) return;
    sip.run((_, now) => this.#machine.handle(input, now));
    for (const effect of this.#machine.takeEffects()) this.#effect(sip, effect);
    this.#arm(sip);
    this.#options.onChange();
  }

  #effect(sip: NodeEndpoint, effect: PhoneEffect): void {
    const call = this.#call;
    switch (effect.kind) {
      case 'invite': {
        const { extension } = this.#options;
        const session = sip.run((endpoint, now) =>
          endpoint.invite(
            {
              to: this.#addressOf(effect.to),
              from: this.#addressOf(extension.number),
              fromName: extension.name,
              contactUser: extension.number,
              offer: effect.offer,
              target: this.#target(),
              credentials: this.#credentials(),
            },
            now,
          ),
        );
        this.#begin(session);
        break;
      }
      case 'agree':
        if (call !== undefined) {
          call.leg.agree(effect.voice);
          const rate = call.leg.sampleRate;
          if (rate !== undefined && call.ear?.rate !== rate) call.ear = new Ear(rate);
        }
        break;
      case 'speak':
        call?.voice.speak(effect.on);
        break;
      case 'over':
        this.#playing?.[Symbol.dispose]();
        this.#playing = undefined;
        this.#call = undefined;
        break;
      case 'ring':
      case 'accept':
      case 'refuse':
      case 'end':
      case 'reoffer':
      case 'accept_offer':
      case 'refuse_offer':
        if (call !== undefined) command(sip, call.session, effect);
        break;
      default:
        effect satisfies never;
    }
  }

  #begin(session: SessionId): void {
    const leg = new VoiceLeg(randomStreamStart());
    const voice = new PhoneVoice(leg, this.#options.config.toneHz);
    this.#call = { session, leg, voice, ear: undefined };
    this.#playing = this.#options.pacer.add((now) => {
      const datagram = voice.next(now);
      const to = leg.destination;
      if (datagram !== undefined && to !== undefined) this.#rtp.send(datagram, to);
    });
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
    return { transport: this.#options.config.transport, address, port };
  }

  #credentials(): { readonly username: string; readonly password: string } {
    const { extension } = this.#options;
    return { username: authUserOf(extension), password: extension.password };
  }
}

function command(
  sip: NodeEndpoint,
  session: SessionId,
  effect: Extract<
    PhoneEffect,
    { kind: 'ring' | 'accept' | 'refuse' | 'end' | 'reoffer' | 'accept_offer' | 'refuse_offer' }
  >,
): void {
  attempt(sip, (endpoint, now) => {
    switch (effect.kind) {
      case 'ring':
        return endpoint.ring(session, now);
      case 'accept':
        return endpoint.accept(session, effect.body, now);
      case 'refuse':
        return endpoint.refuse(session, effect.status, now);
      case 'end':
        return endpoint.end(session, now);
      case 'reoffer':
        return endpoint.reoffer(session, effect.offer, now);
      case 'accept_offer':
        return endpoint.acceptOffer(session, effect.body, now);
      case 'refuse_offer':
        return endpoint.refuseOffer(session, effect.status, now);
      default:
        return effect satisfies never;
    }
  });
}
